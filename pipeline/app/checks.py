"""What can be wrong with a watch, each with the command or the edit that mends it."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec

from pipeline.adapters import daemon_state
from pipeline.adapters.lock import read_holder
from pipeline.adapters.store import Store, backup, figures
from pipeline.adapters.store.feeds import listed
from pipeline.adapters.store.times import from_text, to_text
from pipeline.app.parts import App
from pipeline.errors import ChipwireError, StoreLocked
from pipeline.steps import schedule
from pipeline.steps.health import health

ROOM_MIB = 200  # a pass stores little; a backup and a WAL as large as the database need room
OLDEST_BACKUP_RUNS = 2  # missed times of the schedule before it is a fault
FIRST_YEAR = 2026  # a clock before this has lost its battery


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `fix` says what to do where it is not well."""

    subject: str
    well: bool
    said: str
    fix: str = ""


Check = Callable[[App], Iterator[Finding]]


def fault(subject: str, error: ChipwireError) -> Finding:
    said = f"{error.what}: {error.why}" if error.why else error.what
    return Finding(subject, False, said, error.fix)


def home(app: App) -> Iterator[Finding]:
    path = app.home.path
    if not path.is_dir():
        yield Finding("home", False, f"{path} does not exist", f"chipwire init {path}")
        return
    try:
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        why = error.strerror or str(error)
        yield Finding(
            "home", False, f"{path}: {why}", f"chown or chmod it: {os.getuid()} must write"
        )
        return
    yield Finding("home", True, f"{path} can be written")


def space(app: App) -> Iterator[Finding]:
    if not app.home.path.is_dir():
        return
    database = app.home.database
    size = database.stat().st_size if database.exists() else 0
    free = shutil.disk_usage(app.home.path).free
    well = free > max(ROOM_MIB * 2**20, 2 * size)
    said = f"{free / 2**20:,.0f} MiB free, the database has {size / 2**20:,.0f}"
    yield Finding("disk", well, said, "free space, or lower [backup] keep")


def files(app: App) -> Iterator[Finding]:
    from pipeline.app.delivery import newsroom

    parts: dict[str, Callable[[], object]] = {
        "feeds": lambda: f"{len(app.feeds)} feeds",
        "topics": lambda: f"{len(app.topic_titles)} topics",
        "knowledge": lambda: f"{len(app.knowledge.baseline)} statements, companies read",
        "templates": lambda: newsroom(app) and "templates read",
    }
    for name, read in parts.items():
        try:
            yield Finding(name, True, str(read()))
        except ChipwireError as error:
            yield fault(name, error)
    contact = app.settings.fetch.contact or "none; publishers cannot reach you ([fetch] contact)"
    yield Finding("contact", True, contact)


def channels(app: App) -> list[str]:
    readers = (*app.settings.digest, *app.settings.alert)
    return [channel for reader in readers for channel in reader.channels]


def chat(app: App) -> Iterator[Finding]:
    if not any(name.startswith("apprise:") for name in channels(app)):
        return
    if find_spec("apprise") is None:
        said = "chat services need the extra: Apprise is not installed"
        yield Finding("chat", False, said, 'pip install "chipwire[chat]"')
        return
    yield Finding("chat", True, "Apprise is installed")


def mail(app: App) -> Iterator[Finding]:
    if not any(name.startswith("mail:") for name in channels(app)):
        return
    mail = app.settings.mail
    for key in ("host", "sender"):
        if not getattr(mail, key):
            yield Finding("mail", False, f"[mail] {key} is empty", f"set [mail] {key}")
    from pipeline.adapters.channels.mail import password

    try:
        password(mail.policy(), app.environment)
    except ChipwireError as error:
        yield fault("mail", error)
        return
    yield Finding("mail", True, f"through {mail.host}:{mail.port}, {mail.security}")


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
        fix = f"sqlite3 {path} 'PRAGMA journal_mode = WAL'"
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


def clock(app: App) -> Iterator[Finding]:
    now = app.clock.now()
    if now.year < FIRST_YEAR:
        yield Finding("clock", False, f"it says {to_text(now)}", "set it; use NTP")
        return
    yield Finding("clock", True, f"{to_text(now)}")


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


