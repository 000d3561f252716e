"""Grouping: copies and stories of what was read, and nothing written twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.adapters.files import packaged
from pipeline.adapters.store import Store, readings
from pipeline.adapters.tagger import load_baseline
from pipeline.jobs import group
from pipeline.models.readings import Reading
from pipeline.models.tags import Tag
from pipeline.steps import companies, concepts, outlets
from pipeline.steps.sketch import sketch
from tests.fakes import TurnedClock

WIRE = (
    "SEOUL - SK Hynix will begin making HBM4 memory in the second hall of its M15X fab in"
    " Cheongju about three months ahead of plan, an executive said on Monday. The company has"
    " ordered thermal compression bonders worth 210 billion won, and expects the hall to run"
    " 40,000 wafers a month by the end of next year, he told reporters at an industry meeting."
)
OTHER = (
    "ASML said the Dutch government had granted a licence to service immersion scanners at two"
    " Chinese fabs for another six months, which lawyers for the company had asked for in May."
    " Spare parts worth 90 million euros can now leave Veldhoven, a spokesman wrote on Tuesday."
)


@pytest.fixture(scope="module")
def knowledge() -> group.Knowledge:
    config = packaged("config")
    return group.Knowledge(
        companies.load((config / "companies.toml").read_bytes(), name="companies.toml"),
        concepts.load((config / "concepts.toml").read_bytes(), "concepts.toml"),
        outlets.load((config / "outlets.toml").read_bytes(), "outlets.toml"),
        (),
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "chipwire.db") as store:
        yield store


CLOCK = TurnedClock()


def publish(store: Store, number: int, title: str, text: str, *, topic: str = "hbm") -> None:
    """Store a tagged article of outlet `number`, an hour after the one before."""
    now = CLOCK.now() + timedelta(hours=number)
    with store.transaction():
        store.execute(
            "INSERT INTO articles (id, url, title, text, site, status, first_seen_at, language,"
            " published_at) VALUES (?,?,?,?,?,'ok',?,'en',?)",
            (
                number, f"https://outlet{number}.test/x", title, text, f"Outlet {number}",
                f"{now:%Y-%m-%dT%H:%M:%SZ}", f"{now:%Y-%m-%dT%H:%M:%SZ}",
            ),
        )  # fmt: skip
        tag = Tag(number, topic, 0.9, True, "tag", model_id="m")
        reading = Reading("m", "", (tag,), sketch=sketch(text))
        readings.save(store, [(number, reading)], now=now)


def test_copies_are_one_story_with_one_voice(store: Store, knowledge: group.Knowledge) -> None:
    publish(store, 1, "SK Hynix to start second HBM4 hall three months early", WIRE)
    publish(store, 2, "Second HBM4 hall at SK Hynix to start early - wire", WIRE + " (Reporting)")
    publish(store, 3, "ASML may service Chinese scanners for six more months", OTHER)
    report = group.run(store, knowledge, clock=CLOCK)
    assert (report.articles, report.stories) == (3, 2)
    first, second, third = (
        row["story_id"] for row in store.rows("SELECT * FROM articles ORDER BY id")
    )
    assert first == second != third
    assert store.value("SELECT copy_of FROM articles WHERE id = 2") == 1
    story = store.row("SELECT * FROM stories WHERE id = ?", (first,))
    assert story is not None
    assert (story["articles"], story["outlets"]) == (2, 1)


def test_five_aggregators_of_one_story_are_one_story(
    store: Store, knowledge: group.Knowledge
) -> None:
    around = ("", "Share this. ", "By our desk. ", "Read more below. ", "From the wires: ")
    for number, words in enumerate(around, start=1):
        title = f"SK Hynix to start second HBM4 hall early | Aggregator {number}"
        publish(store, number, title, words + WIRE)
    report = group.run(store, knowledge, clock=CLOCK)
    assert (report.articles, report.stories) == (5, 1)
    assert {row[0] for row in store.rows("SELECT copy_of FROM articles WHERE id > 1")} == {1}


def test_a_story_keeps_its_id_as_it_grows(store: Store, knowledge: group.Knowledge) -> None:
    publish(store, 1, "SK Hynix to start second HBM4 hall three months early", WIRE)
    group.run(store, knowledge, clock=CLOCK)
    before = store.value("SELECT story_id FROM articles WHERE id = 1")
    publish(store, 2, "SK Hynix starts HBM4 hall early", WIRE)
    assert group.run(store, knowledge, clock=CLOCK).stories == 0
    assert [row[0] for row in store.rows("SELECT story_id FROM articles")] == [before, before]
    assert store.value("SELECT articles FROM stories") == 2


def test_grouping_again_writes_nothing(store: Store, knowledge: group.Knowledge) -> None:
    publish(store, 1, "SK Hynix to start second HBM4 hall three months early", WIRE)
    group.run(store, knowledge, clock=CLOCK)
    before = store.value("SELECT total_changes()")
    assert group.run(store, knowledge, clock=CLOCK) == group.GroupReport()
    assert store.value("SELECT total_changes()") == before


def test_the_stored_baseline_says_when_its_articles_appeared(
    store: Store, knowledge: group.Knowledge
) -> None:
    whole = replace(knowledge, baseline=load_baseline(packaged("seeds")))
    group.run(store, whole, clock=CLOCK)
    days = {row["day"] for row in store.rows("SELECT day FROM baseline WHERE article = 'cnbc'")}
    assert days == {"2025-06-13"}
    before = store.connection.total_changes
    group.run(store, whole, clock=CLOCK)
    assert store.connection.total_changes == before


def test_an_archive_is_grouped_by_its_dates_some_articles_at_a_time() -> None:
    seen = [("2026-01-03", 1), ("2026-01-01", 2), ("2026-01-02", 3), ("2026-01-01", 4)]
    assert list(group.slices(seen, size=3)) == [[2, 4, 3], [1]]
    assert list(group.slices([], size=3)) == []


def test_stopped_before_its_stories_an_article_is_due_again(
    store: Store, knowledge: group.Knowledge
) -> None:
    publish(store, 1, "SK Hynix to start second HBM4 hall three months early", WIRE)
    asked = iter((False, False, True))  # a batch, the end of batches, then the first slice
    stopped = group.run(store, knowledge, clock=CLOCK, stop=lambda: next(asked))
    assert (stopped.articles, stopped.stories) == (1, 0)
    assert group.run(store, knowledge, clock=CLOCK) == group.GroupReport(1, 1)
