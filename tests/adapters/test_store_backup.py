"""Backups: whole, of one moment, checked, rotated; and a restore, rehearsed on damaged files."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, backup
from pipeline.errors import StoreError, StoreTooNew
from pipeline.jobs import backup as job
from tests.newsdesk import Newsdesk

NOW = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "chipwire.db"
    with Store(path) as store:
        desk = Newsdesk(store)
        for number in range(20):
            desk.article(f"HBM story {number}", text="memory " * 200)
    return path


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT title FROM articles ORDER BY id")]


def spoil(path: Path) -> None:
    """Write nonsense over the middle of the file."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 8192)


def test_a_backup_holds_what_lies_in_the_wal_and_nothing_unfinished(
    database: Path, tmp_path: Path
) -> None:
    with Store(database) as store, Store(database) as writer:
        Newsdesk(store).feed("Late Feed")  # in the WAL only
        with writer.transaction():
            writer.execute("UPDATE articles SET title = 'half-done' WHERE id = 1")
            made = backup.write(database, tmp_path / "copy.db")
    assert made.articles == 20
    assert titles(made.path)[0] == "HBM story 0"
    with Store(made.path, read_only=True) as copy:
        assert copy.value("SELECT count(*) FROM feeds WHERE title = 'Late Feed'") == 1
    assert sorted(path.name for path in tmp_path.iterdir() if "copy" in path.name) == ["copy.db"]


