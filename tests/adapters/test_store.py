"""The database file: made, migrated, refused, locked, searched."""

import sqlite3
import threading
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.errors import StoreError, StoreLocked, StoreTooNew


def test_a_new_file_is_ours_in_wal_and_fully_synchronous(tmp_path: Path) -> None:
    with Store(tmp_path / "chipwire.db") as store:
        assert store.value("PRAGMA application_id") == 0x63687077
        assert store.value("PRAGMA journal_mode") == "wal"
        assert store.value("PRAGMA synchronous") == 2
        assert store.value("PRAGMA foreign_keys") == 1


def test_opening_twice_migrates_once(tmp_path: Path) -> None:
    path = tmp_path / "chipwire.db"
    Store(path).close()
    before = path.read_bytes()
    Store(path).close()
    assert path.read_bytes() == before


def test_two_programs_that_open_a_new_home_at_once_both_succeed(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def open_it() -> None:
        try:
            Store(tmp_path / "chipwire.db").close()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (text)")
    connection.close()


def newer(path: Path) -> None:
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        pytest.param(foreign, StoreError, "not a chipwire database", id="another program's file"),
        pytest.param(newer, StoreTooNew, "later chipwire", id="a later schema"),
        pytest.param(
            lambda path: path.write_bytes(b"no database at all" * 100),
            StoreError,
            "damaged or no SQLite",
            id="not a database",
        ),
        pytest.param(
            lambda path: path.mkdir(), StoreError, "cannot be used", id="a folder in its place"
        ),
    ],
)
def test_a_file_we_cannot_use_is_refused_in_words(tmp_path: Path, make, error, words) -> None:
    path = tmp_path / "chipwire.db"
    make(path)
    with pytest.raises(error, match=words) as caught:
        Store(path)
    assert caught.value.fix


def test_an_empty_file_read_only_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "chipwire.db"
    path.touch()
    with pytest.raises(StoreError, match="empty"):
        Store(path, read_only=True)


def test_a_held_lock_is_told_apart_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "chipwire.db"
    with Store(path) as holder, Store(path, busy_ms=50) as waiter:
        with holder.transaction():
            holder.execute("INSERT INTO feeds (url) VALUES ('https://a.test/')")
            with pytest.raises(StoreLocked) as caught, waiter.transaction():
                raise AssertionError("never reached")
            assert caught.value.exit_code == 75
        with waiter.transaction():
            waiter.execute("INSERT INTO feeds (url) VALUES ('https://b.test/')")
        assert waiter.value("SELECT count(*) FROM feeds") == 2


def test_a_failed_block_writes_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "chipwire.db") as store:
        with pytest.raises(KeyError), store.transaction():
            store.execute("INSERT INTO feeds (url) VALUES ('https://a.test/')")
            raise KeyError
        assert store.value("SELECT count(*) FROM feeds") == 0


@pytest.mark.parametrize("statement", ["UPDATE labels SET verdict = 'no'", "DELETE FROM labels"])
def test_labels_are_append_only(tmp_path: Path, statement: str) -> None:
    with Store(tmp_path / "chipwire.db") as store, store.transaction():
        store.execute(
            "INSERT INTO articles (url, title, first_seen_at) VALUES ('u', 't', '2026-01-01')"
        )
        store.execute(
            "INSERT INTO labels (article_id, topic, reviewer, verdict, created_at)"
            " VALUES (1, 'hbm', 'ann', 'yes', '2026-01-01')"
        )
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.execute(statement)
