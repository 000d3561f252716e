"""What is asked often reads no large table from end to end: a million articles cost no more."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, figures, listing, owed, queue, stories
from pipeline.adapters.store import alerts as alert_table
from pipeline.adapters.store.articles import to_article
from pipeline.adapters.store.listing import Filter
from pipeline.models.policies import DigestPolicy
from tests.newsdesk import NOW, TOPICS, Newsdesk

POLICY = DigestPolicy(name="daily")
# A table read whole, by its name or the letter it has in our queries, and by no index.
WHOLE = re.compile(r"SCAN (tags|articles|mentions|sightings|t|a|m)(?! USING)\b")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "chipwire.db") as store:
        desk = Newsdesk(store)
        for number in range(1, 4):
            desk.mention(desk.article(f"Fab {number}", topics={"foundry": 0.9}), "TSMC")
        yield store


def last_article(store: Store) -> object:
    row = store.row("SELECT * FROM articles WHERE id = 3")
    assert row is not None
    return stories.held_before(store, to_article(row), ["foundry"])


ASKED: dict[str, Callable[[Store], object]] = {
    "a digest": lambda store: owed.material(store, POLICY, topics=TOPICS, now=NOW),
    "alerts": lambda store: alert_table.candidates(
        store, POLICY, topics=TOPICS, seen_since=NOW - timedelta(days=2), labels="newest"
    ),
    "the review queue": lambda store: queue.items(store, queue.Wish()),
    "the review queue of a company": lambda store: queue.items(store, queue.Wish(company="TSMC")),
    "the review queue with words": lambda store: queue.items(store, queue.Wish(query="fab")),
    "a search": lambda store: listing.articles(
        store, Filter(query="fab", topic="foundry", company="tsmc", since=NOW - timedelta(days=30))
    ),
    "the newest of a topic": lambda store: listing.articles(store, Filter(topic="foundry")),
    "the figures": figures.read,
    "what was held before": last_article,
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_no_large_table_is_read_whole(store: Store, asked: Callable[[Store], object]) -> None:
    statements: list[str] = []
    store.connection.set_trace_callback(statements.append)
    asked(store)
    store.connection.set_trace_callback(None)
    plans = {
        row["detail"]
        for statement in statements
        if statement.lstrip().startswith(("SELECT", "WITH"))
        for row in store.rows(f"EXPLAIN QUERY PLAN {statement}")
    }
    assert plans
    assert [detail for detail in plans if WHOLE.match(detail)] == []


@pytest.mark.parametrize("common", [frozenset(), frozenset({"company", "match"})])
def test_a_filter_passes_the_same_items_by_list_and_by_item(
    store: Store, common: frozenset[str]
) -> None:
    from pipeline.adapters.store import review

    with store.transaction():
        review.add_items(store, [review.Wanted(n, "foundry", 0.5, "doubtful") for n in (1, 2)])
    wish = queue.Wish(company="TSMC", query="fab")
    conditions, values = queue.filters(wish, common=common)
    found = store.rows(
        f"SELECT i.article_id FROM review_items i WHERE {' AND '.join(conditions)} ORDER BY 1",
        values,
    )
    assert [row["article_id"] for row in found] == [1, 2]


def test_the_first_digest_of_a_name_tells_the_last_fortnight_not_the_archive(
    store: Store,
) -> None:
    desk = Newsdesk(store, iter(range(50, 60)))  # type: ignore[arg-type] - numbers of its own
    desk.article("Long ago", when=NOW - timedelta(days=15))
    desk.article("Lately", when=NOW - timedelta(days=13))
    found = owed.material(store, DigestPolicy(name="weekly"), topics=TOPICS, now=NOW)
    titles = {member.title for one in found.candidates for member in one.members}
    assert "Lately" in titles and "Long ago" not in titles
