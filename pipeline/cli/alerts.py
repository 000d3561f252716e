"""`chipwire alerts`: how alert rules stand, what they would send, how noisy they would be."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.app import App, open_app
from pipeline.cli.output import as_json, console, examples, print_json, print_table, write_file
from pipeline.cli.reading import open_store
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.adapters.store import Store
    from pipeline.models.digests import Candidate, Digest
    from pipeline.models.policies import AlertPolicy


@click.group()
def alerts() -> None:
    """Look at alert rules, preview what they send.

    `chipwire run` and the daemon send alerts by themselves.
    """


@alerts.command("list", epilog=examples("chipwire alerts list"))
@as_json
@click.pass_obj
def list_rules(home: str | None, as_json: bool) -> None:
    """Show the rules: what each waits for and what it sent."""
    from pipeline.cli.status import alert_line, alert_state
    from pipeline.steps.digest.alerts import limits

    app = open_app(home)
    rules = app.alert_policies
    with open_store(app.home) as store:
        states = [alert_state(app, store, rule) for rule in rules]
    if as_json:
        print_json(states)
        return
    print_table(
        ("alert", "about", "from", "limits", "to", "state"),
        (
            (
                rule.name, about(rule), f"{rule.probability:.0%}", limits(rule),
                ", ".join(places(rule)), alert_line(state).partition(": ")[2],
            )
            for rule, state in zip(rules, states, strict=True)
        ),
    )  # fmt: skip


def about(rule: "AlertPolicy") -> str:
    wishes = (", ".join(rule.topics), ", ".join(rule.companies), ", ".join(rule.languages))
    return " and ".join(filter(None, wishes)) or "anything on a topic"


def places(rule: "AlertPolicy") -> list[str]:
    from pipeline.steps.digest.alerts import as_digest
    from pipeline.steps.digest.channels import targets

    return [f"{target.kind}:{target.shown}" for target in targets(as_digest(rule))]


@alerts.command(
    epilog=examples("chipwire alerts preview smic", "chipwire alerts preview smic --days 7")
)
@click.argument("name", default="")
@click.option(
    "--days", type=click.IntRange(1, 365), metavar="N",
    help="List what the rule would have raised in the last N days, told or not.",
)  # fmt: skip
@click.option(
    "--eml", type=click.Path(path_type=Path), metavar="FILE", help="Write the mail into a file."
)
@as_json
@click.pass_obj
def preview(
    home: str | None, /, name: str, *, days: int | None, eml: Path | None, as_json: bool
) -> None:
    """Show what an alert would send now; store and send nothing.

    NAME is an [[alert]] of chipwire.toml; without it, the first. --days tells how noisy a
    rule is before it is let loose on a reader.
    """
    app = open_app(home)
    rule = find(app, name)
    with open_store(app.home) as store:
        if days:
            show_rehearsal(app, store, rule, days=days, as_json=as_json)
            return
        made = messages(app, store, rule)
    if eml:
        write_mail(app, rule, made, eml)
    elif as_json:
        from pipeline.steps.digest.render_json import as_values

        print_json([as_values(one) for one in made])
    else:
        show(rule, made)


def messages(app: App, store: "Store", rule: "AlertPolicy") -> "list[Digest]":
    from pipeline.app.delivery import newsroom
    from pipeline.jobs import alerts as job

    return job.preview(store, rule, now=app.clock.now(), newsroom=newsroom(app))


def show(rule: "AlertPolicy", made: "list[Digest]") -> None:
    from pipeline.steps.digest.render_terminal import render_terminal

    for one in made:
        click.echo(f"Subject: {one.subject}\n")
        click.echo(render_terminal(one, min(console().width, 100)))
    if not made:
        click.echo(
            f"{rule.name}: nothing to send now; --days 7 shows what the last week would have raised"
        )


def write_mail(app: App, rule: "AlertPolicy", made: "list[Digest]", path: Path) -> None:
    from pipeline.cli.digest import mail_of
    from pipeline.steps.digest.alerts import as_digest

    if not made:
        raise ConfigError(
            f"the alert {rule.name!r} has nothing to send now", fix="try preview --days 7"
        )
    write_file(path, mail_of(app, made[0], as_digest(rule)))
    click.echo(f"wrote {path}", err=True)


def show_rehearsal(
    app: App, store: "Store", rule: "AlertPolicy", *, days: int, as_json: bool
) -> None:
    from pipeline.jobs.standing import rehearse

    found = rehearse(
        store, rule, since=app.clock.now() - timedelta(days=days), topics=app.topic_titles,
        labels=app.settings.review.labels,
    )  # fmt: skip
    rows = [as_row(candidate) for candidate in found]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("seen", "sure", "topic", "outlets", "headline"),
        (
            (r["seen_at"], f"{r['probability']:.2f}", r["topic"], r["outlets"], r["title"])
            for r in rows
        ),
        title=f"{rule.name}: {len(rows)} stories in {days} days, {len(rows) / days:.1f} a day",
    )


def as_row(candidate: "Candidate") -> dict[str, Any]:
    from pipeline.adapters.store.times import to_text

    surest = max((m for m in candidate.members if m.topics), key=lambda m: m.topics[0][1])
    topic, probability = surest.topics[0]
    return {
        "seen_at": to_text(surest.seen_at),
        "article_id": surest.article_id,
        "title": surest.title,
        "topic": topic,
        "probability": probability,
        "outlets": candidate.owners,
    }


def find(app: App, name: str) -> "AlertPolicy":
    """Return the rule of this name, or the first one."""
    rules = app.alert_policies
    if not rules:
        raise ConfigError("no alert is configured", fix="add an [[alert]] to chipwire.toml")
    for rule in rules:
        if not name or rule.name == name:
            return rule
    names = ", ".join(rule.name for rule in rules)
    raise ConfigError(f"no alert is named {name!r}", fix=f"there are: {names}")
