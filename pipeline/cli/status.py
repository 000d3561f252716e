"""`chipwire status`: how the watch is doing, in one screen."""

import json
import re
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from pipeline.adapters.drift import weekly
from pipeline.adapters.lock import read_holder
from pipeline.adapters.store import Store, figures
from pipeline.adapters.store.feeds import listed
from pipeline.adapters.store.outbox import troubled
from pipeline.adapters.store.times import to_text
from pipeline.app import App, open_app
from pipeline.app.checks import glance
from pipeline.cli.output import as_json, examples, print_json, print_table, printable
from pipeline.cli.reading import open_store
from pipeline.models.policies import AlertPolicy, DigestPolicy
from pipeline.steps.health import health

UNDELIVERED = 5  # deliveries named on the screen; --json names up to 100
ORDER = (
    "feeds_polled", "feeds_unchanged", "feeds_failed", "new_articles", "pages_fetched",
    "pages_failed", "articles_stored", "articles_tagged", "on_topic", "stories", "alerts",
    "digests", "delivered",
)  # fmt: skip
TROUBLED = 12  # feeds named on the screen; --json names all


@click.command(
    epilog=examples("chipwire status", "chipwire status --check || echo 'the watch is not well'")
)
@as_json
@click.option("--check", is_flag=True, help="Say only what is not well; exit 1 if anything is.")
@click.pass_obj
def status(home: str | None, as_json: bool, check: bool) -> None:
    """Show runs, feeds, queues and the model.

    Also what did not reach its reader, and who holds the lock. --check is for containers
    and monitors: milliseconds, quiet when all is well.
    """
    app = open_app(home)
    unwell = [finding for finding in glance(app) if not finding.well]
    if check and as_json:
        print_json([asdict(finding) for finding in unwell])
        sys.exit(1 if unwell else 0)
    if check:
        for finding in unwell:
            said = f"{finding.subject}: {finding.said}; fix: {finding.fix}"
            click.echo(f"chipwire: {printable(said)}", err=True)
        sys.exit(1 if unwell else 0)
    with open_store(app.home) as store:
        report = gather(store, app.clock.now())
        report["digests"] = [digest_state(app, store, policy) for policy in app.digest_policies]
        report["alerts"] = [alert_state(app, store, rule) for rule in app.alert_policies]
    report["unwell"] = [asdict(finding) for finding in unwell]
    report["home"] = str(app.home.path)
    report["in_use_by"] = read_holder(app.home.path / "chipwire.lock") or None
    if as_json:
        print_json(report)
    else:
        show(report)


def gather(store: Store, now: datetime) -> dict[str, Any]:
    """Return everything `status` tells, as plain values."""
    report: dict[str, Any] = dict(figures.counts(store))
    report["next_poll_at"] = store.value(
        "SELECT min(next_poll_at) FROM feeds WHERE listed = 1 AND status IN ('active','challenged')"
    )
    report["last_poll_at"] = store.value("SELECT max(last_polled_at) FROM feeds")
    states = [(feed, health(feed, now=now)) for feed in listed(store)]
    report["feeds_paused"] = sum(found.state == "paused" for _, found in states)
    report["trouble"] = [
        {"title": feed.source.title, "url": feed.url, "state": found.state,
         "since": feed.memory.failing_since, "sentence": found.sentence,
         "needs_a_person": found.act}
        for feed, found in states if found.state not in ("ok", "paused", "new")
    ]  # fmt: skip
    report["runs"] = [
        {**dict(row), "counts": json.loads(row["counts"])}
        for row in store.rows(
            "SELECT job, started_at, finished_at, outcome, counts, error FROM runs"
            " ORDER BY id DESC LIMIT 5"
        )
    ]
    report["undelivered"] = [dict(row) for row in troubled(store)]
    report["drift"] = weekly(store, now)
    model = store.row("SELECT id, created_at, trained_on FROM models WHERE active = 1")
    report["model"] = dict(model) if model else None
    report["training"] = last_training(store)
    return report


def digest_state(app: App, store: Store, policy: DigestPolicy) -> dict[str, Any]:
    """Return when a digest came last and when it comes next, as plain values."""
    from pipeline.steps import schedule

    now = app.clock.now()
    last = store.row(
        "SELECT created_at, stories FROM digests WHERE name = ? AND stories > 0"
        " ORDER BY id DESC LIMIT 1",
        (policy.name,),
    )
    return {
        "name": policy.name,
        "last_at": last["created_at"] if last else None,
        "stories": last["stories"] if last else 0,
        "next_at": to_text(schedule.next_due(policy.schedule, policy.timezone, now=now)),
    }


def alert_state(app: App, store: Store, rule: AlertPolicy) -> dict[str, Any]:
    """Return how one alert rule stands, as plain values."""
    from pipeline.jobs.standing import standing

    state = standing(
        store, rule, now=app.clock.now(), topics=app.topic_titles,
        labels=app.settings.review.labels,
    )  # fmt: skip
    return {
        "name": rule.name,
        "since": to_text(state.since),
        "sent_24h": len(state.sent),
        "waiting": len(state.waiting),
        "opens_at": to_text(state.opens_at),
    }


