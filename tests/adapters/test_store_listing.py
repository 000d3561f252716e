"""Searching finds the same whichever facets narrow it: the index is only a shorter way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.adapters.store.listing import COVERED, Filter, articles, names
from pipeline.adapters.store.searching import Search, Span, Way, matching, way
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


@pytest.mark.parametrize(
    ("left", "chosen"),
    [
        pytest.param(Span(50_000, 900_000), "walk all", id="too many to be listed"),
        pytest.param(Span(600, 30_000), "walk what is left", id="a topic's month"),
        pytest.param(Span(40, 900_000), "look each up", id="few, over years"),
        pytest.param(Span(0, 0), "walk what is left", id="none"),
    ],
)
def test_the_way_depends_on_what_a_facet_leaves(left: Span, chosen: Way) -> None:
    assert way(left) == chosen


SEARCH = Search(
    '"memory"', ("memory",), "a.status <> 'new' AND a.site = :outlet", COVERED["topic"],
    {"topic": "hbm", "outlet": "Outlet 1"},
)  # fmt: skip


def test_each_way_finds_the_same(store: Store) -> None:
    values = {**SEARCH.values, "first": 4, "most": 99}
    tagged = [
        {one.article_id for one in matching(store, SEARCH, how, values)}
        for how in ("walk what is left", "look each up")
    ]
    on_topic = (
        "EXISTS (SELECT 1 FROM tags WHERE article_id = a.id AND topic = :topic AND tagged = 1)"
    )
    conditions = f"{SEARCH.conditions} AND {on_topic}"
    every = matching(store, replace(SEARCH, conditions=conditions), "walk all", values)
    assert tagged == [{one.article_id for one in every}] * 2
    assert tagged[0]


def test_words_are_looked_for_only_among_what_the_facets_leave(store: Store) -> None:
    plan: list[str] = []
    store.connection.set_trace_callback(plan.append)
    articles(store, Filter(query="memory", topic="hbm", since=START))
    store.connection.set_trace_callback(None)
    [walk] = [statement for statement in plan if "among" in statement]
    details = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {walk}")]
    [scan] = [detail for detail in details if "SCAN f " in detail]
    assert scan.endswith("><")  # a range of ids goes into the full-text index
    assert not [detail for detail in details if "TEMP B-TREE" in detail]  # walked from its end


def test_old_articles_that_came_late_are_found_by_their_date(tmp_path: Path) -> None:
    with Store(tmp_path / "chipwire.db") as store:
        desk = Newsdesk(store)
        for day in (20, 21, 1):  # a backfill brings the last one
            desk.article(f"Memory {day}", when=START + timedelta(days=day))
        since = START + timedelta(days=21)
        assert [row["id"] for row in articles(store, Filter(query="memory", since=since))] == [2]
        since = START + timedelta(days=1)
        assert len(articles(store, Filter(query="memory", since=since))) == 3


def test_titles_come_first_then_the_newest_of_equals(tmp_path: Path) -> None:
    with Store(tmp_path / "chipwire.db") as store:
        desk = Newsdesk(store)
        for title, text in (
            ("Rain", "memory of a dry year"), ("Memory prices", "they rise"),
            ("Sun", "memory of a dry year"), ("Wind", "memory, memory and more memory"),
        ):  # fmt: skip
            desk.article(title, text=text)
        found = [row["title"] for row in articles(store, Filter(query="memory"))]
        assert found == ["Memory prices", "Wind", "Sun", "Rain"]
        assert [row["title"] for row in articles(store, Filter(query="memory", limit=1))] == [
            "Memory prices"
        ]


def test_a_company_is_found_in_any_case_and_none_is_no_fault(store: Store) -> None:
    asked = [
        {row["id"] for row in articles(store, Filter(company=name, limit=99))}
        for name in ("ASML", "asml", "Asml")
    ]
    assert asked[0] and asked == [asked[0]] * 3
    assert articles(store, Filter(company="nobody")) == []
    assert articles(store, Filter(company="nobody", query="memory")) == []


def test_names_are_told_once_each_in_order(store: Store) -> None:
    assert names(store, "company") == ["ASML", "TSMC"]