def reading(app: App) -> Store:
    return Store(app.home.database, read_only=True)


def model(app: App) -> Iterator[Finding]:
    try:
        unused = app.tagger.why_not_active
        if unused:
            said = f"the trained one is not used: {unused}; the cold start's tags"
            yield Finding("model", False, said, "chipwire train, then chipwire retag")
        else:
            yield Finding("model", True, f"{app.tagger.model_id[:12]} loads")
    except ChipwireError as error:
        yield fault("model", error)


def review(app: App) -> Iterator[Finding]:
    settings = app.settings.review
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            said = f"{settings.host}:{settings.port}: {error.strerror}"
            if error.errno == 98:  # in use: by the review page, as a rule
                yield Finding("review", True, f"{said}; the review page, or another program")
                return
            yield Finding("review", False, said, "set [review] host and port")
            return
    yield Finding("review", True, f"port {settings.port} is free")


def feeds(app: App) -> Iterator[Finding]:
    with reading(app) as store:
        found = [(feed, health(feed, now=app.clock.now())) for feed in listed(store)]
    for feed, state in found:
        if state.act:
            name = feed.source.title or feed.url
            fix = f"chipwire feeds test {feed.url}"
            yield Finding("feed", False, f"{name}: {state.sentence}", fix)
    well = sum(not state.act for _, state in found)
    yield Finding("feeds polled", True, f"{well} of {len(found)} need nobody")


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


def daemon(app: App) -> Iterator[Finding]:
    """Say what the daemon told last, if one runs or died without a word."""
    told = daemon_state.read(app.home.path)
    if told is None:
        return
    state, beat_at = told
    silent = app.clock.now().timestamp() - beat_at
    if silent > daemon_state.MOST_SILENT_S:
        said = f"no heartbeat for {silent:.0f} s (pid {state.pid})"
        yield Finding("daemon", False, said, "start it again: chipwire daemon")
    for subject, said in (("configuration", state.configuration), ("daemon", state.problem)):
        if said:
            what, _, fix = said.partition("\n  fix: ")
            yield Finding(subject, False, what, fix or "see its log")


def readable(app: App) -> Iterator[Finding]:
    with reading(app) as store:
        articles = store.value("SELECT count(*) FROM articles")
    yield Finding("database", True, f"{articles} articles")


# In the order a person should mend them; the second group needs a database that can be read.
ALWAYS: tuple[Check, ...] = (home, space, files, mail, chat, clock, review, model, daemon)
OF_DATABASE: tuple[Check, ...] = (future, feeds, last_poll, backups, outbox)
QUICK: tuple[Check, ...] = (space, daemon)
QUICK_OF_DATABASE: tuple[Check, ...] = (last_poll, backups, outbox)


def examine(app: App) -> list[Finding]:
    """Look at everything, the whole database included: seconds, minutes for a large one."""
    found = [finding for check in ALWAYS for finding in asked(check, app)]
    if not app.home.database.exists():
        return [*found, *(lost(app) or [Finding("database", True, "none yet: a pass makes it")])]
    of_database = asked(database, app)
    found += of_database
    if all(finding.well for finding in of_database):
        found += [finding for check in OF_DATABASE for finding in asked(check, app)]
    return found


def glance(app: App) -> list[Finding]:
    """Look at what can be told in milliseconds: for `status --check` and containers."""
    if not app.home.database.exists():
        return lost(app) or [Finding("database", False, "there is none", "chipwire run")]
    found = [finding for check in QUICK for finding in asked(check, app)]
    first = asked(readable, app)
    found += first
    if all(finding.well for finding in first):
        found += [finding for check in QUICK_OF_DATABASE for finding in asked(check, app)]
    return found


def lost(app: App) -> list[Finding]:
    """Return the finding that the database is gone where its backups are; nothing if it is new."""
    try:
        backup.refuse_to_begin_anew(app.home.database, app.home.backups, app.clock.now())
    except ChipwireError as error:
        return [fault("database", error)]
    return []


def asked(check: Check, app: App) -> list[Finding]:
    try:
        return list(check(app))
    except ChipwireError as error:
        return [fault("database" if check is readable else check.__name__, error)]
