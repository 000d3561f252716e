"""What a damaged database gives its backup: verdicts and deliveries, as far as they can be read."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, backup, salvage
from pipeline.adapters.store.salvage import Salvaged
from tests.newsdesk import Newsdesk

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAGE = 4096


def say(store: Store, article: int, verdict: str, reviewer: str = "ann") -> None:
    with store.transaction():
        store.execute(
            "INSERT INTO labels (article_id, topic, reviewer, verdict, note, created_at)"
            " VALUES (?, 'hbm', ?, ?, ?, '2026-11-23T11:00:00Z')",
            (article, reviewer, verdict, "because " * 20),
        )


def send(store: Store, number: int, article: int, state: str) -> None:
    """Compose a digest of one article and leave its delivery in a state."""
    with store.transaction():
        store.execute(
            "INSERT OR IGNORE INTO digests (id, name, period, created_at, until, subject, articles,"
            " stories, content) VALUES (?,'daily',?,'2026-11-23T07:00:00Z','2026-11-23T07:00:00Z',"
            "'s',1,1,'{}')",
            (number, f"2026-11-{number:02}"),
        )
        store.execute("INSERT OR IGNORE INTO digest_stories VALUES (?, NULL, ?)", (number, article))
        store.execute(
            "INSERT OR REPLACE INTO deliveries (digest_id, channel, recipient, state, message_id,"
            " message) VALUES (?,'mail','ann@desk.example',?,?,'bytes')",
            (number, state, f"<{number}@chipwire>"),
        )


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of twenty articles that was backed up, and went on."""
    path = tmp_path / "chipwire.db"
    with Store(path) as store:
        desk = Newsdesk(store)
        for number in range(1, 21):
            desk.article(f"HBM story {number}", text="memory " * 100)
        send(store, 1, 1, "delivered")
        send(store, 2, 2, "pending")
        say(store, 1, "yes")
        backup.write(path, tmp_path / "backup.db")
        send(store, 2, 2, "delivered")
        send(store, 3, desk.article("Told after the backup"), "delivered")
        send(store, 4, 4, "pending")
        say(store, 1, "no")
        say(store, desk.article("Judged after the backup"), "yes")
        desk.article("Nobody spoke of this one")
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def pages(path: Path, table: str) -> list[int]:
    """Return the leaf pages of a table."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno",
            (table,),
        )
        return [row[0] for row in found]


def spoil(path: Path, number: int) -> None:
    with path.open("r+b") as file:
        file.seek((number - 1) * PAGE)
        file.write(b"\xff" * PAGE)


def restored(path: Path) -> Salvaged:
    aside = backup.restore(path.with_name("backup.db"), path, now=NOW)
    assert aside is not None
    before = aside.read_bytes()
    brought = salvage.take_over(aside, path)
    assert aside.read_bytes() == before  # evidence: read from a copy
    with Store(path) as store:
        assert backup.integrity(store.connection) == []
        assert store.rows("PRAGMA foreign_key_check") == []
    assert not list(path.parent.glob("chipwire-salvage-*"))
    return brought


def column(path: Path, sql: str) -> list[object]:
    with Store(path, read_only=True) as store:
        return [row[0] for row in store.rows(sql)]


def test_nothing_judged_is_lost_and_nothing_sent_goes_out_twice(database: Path) -> None:
    spoil(database, pages(database, "tags")[0])
    spoil(database, pages(database, "articles_fts_data")[0])
    assert restored(database) == Salvaged(articles=2, labels=2, digests=2, deliveries=3)
    assert column(database, "SELECT verdict FROM labels ORDER BY id") == ["yes", "no", "yes"]
    assert column(database, "SELECT state FROM deliveries ORDER BY digest_id") == [
        "delivered", "delivered", "delivered", "pending",
    ]  # fmt: skip
    told = "SELECT a.title FROM digest_stories d JOIN articles a ON a.id = d.article_id"
    assert "Told after the backup" in column(database, told)
    due = "SELECT title FROM articles WHERE tagged_by IS NULL ORDER BY id"
    assert column(database, due) == ["Told after the backup", "Judged after the backup"]
    assert "Nobody spoke of this one" not in column(database, "SELECT title FROM articles")


def test_a_damaged_page_costs_the_verdicts_on_it_alone(database: Path) -> None:
    with Store(database) as store:
        for number in range(200):
            say(store, 1 + number % 20, "yes", reviewer=f"r{number}")
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    leaves = pages(database, "labels")
    assert len(leaves) > 5
    spoil(database, leaves[len(leaves) // 2])
    brought = restored(database)
    assert 202 - 2 * 202 // len(leaves) <= brought.labels < 202


@pytest.mark.parametrize("table", ["digests", "digest_stories", "deliveries", "articles"])
def test_a_table_that_cannot_be_read_at_all_harms_no_other(database: Path, table: str) -> None:
    for number in pages(database, table):
        spoil(database, number)
    restored(database)
    assert "no" in column(database, "SELECT verdict FROM labels")


def test_what_lies_in_the_log_beside_it_is_read_too(database: Path) -> None:
    with Store(database) as store:
        say(store, 3, "skip")  # in the WAL, which a crash leaves behind
        spoil(database, pages(database, "tags")[0])
        aside = backup.restore(database.with_name("backup.db"), database, now=NOW)
    assert aside is not None
    salvage.take_over(aside, database)
    assert "skip" in column(database, "SELECT verdict FROM labels")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE labels (id INTEGER PRIMARY KEY, verdict TEXT)")


def from_the_future(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda path: path.write_bytes(b"\xff" * 50_000), id="nothing but nonsense"),
        pytest.param(lambda path: path.write_bytes(b""), id="an empty file"),
        pytest.param(foreign, id="another program's database"),
        pytest.param(from_the_future, id="a later chipwire's database"),
    ],
)
def test_nothing_is_taken_from_what_is_not_understood(database: Path, make) -> None:
    make(database)
    assert restored(database) == Salvaged()


def test_an_article_of_another_address_shows_another_watch(database: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with Store(other) as store:
        desk = Newsdesk(store)
        desk.article("Of another watch")
        with store.transaction():
            store.execute("UPDATE articles SET url = 'https://elsewhere.example/1'")
        for _ in range(5):
            say(store, 1, "no")
    with Store(database) as store:
        before = store.value("SELECT count(*) FROM labels")
    assert salvage.take_over(other, database).labels == 0
    assert column(database, "SELECT count(*) FROM labels") == [before]
