"""Runs: what each job did, when, and how it ended."""

import json

from pipeline.adapters.store.connection import Row, Store
from pipeline.adapters.store.times import to_text
from pipeline.models.runs import Run


def record(store: Store, run: Run) -> None:
    """Write down one finished run; a run that found nothing due is not worth a row."""
    with store.transaction():
        store.execute(
            "INSERT INTO runs (job, started_at, finished_at, outcome, counts, error)"
            " VALUES (?,?,?,?,?,?)",
            (
                run.job, to_text(run.started_at), to_text(run.finished_at), run.outcome,
                json.dumps(dict(run.counts), sort_keys=True), run.error or None,
            ),
        )  # fmt: skip


def last(store: Store, job: str) -> Row | None:
    """Return the latest run of a job."""
    return store.row("SELECT * FROM runs WHERE job = ? ORDER BY id DESC LIMIT 1", (job,))
