"""The watch's upkeep: backup, forgetting and checking, each when the database says it is due."""

from collections.abc import Callable, Mapping

from pipeline.adapters.store import runs
from pipeline.app.parts import App
from pipeline.errors import StoreError, StoreLocked
from pipeline.jobs import due
from pipeline.models.runs import Run

Job = Callable[[App], Mapping[str, int]]


def back_up(app: App) -> Mapping[str, int]:
    from pipeline.jobs import backup

    return backup.run(
        app.home.database, app.home.backups, keep=app.settings.backup.keep, now=app.clock.now()
    )


def prune(app: App) -> Mapping[str, int]:
    from pipeline.jobs import prune as job

    return job.run(app.store, days=app.settings.retention.days, now=app.clock.now())


def check(app: App) -> Mapping[str, int]:
    from pipeline.jobs import integrity

    return integrity.run(app.store)


# The check comes first: damage must not be copied over the last good backup.
JOBS: dict[str, Job] = {"integrity": check, "backup": back_up, "prune": prune}


def due_now(app: App) -> list[str]:
    """Return the keeping jobs that are due."""
    lines = {"backup": app.settings.backup.schedule}
    now = app.clock.now()
    return [name for name in JOBS if due.keeping(app.store, name, now, schedules=lines)]


def keep(app: App, job: str) -> Run:
    """Do one keeping job and write down how it ended; what it raises becomes the run's error.

    Raises:
        StoreLocked: another program holds the database; the job is still due.
    """
    started_at = app.clock.now()
    try:
        counts = JOBS[job](app)
        run = Run(job, started_at, app.clock.now(), counts=counts)
    except StoreLocked:
        raise
    except StoreError as error:
        run = Run(job, started_at, app.clock.now(), "failed", error=str(error))
    runs.record(app.store, run)
    return run


def keep_what_is_due(app: App) -> list[Run]:
    """Do every keeping job that is due, as `chipwire run` does after its pass."""
    return [keep(app, job) for job in due_now(app)]
