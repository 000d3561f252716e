"""What can be wrong in the database of a watch: its pages, its feeds, its backups, its outbox."""

import shlex
from collections.abc import Iterator
from datetime import timedelta

from pipeline.adapters.lock import read_holder
from pipeline.adapters.store import Store, backup, figures
from pipeline.adapters.store.feeds import listed
from pipeline.adapters.store.times import from_text, to_text
from pipeline.app.findings import Finding, fault
from pipeline.app.parts import App
from pipeline.errors import ChipwireError, StoreLocked
from pipeline.models.feeds import Feed
from pipeline.steps import schedule
from pipeline.steps.health import health

OLDEST_BACKUP_RUNS = 2  # missed times of the schedule before it is a fault


def reading(app: App) -> Store:
    return Store(app.home.database, read_only=True)


def readable(app: App) -> Iterator[Finding]:
    with reading(app) as store:
        articles = store.value("SELECT count(*) FROM articles")
    yield Finding("database", True, f"{articles} articles")


def database(app: App) -> Iterator[Finding]:
    path = app.home.database
    try:
        with Store(path, read_only=True) as store:
            faults = backup.integrity(store.connection)
            mode = store.value("PRAGMA journal_mode")
            articles = store.value("SELECT count(*) FROM articles")
    except ChipwireError as error:
        yield fault("database", error)
        return
    if faults:
        yield Finding("database", False, "; ".join(faults), "chipwire restore")
        return
    yield Finding("database", True, f"{articles} articles, every page read")
    if mode != "wal":
        fix = f"sqlite3 {shlex.quote(str(path))} 'PRAGMA journal_mode = WAL'"
        yield Finding("database", False, f"its journal is {mode}", fix)
    yield from locked(app)


def locked(app: App) -> Iterator[Finding]:
    """Say who holds the write lock, if it is nobody of ours."""
    ours = read_holder(app.home.path / "chipwire.lock")
    try:
        with Store(app.home.database, busy_ms=500) as store, store.transaction():
            pass
    except StoreLocked as error:
        if not ours:  # our own passes commit in milliseconds; they are no fault
            yield fault("lock", error)
            return
    except ChipwireError as error:
        yield fault("lock", error)
        return
    yield Finding("lock", True, f"{ours} is at work" if ours else "nobody holds it")


def future(app: App) -> Iterator[Finding]:
    now = app.clock.now()
    with reading(app) as store:
        ahead = store.value(
            "SELECT max(started_at) FROM runs WHERE started_at > ?",
            (to_text(now + timedelta(hours=1)),),
        )
    if ahead:
        fix = "set the clock; if it is right now, wait for the next pass"
        yield Finding("clock", False, f"a run is recorded at {ahead}, in the future", fix)


def feeds(app: App) -> Iterator[Finding]:
    with reading(app) as store:
        found = [(feed, health(feed, now=app.clock.now())) for feed in listed(store)]
    yield from network([feed for feed, _ in found])
    for feed, state in found:
        if state.act:
            name = feed.source.title or feed.url
            fix = f"chipwire feeds test {feed.url}"
            yield Finding("feed", False, f"{name}: {state.sentence}", fix)
    well = sum(not state.act for _, state in found)
    yield Finding("feeds polled", True, f"{well} of {len(found)} need nobody")


def network(feeds: list[Feed]) -> Iterator[Finding]:
    """Say that no feed at all answered: it is this machine that is not online then."""
    polled = [feed for feed in feeds if feed.memory.last_polled_at is not None]
    if len(polled) < 2 or not all(feed.memory.failures for feed in polled):
        return
    said = f"none of {len(polled)} feeds answered; e.g. {polled[-1].memory.last_error}"
    yield Finding(
        "network", False, said,
        "see whether this machine is online, and whether a firewall lets chipwire through;"
        " then chipwire run --force",
    )  # fmt: skip


def last_poll(app: App) -> Iterator[Finding]:
    now = app.clock.now()
    with reading(app) as store:
        last = from_text(store.value("SELECT max(last_polled_at) FROM feeds WHERE listed = 1"))
    if last is None or now - last > figures.OLDEST_POLL:
        said = f"no feed was polled since {to_text(last)}" if last else "no feed was ever polled"
        yield Finding("passes", False, said, "start `chipwire daemon`, or put `run` into cron")
        return
    yield Finding("passes", True, f"the last poll was at {to_text(last)}")


def backups(app: App) -> Iterator[Finding]:
    now = app.clock.now()
    with reading(app) as store:
        first = from_text(store.value("SELECT min(started_at) FROM runs"))
        last = from_text(
            store.value("SELECT max(started_at) FROM runs WHERE job = 'backup' AND outcome = 'ok'")
        )
        failed = figures.failed(store)
    for job, error in failed:
        what, _, fix = error.partition("\n  fix: ")
        again = "`chipwire backup`" if job == "backup" else "wait: it is tried again in an hour"
        yield Finding(job, False, f"it failed: {what}", f"{fix or 'mend that'}, then {again}")
    began, missed = last or first, 0
    while began is not None and missed < OLDEST_BACKUP_RUNS:
        began = schedule.next_due(
            app.settings.backup.schedule, "UTC", now=began + timedelta(seconds=1)
        )
        if began is None or began > now:
            said = f"the last is of {to_text(last)}" if last else "none is due yet"
            yield Finding("backups", True, said)
            return
        missed += 1
    if began is not None:
        yield Finding("backups", False, f"none since {to_text(last or first)}", "chipwire backup")


def outbox(app: App) -> Iterator[Finding]:
    with reading(app) as store:
        rows = store.rows(
            "SELECT channel, recipient, last_error FROM deliveries"
            " WHERE state IN ('refused', 'abandoned') AND last_error IS NOT NULL AND digest_id IN"
            " (SELECT max(id) FROM digests WHERE stories > 0 GROUP BY name)"
        )
    for row in rows:
        said = f"{row['channel']}:{row['recipient']}: {row['last_error']}"
        yield Finding("delivery", False, said, "mend the address or [mail], then `digest send`")
    if not rows:
        yield Finding("delivery", True, "nobody was refused")
