"""Sketches in the database: copies are found by index, however common their hashes are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, sketches


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "chipwire.db") as opened, opened.transaction():
        yield opened


def add(store: Store, article_id: int, hashes: set[int]) -> None:
    store.execute(
        "INSERT INTO articles (id, url, title, first_seen_at) VALUES (?, ?, '', '')",
        (article_id, f"https://example.test/{article_id}"),
    )
    sketches.save(store, article_id, hashes)


def found(store: Store, hashes: set[int], *, before: int = 1_000) -> list[int]:
    return [one.article_id for one in sketches.candidates(store, hashes, before=before)]


def test_candidates_come_most_alike_first_with_their_sketches(store: Store) -> None:
    add(store, 1, {1, 2, 3})
    add(store, 2, {2, 3, 4, 5})
    add(store, 3, {9})
    assert found(store, {2, 3, 4}) == [2, 1]
    assert sketches.candidates(store, {9}, before=9)[0].sketch == {9}


def test_an_article_meets_those_before_it_alone(store: Store) -> None:
    for article_id in (1, 2, 3):
        add(store, article_id, {1, 2, 3})
    assert found(store, {1, 2, 3}, before=2) == [1]


def test_saving_again_replaces(store: Store) -> None:
    add(store, 1, {1, 2})
    sketches.save(store, 1, {2, 2**63 - 1})
    assert sketches.stored(store, 1) == {2, 2**63 - 1}
    assert found(store, {1}) == []


def test_a_set_phrase_makes_no_candidates(store: Store) -> None:
    for article_id in range(1, sketches.COMMON + 2):
        add(store, article_id, {7, 1000 + article_id})
    assert found(store, {7, 1, 2}) == []
    assert found(store, {7, 1001, 2}) == [1]


def test_the_sixtieth_copy_of_a_wire_story_meets_the_first(store: Store) -> None:
    for article_id in range(1, 60):
        add(store, article_id, {1, 2, 3, 4})
    assert found(store, {1, 2, 3, 4})[0] == 1
    assert len(found(store, {1, 2, 3, 4})) == sketches.MOST


def test_a_forgotten_sketch_leaves_nothing(store: Store) -> None:
    add(store, 1, set(range(100)))
    sketches.forget(store, 1)
    assert store.value("SELECT count(*) FROM sketches") == 0
    assert sketches.stored(store, 1) == frozenset()


def test_a_long_text_is_found_by_what_lies_in_a_glued_page(store: Store) -> None:
    add(store, 1, set(range(0, 1000, 10)))
    add(store, 2, set(range(5, 1000, 10)))
    assert store.value("SELECT count(*) FROM sketches") == 2 * sketches.LOWEST
    assert found(store, set(range(0, 1000, 10)) | set(range(1, 1000, 10))) == [1]
    assert found(store, set(range(0, 1000, 30))) == [1]


@pytest.mark.parametrize("query", [sketches.SHARING, sketches.OF_ARTICLE, sketches.FORGET])
def test_no_query_reads_the_whole_table(store: Store, query: str) -> None:
    parameters = (9, 51, "[1, 2]") if query == sketches.SHARING else (1,) * query.count("?")
    plan = [row["detail"] for row in store.rows("EXPLAIN QUERY PLAN " + query, parameters)]
    assert any("SEARCH" in step for step in plan), plan
    assert not [step for step in plan if "SCAN" in step and "sketches" in step], plan