def last_training(store: Store) -> dict[str, Any] | None:
    """Return the newest model, whether it tags, and what the gate measured and ruled."""
    row = store.row(
        "SELECT id, created_at, active, trained_on, metrics FROM models"
        " ORDER BY created_at DESC, id LIMIT 1"
    )
    if row is None:
        return None
    metrics = json.loads(row["metrics"])
    return {
        "model": row["id"],
        "at": row["created_at"],
        "in_use": bool(row["active"]),
        "labels": json.loads(row["trained_on"]).get("labels", 0),
        "before": metrics.get("before"),
        "after": metrics.get("after"),
        "passed": metrics.get("promoted"),
        "reason": metrics.get("reason", ""),
    }


def show(report: dict[str, Any]) -> None:
    click.echo(f"home      {report['home']}")
    if report["in_use_by"]:
        click.echo(f"at work   {report['in_use_by']}")
    for finding in report["unwell"]:
        click.echo(f"✗ {printable(finding['said'])}\n  fix: {printable(finding['fix'])}")
    paused = f" ({report['feeds_paused']} paused)" if report["feeds_paused"] else ""
    none = "" if report["feeds"] else ": `chipwire feeds add URL` adds one"
    click.echo(f"feeds     {report['feeds']}{paused}, {report['feeds_failing']} failing{none}")
    click.echo(
        f"articles  {report['articles']}, {report['articles_on_topic']} on topic,"
        f" {report['stories']} stories"
    )
    click.echo(
        f"queues    {report['pages_due']} pages, {report['untagged']} to tag,"
        f" {report['to_review']} to review, {report['outbox']} to deliver"
    )
    show_readers(report)
    if report["model"]:
        click.echo(f"model     {report['model']['id']} of {report['model']['created_at']}")
    if report["training"]:
        click.echo(f"learnt    {learnt(report['training'])}")
    click.echo(
        f"polled    {report['last_poll_at'] or 'not yet'}; next {report['next_poll_at'] or 'now'}"
    )
    if report["runs"]:
        print_table(
            ("job", "started", "outcome", "did"),
            (
                (run["job"], run["started_at"], run["outcome"], did(run["counts"]))
                for run in report["runs"]
            ),
            title="Last runs",
        )
    shifted = [topic for topic in (report["drift"] or {}).get("topics", []) if topic["shifted"]]
    for topic in shifted:
        click.echo(
            f"shifted   {topic['topic']}: stability index {topic['stability_index']:.2f} this week"
            f" (tagged {topic['tag_rate']:.1%}, before {topic['tag_rate_before']:.1%}); review some"
        )
    show_trouble(report["trouble"])


def show_trouble(trouble: list[dict[str, Any]]) -> None:
    """Print the feeds that are not well; a machine without a network has no page full of them."""
    if not trouble:
        return
    print_table(
        ("feed", "state", "what is so, and what to do"),
        (
            (feed["title"] or feed["url"], feed["state"], feed["sentence"])
            for feed in trouble[:TROUBLED]
        ),
        title="Feeds that are not well",
    )
    if len(trouble) > TROUBLED:
        click.echo(f"and {len(trouble) - TROUBLED} more: chipwire feeds list")


def show_readers(report: dict[str, Any]) -> None:
    """Print what did not reach its reader, and how digests and alert rules stand."""
    for row in report["undelivered"][:UNDELIVERED]:
        click.echo(printable(delivery_line(row)))
    more = len(report["undelivered"]) - UNDELIVERED
    if more > 0:
        click.echo(f"          and {more} more: see table deliveries")
    for digest in report["digests"]:
        click.echo(f"digest    {digest_line(digest)}")
    for rule in report["alerts"]:
        click.echo(f"alert     {alert_line(rule)}")


def delivery_line(row: dict[str, Any]) -> str:
    """Return one delivery a person should know of, in a line."""
    told = f"{row['name']} {row['period']} to {row['channel']}:{row['recipient']}"
    why = str(row["last_error"] or "").splitlines()[:1]
    later = f"; next try {row['next_attempt_at']}" if row["state"] == "pending" else ""
    state = "waiting" if row["state"] == "pending" else row["state"]
    return f"{state:9} {told}: {' '.join(why)} ({row['attempts']} tried{later})"


def digest_line(digest: dict[str, Any]) -> str:
    """Return how a digest stands, in a line."""
    if not digest["last_at"]:
        return f"{digest['name']}: the first comes with the first story"
    stories = "1 story" if digest["stories"] == 1 else f"{digest['stories']} stories"
    return f"{digest['name']}: {digest['last_at']}, {stories}; next {digest['next_at']}"


def alert_line(rule: dict[str, Any]) -> str:
    """Return how an alert rule stands, in a line."""
    if not rule["since"]:
        return f"{rule['name']}: begins with the next pass"
    waiting = f", {rule['waiting']} waiting until {rule['opens_at']}" if rule["waiting"] else ""
    return f"{rule['name']}: {rule['sent_24h']} sent in 24 h{waiting}"


def did(counts: dict[str, int]) -> str:
    """Return what a run did in words, in the order in which a pass does it."""
    names = sorted(counts, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    return ", ".join(said(counts[name], name) for name in names if counts[name])


def said(count: int, name: str) -> str:
    words = name.replace("_", " ")
    if count == 1:
        words = "story" if name == "stories" else re.sub(r"s\b", "", words, count=1)
    return f"{count} {words}"


def learnt(training: dict[str, Any]) -> str:
    """Return in words what the last training came to."""
    ruling = "in use" if training["in_use"] else "not in use"
    if not training["passed"]:
        ruling = f"refused, {ruling}"
    return (
        f"{training['at']} from {training['labels']} labels: {ruling};"
        f" {printable(training['reason'])}"
    )
