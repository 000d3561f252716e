"""Searching finds the same whichever facets narrow it: the index is only a shorter way."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.adapters.store.listing import Filter, articles
from tests.newsdesk import Newsdesk

START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = ("memory stacks", "memory fabs", "fabs and stacks", "weather")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("listing")
    with Store(folder / "chipwire.db") as store:
        desk = Newsdesk(store)
        for number in range(48):
            article = desk.article(
                f"Title {number}", text=WORDS[number % 4], outlet=f"Outlet {number % 3}",
                when=START + timedelta(days=(number * 7) % 48),
                topics={"hbm": 0.9 if number % 5 < 2 else 0.1, "foundry": 0.7},
            )  # fmt: skip
            if number % 4 != 1:
                with store.transaction():
                    store.execute(
                        "INSERT INTO mentions VALUES (?,?,1)",
                        (article, "ASML" if number % 2 else "TSMC"),
                    )
        yield store


@pytest.mark.parametrize("query", ["memory", "stacks", '"memory fabs"', "nothing"])
@pytest.mark.parametrize(
    ("topic", "company", "since"),
    list(product(("", "hbm"), ("", "asml"), (None, START + timedelta(days=20)))),
)
def test_words_and_facets_find_what_passes_both(
    store: Store, query: str, topic: str, company: str, since: datetime | None
) -> None:
    facets = {"topic": topic, "company": company, "since": since, "outlet": "outlet 1"}
    with_words = {row["id"] for row in articles(store, Filter(query=query, limit=99, **facets))}
    passing = {row["id"] for row in articles(store, Filter(limit=99, **facets))}
    words = {row["id"] for row in articles(store, Filter(query=query, limit=99))}
    assert with_words == passing & words


def test_words_are_looked_for_only_among_what_the_facets_leave(store: Store) -> None:
    plan: list[str] = []
    store.connection.set_trace_callback(plan.append)
    articles(store, Filter(query="memory", topic="hbm", since=START))
    store.connection.set_trace_callback(None)
    details = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {plan[0]}")]
    [scan] = [detail for detail in details if "articles_fts" in detail]
    assert scan.endswith("><")  # a range of ids goes into the full-text index
