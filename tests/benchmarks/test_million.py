"""The home of a million articles, made of two thousand: whole, and every question has an answer."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks.measures.database import parts
from benchmarks.measures.million import bars
from benchmarks.million import DIGEST, PASS, QUEUE, SEARCH, Question, questions
from benchmarks.million_home import build
from pipeline.adapters.store import Store, backup

ARTICLES = 2_000
NAMES = list(questions(datetime.fromisoformat("2026-11-29T12:00:00+00:00"), 1))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = tmp_path_factory.mktemp("million") / "home"
    build(home, ARTICLES)
    with Store(home / "chipwire.db") as store:
        yield store


def test_the_home_is_whole_and_has_every_index(store: Store, tmp_path: Path) -> None:
    assert backup.integrity(store.connection) == []
    assert store.rows("PRAGMA foreign_key_check") == []
    indexes = "SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name"
    with Store(tmp_path / "new.db") as new:
        assert [tuple(row) for row in store.rows(indexes)] == [
            tuple(row) for row in new.rows(indexes)
        ]


def test_stories_and_sketches_are_those_of_the_articles(store: Store) -> None:
    counted = "SELECT count(*) FROM articles GROUP BY story_id HAVING story_id NOT NULL"
    told = "SELECT articles FROM stories ORDER BY id"
    assert [row[0] for row in store.rows(counted)] == [row[0] for row in store.rows(told)]
    assert store.value("SELECT count(*) FROM article_sketches") == ARTICLES
    assert store.value("SELECT count(DISTINCT article_id) FROM sketches") == ARTICLES


@pytest.mark.parametrize("name", NAMES)
def test_a_question_has_an_answer(store: Store, name: str) -> None:
    newest = datetime.fromisoformat(store.value("SELECT max(published_at) FROM articles"))
    question: Question = questions(newest, ARTICLES // 2)[name]
    assert question(store) is not None


def test_the_slowest_question_of_a_kind_is_held_against_the_promise() -> None:
    times = {
        f"{SEARCH}a, topic, since a week": [9.0, 10.0, 99.0],
        f"{SEARCH}b, topic, since a month": [60.0],
        f"{SEARCH}a common word": [2000.0],
        QUEUE: [1.0],
        f"{DIGEST} composed": [900.0],
        PASS: [1000.0],
    }
    assert [(bar.value, bar.held) for bar in bars(times)] == [
        (60.0, False), (1.0, True), (900.0, True), (1000.0, True)
    ]  # fmt: skip


def test_bytes_are_told_by_kind(store: Store) -> None:
    found = parts(store)
    assert {"articles", "tags", "sketches", "full-text index"} <= set(found)
    assert sum(found.values()) == store.value(
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    ) - 4096 * store.value("PRAGMA freelist_count")