def test_rotation_keeps_the_newest(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    for day in range(5):
        done = job.run(database, folder, keep=3, now=NOW + timedelta(days=day))
    assert done["deleted"] == 1
    assert [path.name for path in backup.stored(folder, NOW + timedelta(days=4))] == [
        f"chipwire-202611{day}T033000Z.db" for day in (27, 26, 25)
    ]


def test_a_backup_made_while_the_clock_was_a_month_ahead_is_not_the_newest(
    database: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    job.run(database, folder, keep=2, now=NOW + timedelta(days=30))
    with Store(database) as store, store.transaction():
        store.execute("UPDATE articles SET title = 'later'")
    job.run(database, folder, keep=2, now=NOW)
    good = backup.newest_good(folder, NOW)
    assert good is not None
    assert titles(good)[0] == "later"
    job.run(database, folder, keep=2, now=NOW + timedelta(days=1))
    assert sorted(path.name for path in folder.iterdir()) == [
        f"chipwire-202611{day}T033000Z.db" for day in (23, 24)
    ]  # and it goes before those


@pytest.mark.parametrize("spoil_it", [Path.unlink, lambda path: path.write_bytes(b"")],
                         ids=["gone", "emptied"])  # fmt: skip
def test_a_database_that_was_lost_is_not_begun_anew(
    database: Path, tmp_path: Path, spoil_it: Callable[[Path], object]
) -> None:
    folder = tmp_path / "backups"
    backup.refuse_to_begin_anew(database, folder, NOW)
    backup.refuse_to_begin_anew(tmp_path / "new.db", folder, NOW)
    job.run(database, folder, keep=2, now=NOW)
    backup.refuse_to_begin_anew(database, folder, NOW)
    spoil_it(database)
    with pytest.raises(StoreError, match=r"gone|empty") as caught:
        backup.refuse_to_begin_anew(database, folder, NOW)
    assert "chipwire restore" in caught.value.fix
    aside = backup.restore(backup.stored(folder, NOW)[0], database, now=NOW)
    assert (aside is None) == (spoil_it is Path.unlink)
    assert len(titles(database)) == 20


def test_what_a_killed_backup_left_unfinished_goes_after_a_day(
    database: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("chipwire-20261101T033000Z.db.partial", "chipwire-20261101T033000Z.db.partial-wal",
                 "chipwire-20261123T032900Z.db.partial"):  # fmt: skip
        (folder / name).write_bytes(bytes(100))
        day = datetime.strptime(name[9:17], "%Y%m%d").replace(tzinfo=UTC).timestamp()
        os.utime(folder / name, (day, day))
    job.run(database, folder, keep=3, now=NOW)
    assert sorted(path.name for path in folder.iterdir()) == [
        "chipwire-20261123T032900Z.db.partial", "chipwire-20261123T033000Z.db",
    ]  # fmt: skip


def test_a_damaged_database_costs_no_earlier_backup(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    job.run(database, folder, keep=1, now=NOW)
    spoil(database)
    with pytest.raises(StoreError):
        job.run(database, folder, keep=1, now=NOW + timedelta(days=1))
    assert [path.name for path in folder.iterdir()] == ["chipwire-20261123T033000Z.db"]


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")


def from_the_future(path: Path) -> None:
    Store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")


@pytest.mark.parametrize(
    ("make", "error"),
    [
        pytest.param(lambda path: path.write_bytes(b""), StoreError, id="an empty file"),
        pytest.param(lambda path: path.write_text("text"), StoreError, id="no database at all"),
        pytest.param(foreign, StoreError, id="another program's database"),
        pytest.param(from_the_future, StoreTooNew, id="a later chipwire's database"),
    ],
)
def test_what_is_no_backup_is_refused_and_nothing_moved(
    database: Path, tmp_path: Path, make, error: type[StoreError]
) -> None:
    before = titles(database)
    make(tmp_path / "offered.db")
    with pytest.raises(error):
        backup.restore(tmp_path / "offered.db", database, now=NOW)
    assert titles(database) == before
    assert not list(tmp_path.glob("*damaged*"))


@pytest.mark.parametrize(
    "name", ["theirs.db", "notes.txt"], ids=["another database", "a file of another kind"]
)
def test_a_backup_overwrites_no_file_that_is_not_ours(
    database: Path, tmp_path: Path, name: str
) -> None:
    target = tmp_path / name
    (foreign if name.endswith(".db") else lambda path: path.write_text("mine"))(target)
    before = target.read_bytes()
    with pytest.raises(StoreError):
        backup.write(database, target)
    assert target.read_bytes() == before


def test_the_database_itself_is_no_target(database: Path) -> None:
    with pytest.raises(StoreError, match="itself"):
        backup.write(database, database)


@pytest.mark.parametrize(
    ("suffix", "left"),
    [
        pytest.param("-wal", None, id="the log deleted"),
        pytest.param("-wal", b"\x37\x7f\x06\x82" + bytes(4000), id="a log of another program"),
        pytest.param("-wal", b"nonsense" * 600, id="a log of nonsense"),
        pytest.param("-shm", None, id="the shared memory deleted"),
        pytest.param("-shm", b"\xff" * 32768, id="the shared memory overwritten"),
    ],
)
def test_what_a_crash_left_beside_the_database_may_be_gone_or_wrong(
    database: Path, tmp_path: Path, suffix: str, left: bytes | None
) -> None:
    crashed = tmp_path / "crashed.db"
    with Store(database) as store:
        with store.transaction():
            store.execute("UPDATE articles SET title = 'later' WHERE id = 1")
        for name in ("", "-wal", "-shm"):
            source = database.with_name(database.name + name)
            crashed.with_name(crashed.name + name).write_bytes(source.read_bytes())
    beside = crashed.with_name(crashed.name + suffix)
    beside.unlink() if left is None else beside.write_bytes(left)
    with Store(crashed) as store:
        assert backup.integrity(store.connection) == []
        first = store.value("SELECT title FROM articles WHERE id = 1")
        assert first == ("HBM story 0" if suffix == "-wal" else "later")
        assert store.value("SELECT count(*) FROM articles") == 20


def test_restore_takes_the_newest_good_one_and_keeps_the_damaged_file(
    database: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    job.run(database, folder, keep=9, now=NOW)
    job.run(database, folder, keep=9, now=NOW + timedelta(days=1))
    spoil(backup.stored(folder, NOW + timedelta(days=1))[0])
    before = titles(database)
    with Store(database) as store, store.transaction():
        store.execute("UPDATE articles SET title = 'later'")  # stays in the WAL of a crash
        wal = database.with_name("chipwire.db-wal")
        assert wal.exists()
    spoil(database)
    wal.write_bytes(b"a stale WAL must not be replayed into the new file")
    good = backup.newest_good(folder, NOW + timedelta(days=1))
    assert good is not None
    assert good.name == "chipwire-20261123T033000Z.db"
    aside = backup.restore(good, database, now=NOW + timedelta(days=2))
    assert aside is not None
    assert aside.name == "chipwire.db.damaged-20261125T033000Z"
    assert aside.with_name(aside.name + "-wal").exists()
    assert not wal.exists()
    assert titles(database) == before
    with Store(database) as store:
        assert backup.integrity(store.connection) == []
        assert store.value("PRAGMA journal_mode") == "wal"
