"""A person's verdict stands over the model's tag: at once, after retagging, on copies, undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, articles, stories
from pipeline.adapters.store import review as table
from pipeline.models.labels import Label
from pipeline.models.tags import Tag
from tests.newsdesk import NOW, Newsdesk, outcome

SURE, UNSURE = 0.9, 0.1  # the model tags at 0.5


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Articles 1 (surely about foundries, says the model) and 2 (surely not)."""
    with Store(tmp_path / "chipwire.db") as store:
        desk = Newsdesk(store)
        for sure in (SURE, UNSURE):
            desk.article("A foundry", topics={"foundry": sure})
        with store.transaction():
            store.execute("UPDATE articles SET grouped_at = '2026-11-23T07:05:00Z'")
        yield store


def says(store: Store, *words: str, article: int = 1) -> None:
    """Let people judge: "ann yes", "bob undo"."""
    for said in words:
        reviewer, verdict = said.split()
        label = Label(article, "foundry", verdict, reviewer=reviewer)  # type: ignore[arg-type] # a table of words
        table.record(store, label, now=NOW)


def retag(store: Store, sure: float, *, article: int = 1) -> None:
    tag = Tag(article, "foundry", sure, sure >= 0.5, outcome(sure), "", (), "m2")  # type: ignore[arg-type] # one of the three
    with store.transaction():
        articles.save_tags(store, article, [tag], model_id="m2", now=NOW)


def tagged(store: Store, article: int = 1) -> bool:
    sql = "SELECT tagged FROM tags WHERE article_id = ?"
    return bool(store.value(sql, (article,)))


@pytest.mark.parametrize(
    ("said", "first", "second"),
    [
        pytest.param([], True, False, id="nobody said anything: the model's"),
        pytest.param(["ann no"], False, False, id="a no takes it away"),
        pytest.param(["ann yes"], True, True, id="a yes gives it"),
        pytest.param(["ann skip"], True, False, id="a skip says nothing"),
        pytest.param(["ann no", "ann undo"], True, False, id="undone is the model's again"),
        pytest.param(["ann no", "bob yes"], True, True, id="the newest of two"),
        pytest.param(["ann no", "bob yes", "bob undo"], False, False, id="undone: the one before"),
        pytest.param(["ann no", "bob skip"], False, False, id="a skip takes nothing back"),
    ],
)
def test_the_verdict_that_stands_decides_now_and_after_retagging(
    store: Store, said: list[str], first: bool, second: bool
) -> None:
    for article in (1, 2):
        says(store, *said, article=article)
    assert [tagged(store, 1), tagged(store, 2)] == [first, second]
    retag(store, SURE, article=1)
    retag(store, UNSURE, article=2)
    assert [tagged(store, 1), tagged(store, 2)] == [first, second]


def test_what_the_model_said_is_kept_beside_it(store: Store) -> None:
    says(store, "ann no")
    (row,) = store.rows("SELECT probability, tagged, outcome, verdict FROM tags LIMIT 1")
    assert tuple(row) == (SURE, 0, "tag", "no")


def test_a_label_that_came_before_the_tag_counts(store: Store) -> None:
    with store.transaction():
        store.execute("DELETE FROM tags")
    says(store, "ann no")
    retag(store, SURE)
    assert not tagged(store)


def copy(store: Store, article: int, original: int | None) -> None:
    with store.transaction():
        stories.save_copy(store, article, original)


def test_a_copy_elsewhere_is_judged_with_it_whenever_it_is_found(store: Store) -> None:
    retag(store, SURE, article=2)
    says(store, "ann no")
    copy(store, 2, 1)
    assert not tagged(store, 2)
    copy(store, 2, None)
    assert tagged(store, 2)
    copy(store, 2, 1)
    says(store, "ann undo")
    assert [tagged(store, 1), tagged(store, 2)] == [True, True]


def test_what_is_said_of_the_copy_itself_comes_first(store: Store) -> None:
    copy(store, 2, 1)
    says(store, "ann yes", article=2)
    says(store, "ann no", article=1)
    assert [tagged(store, 1), tagged(store, 2)] == [False, True]


@pytest.mark.parametrize(
    ("verdict", "due"), [("no", True), ("yes", False)], ids=["it differs", "it agrees"]
)
def test_only_a_tag_that_changed_is_grouped_anew(store: Store, verdict: str, due: bool) -> None:
    says(store, f"ann {verdict}")
    grouped = store.value("SELECT grouped_at FROM articles WHERE id = 1")
    assert (grouped is None) is due
