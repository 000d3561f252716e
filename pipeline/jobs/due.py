"""What is due, asked of the database alone: cheap enough for every minute.

Imports no heavy library: the idle daemon asks this and sleeps again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.adapters.store import Store, models, owed
from pipeline.adapters.store.times import from_text, to_text
from pipeline.jobs.standing import standing
from pipeline.models.labels import LabelRule
from pipeline.models.policies import AlertPolicy, DigestPolicy
from pipeline.steps import schedule
from pipeline.steps.digest.due import due_period
from pipeline.steps.freshness import AHEAD

# Each asks whether a stage of a pass has work; indexes answer all but the feeds, which are few.
STAGES = {
    "feeds": "SELECT 1 FROM feeds WHERE listed = 1 AND status IN ('active', 'challenged')"
    " AND coalesce(json_extract(options, '$.paused'), 0) = 0"
    " AND (last_polled_at > :ahead OR (next_poll_at IS NULL OR next_poll_at <= :now)"
    " AND coalesce(json_extract(memory, '$.not_before.at'), '') <= :now) LIMIT 1",
    "pages": "SELECT 1 FROM articles WHERE next_fetch_at <= :now LIMIT 1",
    "untagged": "SELECT 1 FROM articles WHERE tagged_by IS NULL AND status <> 'new' LIMIT 1",
    "ungrouped": "SELECT 1 FROM articles WHERE grouped_at IS NULL AND status <> 'new' LIMIT 1",
    "deliveries": "SELECT 1 FROM deliveries WHERE state = 'pending' AND next_attempt_at <= :now"
    " LIMIT 1",
}
RHYTHMS = {"prune": timedelta(days=1), "integrity": timedelta(days=7)}
AGAIN = timedelta(hours=1)  # a keeping job that failed is tried again after this


def of_a_pass(
    store: Store,
    policies: Sequence[DigestPolicy],
    now: datetime,
    *,
    after_labels: int,
    rules: Sequence[AlertPolicy] = (),
    labels: LabelRule = "newest",
) -> frozenset[str]:
    """Return the stages of a pass that have work now; "digest" if one is due, "alerts" if a
    story that waited may be told, "labels" if so many came since the last training that the
    model is to learn from them.

    `rules` name all their topics. `labels` says which verdict counts.
    """
    moments = {"now": to_text(now), "ahead": to_text(now + AHEAD)}
    found = {name for name, sql in STAGES.items() if store.value(sql, moments)}
    if any(digest_due(store, policy, now) for policy in policies):
        found.add("digest")
    if any(
        standing(store, rule, now=now, topics=rule.topics, labels=labels).is_due for rule in rules
    ):
        found.add("alerts")
    latest = max((model.created_at for model in models.listed(store)), default="")
    if models.labels_since(store, latest) >= after_labels:
        found.add("labels")
    return frozenset(found)


def sheets(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Return name, time and size of every reviewer's sheet: another set means someone saved."""
    found = set()
    for path in folder.glob("*.db"):
        try:
            stat = path.stat()
        except OSError:  # moved away since it was listed
            continue
        found.add((path.name, stat.st_mtime_ns, stat.st_size))
    return frozenset(found)


def digest_due(store: Store, policy: DigestPolicy, now: datetime) -> bool:
    until = owed.last_until(store, policy.name, now)
    if until is None:  # the first one waits for a story, not for a time
        return bool(store.value("SELECT 1 FROM tags WHERE tagged = 1 LIMIT 1"))
    return due_period(policy, until=until, now=now) is not None


def keeping(
    store: Store, job: str, now: datetime, *, schedules: Mapping[str, str] | None = None
) -> bool:
    """Return whether a keeping job is due by its cron line, else by its rhythm.

    Counted from its last success, or from the home's first run: a new home has nothing to
    back up or to check yet. Many missed times count as one.
    """
    began = last_success(store, job, now) or first_run(store, now)
    if began is None or waits_after_failure(store, job, now):
        return False
    line = (schedules or {}).get(job)
    if line:
        return schedule.last_due(line, "UTC", after=began, now=now) is not None
    return began + RHYTHMS[job] <= now


def last_success(store: Store, job: str, now: datetime) -> datetime | None:
    """Return when a job last began that ended well.

    Runs from the future are passed over: the clock was wrong then, and waiting for it to
    come true could take a month.
    """
    return from_text(
        store.value(
            "SELECT max(started_at) FROM runs WHERE job = ? AND outcome = 'ok' AND started_at <= ?",
            (job, to_text(now)),
        )
    )


def waits_after_failure(store: Store, job: str, now: datetime) -> bool:
    last = store.row(
        "SELECT started_at, outcome FROM runs WHERE job = ? AND started_at <= ?"
        " ORDER BY id DESC LIMIT 1",
        (job, to_text(now)),
    )
    if last is None or last["outcome"] == "ok":
        return False
    return str(last["started_at"]) > (to_text(now - AGAIN) or "")


def first_run(store: Store, now: datetime) -> datetime | None:
    return from_text(
        store.value("SELECT min(started_at) FROM runs WHERE started_at <= ?", (to_text(now),))
    )
