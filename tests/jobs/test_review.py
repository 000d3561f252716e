"""The queue is topped up: chosen, capped, renewed, and left alone when nothing changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.adapters.store import review as table
from pipeline.jobs import review
from pipeline.models.labels import Label
from pipeline.models.tags import Topic
from tests.newsdesk import NOW, TOPICS, Newsdesk

TOPIC_LIST = [Topic(name, title, "") for name, title in TOPICS.items()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Newsdesk]:
    with Store(tmp_path / "chipwire.db") as store:
        yield Newsdesk(store)


def queue(desk: Newsdesk) -> list[tuple[object, ...]]:
    return [tuple(row) for row in desk.store.rows("SELECT * FROM review_items ORDER BY id")]


def test_the_doubtful_come_first_and_no_article_twice(desk: Newsdesk) -> None:
    for sure in (0.05, 0.48, 0.9, 0.52, 0.99):
        desk.article(f"p {sure}", topics={"foundry": sure, "hbm": 0.01, "lithography": 0.01})
    assert review.top_up(desk.store, TOPIC_LIST, tagged=5) == 5
    rows = desk.store.rows("SELECT * FROM review_items ORDER BY doubt DESC")
    assert {rows[0]["title"], rows[1]["title"]} == {"p 0.48", "p 0.52"}
    assert len({row["article_id"] for row in rows}) == 5


def test_a_second_top_up_writes_nothing(desk: Newsdesk) -> None:
    for number in range(30):
        desk.article(f"t {number}", topics={"foundry": number / 30})
    review.top_up(desk.store, TOPIC_LIST, tagged=30)
    before, changes = queue(desk), desk.store.connection.total_changes
    assert review.top_up(desk.store, TOPIC_LIST, tagged=30) == 0
    assert queue(desk) == before
    assert desk.store.connection.total_changes == changes


def test_a_judged_article_is_not_asked_again(desk: Newsdesk) -> None:
    article = desk.article("one", topics={"foundry": 0.5, "hbm": 0.49})
    table.record(desk.store, Label(article, "foundry", "yes"), now=NOW)
    assert review.top_up(desk.store, TOPIC_LIST, tagged=1) == 0


def test_a_new_score_is_shown_and_the_row_keeps_its_id_and_note(desk: Newsdesk) -> None:
    article = desk.article("one", topics={"foundry": 0.5})
    review.top_up(desk.store, TOPIC_LIST, tagged=1)
    with desk.store.transaction():
        desk.store.execute("UPDATE review_items SET note = 'look'")
    desk.tag(article, {"foundry": 0.75})
    review.top_up(desk.store, TOPIC_LIST, tagged=1)
    (row,) = desk.store.rows("SELECT * FROM review_items")
    assert (row["id"], row["probability"], row["doubt"], row["note"]) == (1, 0.75, 0.5, "look")


def test_the_queue_stops_growing_when_nobody_reviews(desk: Newsdesk) -> None:
    with desk.store.transaction():
        desk.store.execute_many(
            "INSERT INTO articles (id, url, title, first_seen_at, status, tagged_by)"
            " VALUES (?,?,'t','2026-11-23T07:00:00Z','ok','m')",
            [(number, f"https://a.test/{number}") for number in range(1, review.MOST + 50)],
        )
        table.add_items(
            desk.store,
            [table.Wanted(number, "hbm", 0.5, "random") for number in range(1, review.MOST + 1)],
        )
    desk.tag(review.MOST + 1, {"hbm": 0.5})
    assert review.top_up(desk.store, TOPIC_LIST, tagged=1) == 0
