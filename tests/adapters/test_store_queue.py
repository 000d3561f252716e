"""What the review page reads: every state and filter, and by which index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, queue
from pipeline.adapters.store import review as table
from pipeline.models.labels import Label
from tests.newsdesk import NOW, Newsdesk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Articles 1 to 3 on foundry, the first the least sure; 2 judged, 3 disputed."""
    with Store(tmp_path / "chipwire.db") as store:
        desk = Newsdesk(store)
        for number in (1, 2, 3):
            desk.article(f"Fab {number}", topics={"foundry": 0.4})
        desk.mention(1, "TSMC")
        with store.transaction():
            table.add_items(
                store, [table.Wanted(n, "foundry", 1 - n / 10, "doubtful") for n in (1, 2, 3)]
            )
        for article, who, verdict in ((2, "ann", "yes"), (3, "ann", "yes"), (3, "bob", "no")):
            said = Label(article, "foundry", verdict, reviewer=who)  # type: ignore[arg-type] # a table of words
            table.record(store, said, now=NOW)
        yield store


@pytest.mark.parametrize(
    ("wish", "articles"),
    [
        pytest.param(queue.Wish(), [1], id="open"),
        pytest.param(queue.Wish("judged"), [3, 2], id="judged, newest first"),
        pytest.param(queue.Wish("disputed"), [3], id="disputed"),
        pytest.param(queue.Wish(company="TSMC"), [1], id="a company"),
        pytest.param(queue.Wish("judged", company="TSMC"), [], id="none of them judged"),
        pytest.param(queue.Wish(query="fab"), [1], id="a word"),
        pytest.param(queue.Wish(query='"*('), [], id="signs that mean something to FTS5"),
        pytest.param(queue.Wish(topic="'; DROP TABLE labels; --"), [], id="an injection"),
    ],
)
def test_items_pass_the_filters(store: Store, wish: queue.Wish, articles: list[int]) -> None:
    assert [item["article_id"] for item in queue.items(store, wish)] == articles


def test_progress_counts_labels_agreement_and_disputes(store: Store) -> None:
    found = queue.progress(store, "ann")
    assert (found["labels"], found["mine"], found["disputed"]) == (3, 2, 1)
    assert found["topics"] == [{"topic": "foundry", "yes": 2, "no": 1}]
    assert [(pair["cells"], pair["agreed"]) for pair in found["agreement"]] == [(1, 0)]


def test_what_undo_takes_back_are_ones_own_standing_verdicts(store: Store) -> None:
    table.record(store, Label(3, "foundry", "undo", reviewer="ann"), now=NOW)
    assert [item["article_id"] for item in queue.said_last(store, "ann")] == [2]
    assert [item["article_id"] for item in queue.said_last(store, "bob")] == [3]


def test_an_article_whole_has_its_text_and_labels(store: Store) -> None:
    found = queue.item(store, 3, "foundry")
    assert found is not None
    assert found["text"].startswith("Fab 3 in detail")
    assert [label["verdict"] for label in found["labels"]] == ["yes", "no"]
    assert queue.item(store, 99, "foundry") is None
