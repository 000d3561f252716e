"""How much lies in the database and waits in its queues, as figures for `status` and monitors."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.times import from_text

OLDEST_POLL = timedelta(hours=26)  # feeds are asked once a day at least; older is a fault
COUNTS = {
    "feeds": "SELECT count(*) FROM feeds WHERE listed = 1",
    "feeds_failing": "SELECT count(*) FROM feeds WHERE listed = 1 AND failures > 0",
    "articles": "SELECT (SELECT count(*) FROM articles)"
    " - (SELECT count(*) FROM articles WHERE status = 'new')",
    "articles_on_topic": "SELECT count(DISTINCT article_id) FROM tags WHERE tagged = 1",
    "stories": "SELECT count(*) FROM stories",
    "pages_due": "SELECT count(*) FROM articles WHERE next_fetch_at IS NOT NULL",
    "untagged": "SELECT count(*) FROM articles WHERE tagged_by IS NULL AND status <> 'new'",
    "to_review": "SELECT count(*) FROM review_items WHERE verdict IS NULL",
    "labels": "SELECT count(*) FROM labels",
    "outbox": "SELECT count(*) FROM deliveries WHERE state = 'pending'",
    "undeliverable": "SELECT count(*) FROM deliveries WHERE state IN ('refused', 'abandoned')",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """One look: each count by its name, feeds by status, ends of runs by job and outcome.

    `failed` are sentences about jobs whose last run failed.
    """

    counts: dict[str, int]
    feeds: dict[str, int]
    last_poll_at: datetime | None
    last_runs: dict[tuple[str, str], datetime]
    failed: tuple[str, ...]


def counts(store: Store) -> dict[str, int]:
    """Return each count by its name."""
    return {name: store.value(sql) for name, sql in COUNTS.items()}


def read(store: Store) -> Figures:
    """Return all there is to tell in numbers; milliseconds, also for a large database."""
    feeds = store.rows("SELECT status, count(*) AS n FROM feeds WHERE listed = 1 GROUP BY status")
    runs = store.rows(
        "SELECT job, outcome, max(finished_at) AS at FROM runs"
        " WHERE finished_at IS NOT NULL GROUP BY job, outcome"
    )
    ends = ((row["job"], row["outcome"], from_text(row["at"])) for row in runs)
    return Figures(
        counts(store),
        {row["status"]: row["n"] for row in feeds},
        from_text(store.value("SELECT max(last_polled_at) FROM feeds WHERE listed = 1")),
        {(job, outcome): at for job, outcome, at in ends if at},
        tuple(f"{job} failed: {error}" for job, error in failed(store)),
    )


def failed(store: Store) -> list[tuple[str, str]]:
    """Return the jobs whose last run failed (a backup, the check, forgetting), and why."""
    rows = store.rows(
        "SELECT job, error FROM runs WHERE id IN (SELECT max(id) FROM runs GROUP BY job)"
        " AND outcome = 'failed'"
    )
    return [(row["job"], row["error"]) for row in rows]
