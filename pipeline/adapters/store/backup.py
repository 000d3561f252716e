"""Copies of the database: written whole, checked before they count, and put back."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.adapters.store.connection import APPLICATION_ID, SCHEMA_VERSION, translated
from pipeline.errors import StoreError, StoreTooNew

NAMES = "chipwire-*.db"
SIDE_FILES = ("-wal", "-shm", "-journal")
UNFINISHED = timedelta(days=1)
AHEAD = timedelta(hours=1)  # a backup is never named for later than this


@dataclass(frozen=True, slots=True)
class Copy:
    """A finished backup: where it lies, and how much it holds."""

    path: Path
    articles: int
    size: int


def target_in(folder: Path, now: datetime) -> Path:
    """Return the name of a backup made now; names sort by age."""
    return folder / f"chipwire-{now:%Y%m%dT%H%M%SZ}.db"


def stored(folder: Path, now: datetime) -> list[Path]:
    """Return the rotated backups of a folder, the newest first.

    One named for a time to come was made when the clock was wrong. It comes last: taken for the
    newest, it would be restored before any made since, for as long as the clock had been ahead.
    """
    limit = target_in(folder, now + AHEAD).name
    return sorted(folder.glob(NAMES), key=lambda path: (path.name <= limit, path.name))[::-1]


def refuse_to_begin_anew(database: Path, folder: Path, now: datetime) -> None:
    """Raise StoreError if there is no database, or an empty file, where backups show there was.

    A new one would poll everything as news, tell it again, and let its backups take the place
    of the good ones.
    """
    empty = database.exists()
    if (empty and database.stat().st_size) or not stored(folder, now):
        return
    raise StoreError(
        f"{database} is {'empty' if empty else 'gone'}",
        why=f"{folder} holds backups of it",
        fix="`chipwire restore` puts the newest good one back; to begin anew, move backups/ away",
    )


def write(database: Path, target: Path) -> Copy:
    """Copy the live database to `target` and check the copy; the name appears only then.

    SQLite's online backup in one step: readers and the writer go on under WAL, and the copy
    is of one moment. A copy of the file would tear what lies in the WAL.

    Raises:
        StoreError: the database is damaged, the disk is full, or `target` is another file.
    """
    refuse_to_overwrite(database, target)
    with partial(target) as unfinished:
        copy_over(database, unfinished)
        articles = check(unfinished)
    return Copy(target, articles, target.stat().st_size)


def refuse_to_overwrite(database: Path, target: Path) -> None:
    if not target.exists():
        return
    if target.samefile(database):
        raise StoreError(f"{target} is the database itself", fix="name another file")
    with translated(target):
        ours = target.stat().st_size and application_id(target) == APPLICATION_ID
    if not ours:
        raise StoreError(
            f"{target} exists and is no chipwire database", fix="name another file, or move it away"
        )


def application_id(path: Path) -> int:
    with closing(open_alone(path)) as connection:
        found: int = connection.execute("PRAGMA application_id").fetchone()[0]
    return found


@contextmanager
def partial(target: Path) -> Iterator[Path]:
    """Give a name beside the target; it takes the target's place when the block succeeds."""
    unfinished = target.with_name(f"{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        yield unfinished
        sync(unfinished)
        unfinished.replace(target)
        sync(target.parent)
    except OSError as error:
        raise StoreError(
            f"{target} cannot be written", why=error.strerror or str(error),
            fix="check the folder's permissions and free space",
        ) from error  # fmt: skip
    finally:
        with suppress(OSError):  # what went wrong with the folder was said above
            unfinished.unlink(missing_ok=True)


def copy_over(source: Path, target: Path, *, journal: str = "DELETE") -> None:
    """Copy a database; with the journal DELETE it is one file, nothing beside it."""
    with (
        translated(source),
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)
        copy.execute(f"PRAGMA journal_mode = {journal}")


def check(path: Path) -> int:
    """Return how many articles a database file holds, having read all of it.

    Raises:
        StoreError: it is damaged or not ours.
        StoreTooNew: a later chipwire wrote it.
    """
    with translated(path), closing(open_alone(path)) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StoreError(f"{path} is not a chipwire database", fix="name another file")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise StoreTooNew(
                f"{path} was written by a later chipwire", fix="upgrade chipwire, or take another"
            )
        faults = integrity(connection)
        if faults:
            raise StoreError(
                f"{path} is damaged", why="; ".join(faults),
                fix="run `chipwire restore` to put back the newest good backup",
            )  # fmt: skip
        articles: int = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    return articles


def integrity(connection: sqlite3.Connection) -> list[str]:
    """Return what SQLite's own check finds wrong, the first five faults."""
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
    return [] if found == ["ok"] else found


def open_alone(path: Path) -> sqlite3.Connection:
    """Open a file nobody writes to; immutable, so that a read-only folder does no harm."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def rotate(folder: Path, *, keep: int, now: datetime) -> int:
    """Delete all but the newest backups; return how many went.

    With them goes what killed backups left unfinished, each as large as the database. One
    younger than a day may be another program's at work.
    """
    old = stored(folder, now)[keep:]
    for path in old:
        path.unlink(missing_ok=True)
    for path in folder.glob(f"{NAMES}.partial*"):
        if path.stat().st_mtime < (now - UNFINISHED).timestamp():
            path.unlink(missing_ok=True)
    return len(old)


def newest_good(folder: Path, now: datetime) -> Path | None:
    """Return the newest backup that passes its check."""
    for path in stored(folder, now):
        try:
            check(path)
        except StoreError:
            continue
        return path
    return None


def restore(source: Path, database: Path, *, now: datetime) -> Path | None:
    """Put a checked backup in the database's place; return where the old one now lies.

    The caller holds the home's lock. At no moment is there no database, which the next
    program would take for a new home: the old file gets a second name, its WAL goes with
    it (SQLite would replay it into the new file), then the new one takes the place at once.

    Raises:
        StoreError: the backup is damaged or not ours, or the folder cannot be written.
    """
    check(source)
    aside: Path | None = None
    with partial(database) as unfinished:
        copy_over(source, unfinished, journal="WAL")
        check(unfinished)
        if database.exists():
            aside = database.with_name(f"{database.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
            aside.unlink(missing_ok=True)
            os.link(database, aside)
        for suffix in SIDE_FILES:
            beside = database.with_name(database.name + suffix)
            if aside and beside.exists():
                beside.replace(aside.with_name(aside.name + suffix))
            beside.unlink(missing_ok=True)
    return aside


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
