"""A database of every released version opens with the program of today, and nothing is missing."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from pipeline.adapters.store import Store, backup
from pipeline.adapters.store.connection import SCHEMA_VERSION
from pipeline.adapters.store.migrate import bring_up_to_date
from pipeline.errors import StoreError, StoreTooNew
from tests.adapters.databases import released, schema, unpack

COUNTED = ("articles", "sightings", "tags", "labels", "digests", "deliveries", "runs", "mentions")


def counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in COUNTED
        }


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def test_every_version_up_to_this_one_is_kept() -> None:
    assert released() == list(range(1, SCHEMA_VERSION + 1))


def test_a_released_schema_is_never_edited(tmp_path: Path) -> None:
    Store(tmp_path / "new.db").close()
    frozen = schema(unpack(SCHEMA_VERSION, tmp_path / "frozen.db"))
    assert schema(tmp_path / "new.db") == frozen, (
        "the schema differs from the released one: raise SCHEMA_VERSION, add a migration to"
        " migrations.py, and keep its database (python -m tests.adapters.databases); as long as"
        " 1.0 is not released, --again keeps the changed one instead"
    )


@pytest.mark.parametrize("old", released())
def test_a_released_database_opens_whole(tmp_path: Path, old: int) -> None:
    path = unpack(old, tmp_path / "chipwire.db")
    before = counts(path)
    with Store(path) as store:
        assert store.value("PRAGMA user_version") == SCHEMA_VERSION
        assert backup.integrity(store.connection) == []
        assert store.rows("PRAGMA foreign_key_check") == []
        verdicts = store.rows("SELECT reviewer, verdict FROM standing_labels ORDER BY id")
        assert [tuple(row) for row in verdicts] == [("ann", "yes"), ("bob", "no")]
        found = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'memory'"
        assert store.value(found) == 5
    assert counts(path) == before
    Store(tmp_path / "new.db").close()
    assert set(schema(path)) == set(schema(tmp_path / "new.db"))
    assert path.with_name(f"chipwire.db.before-schema-{SCHEMA_VERSION}").exists() == (
        old < SCHEMA_VERSION
    )


def a_later_program() -> Migrations:
    """Return the schema changes of a program that comes after this one: one more."""
    steps = Migrations("later")

    @steps()
    def m9001_urgency(db: Database) -> None:
        db.execute("ALTER TABLE articles ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0")
        db.execute("UPDATE articles SET urgency = length(title)")
        db.execute("CREATE INDEX articles_urgency ON articles (urgency)")

    return steps


LATER = SCHEMA_VERSION + 1


def migrate(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        bring_up_to_date(connection, path, version(path), steps=a_later_program(), target=LATER)


def urgencies(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT urgency FROM articles ORDER BY id")]


def test_a_migration_is_backed_up_and_this_program_then_stops_with_words(tmp_path: Path) -> None:
    path = unpack(SCHEMA_VERSION, tmp_path / "chipwire.db")
    before = counts(path)
    migrate(path)
    assert version(path) == LATER
    assert min(urgencies(path)) > 5
    assert counts(path) == before
    copy = path.with_name(f"chipwire.db.before-schema-{LATER}")
    assert version(copy) == SCHEMA_VERSION
    assert counts(copy) == before
    for read_only in (False, True):
        with pytest.raises(StoreTooNew, match="later chipwire") as caught:
            Store(path, read_only=read_only)
        assert caught.value.exit_code == 2
        assert "upgrade chipwire" in caught.value.fix
    copy.replace(path)  # the way back
    with Store(path) as store:
        assert store.value("SELECT count(*) FROM articles") == before["articles"]


def test_a_damaged_database_is_not_migrated(tmp_path: Path) -> None:
    path = unpack(SCHEMA_VERSION, tmp_path / "chipwire.db")
    with closing(sqlite3.connect(path)) as connection:
        [page] = connection.execute(
            "SELECT max(pageno) FROM dbstat WHERE name = 'tags' AND pagetype = 'leaf'"
        ).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(StoreError, match="damaged"):
        migrate(path)
    assert version(path) == SCHEMA_VERSION


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = unpack(SCHEMA_VERSION, tmp_path / "chipwire.db")
    before = schema(path)
    steps = a_later_program()

    @steps()
    def m9002_wrong(db: Database) -> None:
        db.execute("ALTER TABLE articles DROP COLUMN title")  # an index and a view need it

    with (
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
        pytest.raises(sqlite3.OperationalError),
    ):
        bring_up_to_date(connection, path, SCHEMA_VERSION, steps=steps, target=LATER)
    assert schema(path) == before
    assert version(path) == SCHEMA_VERSION


KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from pipeline.adapters.store.migrate import bring_up_to_date
from tests.adapters.test_store_migrations import LATER, a_later_program, version

left, steps, path = int(sys.argv[2]), 0, Path(sys.argv[1])

def burn(_statement):
    global left, steps
    left, steps = left - 1, steps + 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

connection = sqlite3.connect(path, isolation_level=None)
connection.set_trace_callback(burn)
bring_up_to_date(connection, path, version(path), steps=a_later_program(), target=LATER)
connection.close()
print(steps)
"""


def test_a_kill_in_the_middle_leaves_the_old_schema_or_the_new(tmp_path: Path) -> None:
    def cut(path: Path, fuse: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", KILLED, str(path), str(fuse)],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    whole = cut(unpack(SCHEMA_VERSION, tmp_path / "whole.db"), 0)
    steps = int(whole.stdout)
    assert steps > 5
    for fuse in sorted({1, steps // 3, 2 * steps // 3, steps - 1, steps}):
        path = unpack(SCHEMA_VERSION, tmp_path / f"cut{fuse}.db")
        before = counts(path)
        assert cut(path, fuse).returncode == -signal.SIGKILL
        assert version(path) in (SCHEMA_VERSION, LATER)
        assert (("index", "articles_urgency") in schema(path)) == (version(path) == LATER)
        migrate(path)
        assert version(path) == LATER
        assert counts(path) == before
