"""Pages: fetched, cleaned and stored; a bad one costs itself and says why."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, articles, feeds
from pipeline.adapters.workers import InlineWorkers
from pipeline.jobs import pages, poll
from pipeline.jobs.kit import Kit
from pipeline.models.articles import Extracted, PageTask
from pipeline.models.feeds import FeedSource
from pipeline.models.pages import Response
from pipeline.models.policies import FetchPolicy
from pipeline.steps.extraction import boilerplate
from tests.fakes import ScriptedFetcher, TurnedClock, rss

FEED = "https://a.test/feed"


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    with Store(tmp_path / "chipwire.db") as store:
        feeds.watch(store, [FeedSource(FEED, "A Test")])
        kit = Kit(store, ScriptedFetcher(), InlineWorkers(), TurnedClock())
        announce(kit, ("1", "First"), ("2", "Second"))
        yield kit


def announce(kit: Kit, *entries: tuple[str, str]) -> None:
    kit.fetcher.serves(FEED, rss(*entries), content_type="application/rss+xml")
    poll.run(kit, policy=FetchPolicy(), secrets={}, force=True)


def extract(task: PageTask) -> Extracted:
    """Take the page for its text; "BOOM" stands for a page that breaks the parser."""
    text = task.html.decode()
    if text == "BOOM":
        raise ValueError("no such markup")
    if text.startswith("stub:"):
        return Extracted(stub=text.removeprefix("stub:"))
    first, *parts = text.split("|")
    return Extracted(
        title=f"{task.feed_title}!", text=first, language="en",
        parts=tuple(Extracted(title=part, text=f"text of {part}") for part in parts),
    )  # fmt: skip


def article(kit: Kit, number: int) -> dict[str, object]:
    row = kit.store.row("SELECT * FROM articles WHERE url = ?", (f"https://a.test/{number}",))
    assert row is not None
    return dict(row)


def test_every_due_page_is_fetched_once(kit: Kit) -> None:
    kit.fetcher.serves("https://a.test/1", "One.")
    kit.fetcher.serves("https://a.test/2", "Two.")
    assert pages.run(kit, extract) == pages.PagesReport(fetched=2, stored=2)
    assert (article(kit, 1)["title"], article(kit, 1)["text"]) == ("First!", "One.")
    kit.fetcher.asked.clear()
    assert pages.run(kit, extract) == pages.PagesReport()
    assert kit.fetcher.asked == []


@pytest.mark.parametrize(
    ("page", "status", "reason"),
    [
        pytest.param("BOOM", "failed", "error: ValueError: no such markup", id="breaks the parser"),
        pytest.param("stub:paywall", "stub", "paywall", id="a paywall"),
        pytest.param("stub:gallery", "stub", "gallery", id="a gallery"),
    ],
)
def test_a_bad_page_costs_itself_and_says_why(
    kit: Kit, page: str, status: str, reason: str
) -> None:
    kit.fetcher.serves("https://a.test/1", page)
    kit.fetcher.serves("https://a.test/2", "Two.")
    pages.run(kit, extract)
    assert article(kit, 1)["status"] == status
    assert reason in str(article(kit, 1)["reason"])
    assert article(kit, 1)["next_fetch_at"] is None
    assert article(kit, 2)["text"] == "Two."


def test_a_page_that_is_down_is_tried_again_and_then_left(kit: Kit) -> None:
    url = "https://a.test/1"
    kit.fetcher.serves("https://a.test/2", "Two.")
    kit.fetcher.answers(url, Response(url, 503))
    pages.run(kit, extract)
    assert [row[1] for row in articles.untagged(kit.store, limit=9)] == ["First", "Second!"]
    for wait in (timedelta(minutes=30), timedelta(hours=6), timedelta(hours=30)):
        kit.clock.advance(seconds=wait.total_seconds())
        pages.run(kit, extract)
    assert article(kit, 1)["status"] == "failed"
    assert article(kit, 1)["reason"] == "HTTP 503"
    kit.clock.advance(days=30)
    kit.fetcher.asked.clear()
    pages.run(kit, extract)
    assert kit.fetcher.asked == []


def test_a_glued_page_becomes_several_articles(kit: Kit) -> None:
    kit.fetcher.serves("https://a.test/1", "Main.|Curbs|Servers")
    kit.fetcher.serves("https://a.test/2", "Two.")
    pages.run(kit, extract)
    rows = kit.store.rows(
        "SELECT title, url, part_of FROM articles WHERE part_of IS NOT NULL ORDER BY id"
    )
    main = article(kit, 1)["id"]
    assert [tuple(row) for row in rows] == [
        ("Curbs", "https://a.test/1#article-2", main),
        ("Servers", "https://a.test/1#article-3", main),
    ]


def test_an_edited_entry_brings_the_new_text_and_keeps_the_old(kit: Kit) -> None:
    kit.fetcher.serves("https://a.test/1", "One.")
    kit.fetcher.serves("https://a.test/2", "Two.")
    pages.run(kit, extract)
    announce(kit, ("1", "First, corrected"), ("2", "Second"))
    kit.fetcher.serves("https://a.test/1", "One, corrected.")
    assert pages.run(kit, extract).stored == 1
    assert article(kit, 1)["text"] == "One, corrected."
    assert kit.store.value("SELECT text FROM article_versions") == "One."


STORY = "The plant number {0} in {0} is late, said owner {0}.\nNobody in {0} says more about {0}."
LETTER = "Get our letter every morning before the markets open."


def test_a_line_that_a_site_repeats_is_learnt_once_a_page(kit: Kit) -> None:
    def say(number: int) -> str:
        return f"{STORY.format('x' * number)}\n{LETTER}"

    announce(kit, *((str(number), f"News {number}") for number in range(1, 8)))
    for number in range(1, 8):
        kit.fetcher.serves(f"https://a.test/{number}", say(number))
    pages.run(kit, extract)
    texts = [row["text"] for row in kit.store.rows("SELECT text FROM articles ORDER BY fetched_at")]
    assert sum(LETTER in text for text in texts) == boilerplate.REPEATED - 1
    learnt = kit.store.rows("SELECT * FROM site_lines ORDER BY line_hash")

    announce(kit, ("1", "News 1, corrected"))
    pages.run(kit, extract)
    assert LETTER not in str(article(kit, 1)["text"])
    assert kit.store.rows("SELECT * FROM site_lines ORDER BY line_hash") == learnt
