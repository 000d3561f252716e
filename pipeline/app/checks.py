"""What can be wrong with a watch, each with the command or the edit that mends it."""

import os
import shlex
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec

from pipeline.adapters import daemon_state
from pipeline.adapters.store.backup import refuse_to_begin_anew
from pipeline.adapters.store.times import to_text
from pipeline.app import database_checks as stored
from pipeline.app.findings import Check, Finding, fault
from pipeline.app.parts import App
from pipeline.errors import ChipwireError

ROOM_MIB = 200  # a pass stores little; a backup and a WAL as large as the database need room
FIRST_YEAR = 2026  # a clock before this has lost its battery


def home(app: App) -> Iterator[Finding]:
    path = app.home.path
    if not path.is_dir():
        yield Finding(
            "home", False, f"{path} does not exist", f"chipwire init {shlex.quote(str(path))}"
        )
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
    said = f"{free / 2**20:,.0f} MiB free, the database has {size / 2**20:,.0f} MiB"
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


def clock(app: App) -> Iterator[Finding]:
    now = app.clock.now()
    if now.year < FIRST_YEAR:
        yield Finding("clock", False, f"it says {to_text(now)}", "set it; use NTP")
        return
    yield Finding("clock", True, f"{to_text(now)}")


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


# In the order a person should mend them; the second group needs a database that can be read.
ALWAYS: tuple[Check, ...] = (home, space, files, mail, chat, clock, review, model, daemon)
OF_DATABASE: tuple[Check, ...] = (
    stored.future, stored.feeds, stored.last_poll, stored.backups, stored.outbox,
)  # fmt: skip
QUICK: tuple[Check, ...] = (space, daemon)
QUICK_OF_DATABASE: tuple[Check, ...] = (stored.last_poll, stored.backups, stored.outbox)


def examine(app: App) -> Iterator[Finding]:
    """Look at everything, the whole database included: seconds, minutes for a large one."""
    for check in ALWAYS:
        yield from asked(check, app)
    if not app.home.database.exists():
        yield from lost(app) or [Finding("database", True, "none yet: a pass makes it")]
        return
    of_database = asked(stored.database, app)
    yield from of_database
    if all(finding.well for finding in of_database):
        for check in OF_DATABASE:
            yield from asked(check, app)


def glance(app: App) -> list[Finding]:
    """Look at what can be told in milliseconds: for `status --check` and containers."""
    if not app.home.database.exists():
        return lost(app) or [Finding("database", False, "there is none", "chipwire run")]
    found = [finding for check in QUICK for finding in asked(check, app)]
    first = asked(stored.readable, app)
    found += first
    if all(finding.well for finding in first):
        found += [finding for check in QUICK_OF_DATABASE for finding in asked(check, app)]
    return found


def lost(app: App) -> list[Finding]:
    """Return the finding that the database is gone where its backups are; nothing if it is new."""
    try:
        refuse_to_begin_anew(app.home.database, app.home.backups, app.clock.now())
    except ChipwireError as error:
        return [fault("database", error)]
    return []


def asked(check: Check, app: App) -> list[Finding]:
    try:
        return list(check(app))
    except ChipwireError as error:
        return [fault("database" if check is stored.readable else check.__name__, error)]
