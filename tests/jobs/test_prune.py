"""Forgetting: only what is old and nobody's, and nothing left dangling behind it."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, sketches
from pipeline.adapters.store.times import to_text
from pipeline.jobs import prune
from tests.newsdesk import NOW, Newsdesk

OLD = NOW - timedelta(days=40)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Newsdesk]:
    with Store(tmp_path / "chipwire.db") as store:
        yield Newsdesk(store)


def off_topic(desk: Newsdesk, title: str = "Football results") -> int:
    number = desk.article(title, when=OLD, topics={"foundry": 0.01}, story=None)
    with desk.store.transaction():
        desk.store.execute("UPDATE articles SET grouped_at = ?", (to_text(OLD),))
    return number


def titles(desk: Newsdesk) -> list[str]:
    return [row["title"] for row in desk.store.rows("SELECT title FROM articles ORDER BY id")]


def change(sql: str) -> Callable[[Newsdesk, int], None]:
    def apply(desk: Newsdesk, number: int) -> None:
        with desk.store.transaction():
            desk.store.execute(sql, (number,))

    return apply


@pytest.mark.parametrize(
    "keeps",
    [
        pytest.param(lambda desk, n: desk.label(n, "foundry", "no"), id="a person judged it"),
        pytest.param(lambda desk, n: desk.label(n, "hbm", "skip"), id="a person skipped it"),
        pytest.param(lambda desk, n: desk.tag(n, {"hbm": 0.9}), id="it is tagged"),
        pytest.param(lambda desk, n: desk.tag(n, {"hbm": 0.4}), id="a person is asked about it"),
        pytest.param(
            change("UPDATE articles SET next_fetch_at = '2026-01-01T00:00:00Z' WHERE id = ?"),
            id="its page is due",
        ),
        pytest.param(change("UPDATE articles SET tagged_by = NULL WHERE id = ?"), id="untagged"),
        pytest.param(change("UPDATE articles SET grouped_at = NULL WHERE id = ?"), id="ungrouped"),
        pytest.param(
            change("UPDATE articles SET fetched_at = '2026-11-20T00:00:00Z' WHERE id = ?"),
            id="it was fetched lately",
        ),
        pytest.param(
            change(
                "INSERT INTO articles (url, title, first_seen_at, copy_of)"
                " SELECT url || '#2', title, '2026-11-22T00:00:00Z', id FROM articles WHERE id = ?"
            ),
            id="another article is its copy",
        ),
    ],
)
def test_an_old_article_stays_where(desk: Newsdesk, keeps) -> None:
    number = off_topic(desk)
    keeps(desk, number)
    assert prune.run(desk.store, days=30, now=NOW) == {"articles": 0}
    assert "Football results" in titles(desk)


def test_no_days_keep_everything(desk: Newsdesk) -> None:
    off_topic(desk)
    assert prune.run(desk.store, days=0, now=NOW) == {"articles": 0}


def test_what_goes_leaves_nothing_dangling(desk: Newsdesk) -> None:
    for count in range(prune.BATCH + 50):  # more than one transaction
        off_topic(desk, f"Football {count}")
    number = off_topic(desk, "Football in a story")
    kept = desk.article("HBM4 ships", topics={"hbm": 0.9}, story=7)
    with desk.store.transaction():
        desk.into_story(7, number, when=OLD)
        sketches.save(desk.store, number, {1, 2, 3})
    desk.mention(number, "TSMC")
    done = prune.run(desk.store, days=30, now=NOW)
    assert done == {"articles": prune.BATCH + 51}
    assert titles(desk) == ["HBM4 ships"]
    store = desk.store
    assert store.rows("PRAGMA foreign_key_check") == []
    assert [tuple(row) for row in store.rows("SELECT article_id, articles FROM stories")] == [
        (kept, 1)
    ]
    assert store.value("SELECT count(*) FROM sketches") == 0
    assert store.value("SELECT count(*) FROM articles_fts('football')") == 0
    with store.transaction():
        store.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")


def test_a_feed_that_still_announces_it_does_not_bring_it_back(desk: Newsdesk) -> None:
    off_topic(desk)
    prune.run(desk.store, days=30, now=NOW)
    rows = desk.store.rows("SELECT guid, article_id FROM sightings")
    assert [tuple(row) for row in rows] == [("guid-1", None)]


def test_labels_cannot_be_deleted_even_by_a_mistake_of_ours(desk: Newsdesk) -> None:
    number = off_topic(desk)
    desk.label(number, "foundry", "no")
    with pytest.raises(sqlite3.IntegrityError), desk.store.transaction():
        desk.store.execute("DELETE FROM articles WHERE id = ?", (number,))
