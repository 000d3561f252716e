"""Pages: fetched, cleaned and stored; a bad one costs itself and says why."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.store import Store, feeds, readings
from pipeline.adapters.workers import InlineWorkers
from pipeline.jobs import pages, poll
from pipeline.jobs.kit import Kit
from pipeline.models.articles import Extracted, PageTask
from pipeline.models.feeds import FeedSource
from pipeline.models.pages import Response
from pipeline.models.policies import FetchPolicy
from pipeline.models.readings import Reading, ReadPage
from pipeline.models.tags import Tag
from pipeline.ports import WorkerFailure
from pipeline.steps.extraction import boilerplate
from pipeline.steps.pages import content_hash
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


def read(task: PageTask) -> ReadPage:
    """Take the page for its text; "BOOM" stands for a page that breaks the parser.

    Every text is about HBM, names one company once a word, and is sketched by its length.
    """
    text = task.html.decode()
    if text == "BOOM":
        raise ValueError("no such markup")
    if text.startswith("stub:"):
        return ReadPage(Extracted(stub=text.removeprefix("stub:")))
    first, *parts = text.split("|")
    own = boilerplate.without_repeated(first, dict(task.site_lines))
    article = Extracted(
        title=f"{task.feed_title}!", text=first, language="en",
        parts=tuple(Extracted(title=part, text=f"text of {part}") for part in parts),
    )  # fmt: skip
    return ReadPage(article, tuple(map(say, (own, *(part.text for part in article.parts)))))


def say(text: str) -> Reading:
    tag = Tag(0, "hbm", 0.9, True, "tag", model_id="m")
    said = {"Acme": len(text.split())}
    return Reading("m", content_hash(text), (tag,), said, frozenset({len(text)}))


def run(kit: Kit) -> pages.PagesReport:
    return pages.run(kit, lambda: read)


def article(kit: Kit, number: int) -> dict[str, object]:
    row = kit.store.row("SELECT * FROM articles WHERE url = ?", (f"https://a.test/{number}",))
    assert row is not None
    return dict(row)


def test_every_due_page_is_fetched_once(kit: Kit) -> None:
    kit.fetcher.serves("https://a.test/1", "One.")
    kit.fetcher.serves("https://a.test/2", "Two.")
    done = pages.PagesReport(fetched=2, stored=2, tagged=2, on_topic=2)
    assert run(kit) == done
    assert (article(kit, 1)["title"], article(kit, 1)["text"]) == ("First!", "One.")
    kit.fetcher.asked.clear()
    assert run(kit) == pages.PagesReport()
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
    run(kit)
    assert article(kit, 1)["status"] == status
    assert reason in str(article(kit, 1)["reason"])
    assert article(kit, 1)["next_fetch_at"] is None
    assert article(kit, 2)["text"] == "Two."


class ShotWorkers(InlineWorkers):
    """Workers that the kernel ends for want of memory, so many times for one article."""

    def __init__(self, article_id: int, times: int) -> None:
        self.article_id, self.left = article_id, times

    def run_all(self, function: Any, tasks: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        for task, answer in super().run_all(function, tasks):
            if task.article_id == self.article_id and self.left:
                self.left -= 1
                yield task, WorkerFailure("crashed", "ended by SIGKILL", outside=True)
            else:
                yield task, answer


@pytest.mark.parametrize(
    ("shots", "status"),
    [
        pytest.param(2, "ok", id="twice: read at the third"),
        pytest.param(99, "failed", id="always: given up"),
    ],
)
def test_a_page_whose_worker_was_killed_from_outside_is_tried_again(
    kit: Kit, shots: int, status: str
) -> None:
    kit.fetcher.serves("https://a.test/1", "One.")
    kit.fetcher.serves("https://a.test/2", "Two.")
    shot = replace(kit, workers=ShotWorkers(1, shots))
    for hours in (0, 1, 7, 31, 100):
        kit.clock.advance(hours=hours)
        run(shot)
    assert article(kit, 1)["status"] == status
    assert article(kit, 2)["text"] == "Two."
    pages_asked = [asked.url for asked in kit.fetcher.asked if asked.url.endswith("/1")]
    assert len(pages_asked) == min(shots + 1, 4)


def test_a_page_that_is_down_is_tried_again_and_then_left(kit: Kit) -> None:
    url = "https://a.test/1"
    kit.fetcher.serves("https://a.test/2", "Two.")
    kit.fetcher.answers(url, Response(url, 503))
    run(kit)
    assert [task.title for task in readings.unread(kit.store, after=0, limit=9)] == ["First"]
    for wait in (timedelta(minutes=30), timedelta(hours=6), timedelta(hours=30)):
        kit.clock.advance(seconds=wait.total_seconds())
        run(kit)
    assert article(kit, 1)["status"] == "failed"
    assert article(kit, 1)["reason"] == "HTTP 503"
    kit.clock.advance(days=30)
    kit.fetcher.asked.clear()
    run(kit)
    assert kit.fetcher.asked == []


def test_a_glued_page_becomes_several_articles(kit: Kit) -> None:
    kit.fetcher.serves("https://a.test/1", "Main.|Curbs|Servers")
    kit.fetcher.serves("https://a.test/2", "Two.")
    run(kit)
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
    run(kit)
    announce(kit, ("1", "First, corrected"), ("2", "Second"))
    kit.fetcher.serves("https://a.test/1", "One, corrected.")
    assert run(kit).stored == 1
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
    run(kit)
    texts = [row["text"] for row in kit.store.rows("SELECT text FROM articles ORDER BY fetched_at")]
    assert sum(LETTER in text for text in texts) == boilerplate.REPEATED - 1
    learnt = kit.store.rows("SELECT * FROM site_lines ORDER BY line_hash")

    announce(kit, ("1", "News 1, corrected"))
    run(kit)
    assert LETTER not in str(article(kit, 1)["text"])
    assert kit.store.rows("SELECT * FROM site_lines ORDER BY line_hash") == learnt


def test_what_a_page_says_is_stored_with_it(kit: Kit) -> None:
    kit.fetcher.serves("https://a.test/1", "One two.|Curbs")
    kit.fetcher.serves("https://a.test/2", "Two.")
    run(kit)
    rows = kit.store.rows(
        "SELECT a.title, t.topic, a.tagged_by, m.count FROM articles a"
        " JOIN tags t ON t.article_id = a.id JOIN mentions m ON m.article_id = a.id"
        " WHERE a.id = 1 OR a.part_of = 1 ORDER BY a.id"
    )
    assert [tuple(row) for row in rows] == [("First!", "hbm", "m", 2), ("Curbs", "hbm", "m", 3)]
    assert kit.store.value("SELECT count(*) FROM article_sketches") == 3
    assert readings.unread(kit.store, after=0, limit=9) == []


def test_an_unchanged_text_keeps_what_was_said_of_it(kit: Kit) -> None:
    kit.fetcher.serves("https://a.test/1", "One.")
    kit.fetcher.serves("https://a.test/2", "Two.")
    run(kit)
    with kit.store.transaction():
        kit.store.execute("UPDATE articles SET tagged_by = 'trained'")
    announce(kit, ("1", "First, corrected"), ("2", "Second"))
    assert run(kit).tagged == 0
    assert article(kit, 1)["tagged_by"] == "trained"


def test_no_reader_is_made_when_no_page_is_due(kit: Kit) -> None:
    run(kit)

    def never() -> pages.Read:
        raise AssertionError("a reader was asked for")

    assert pages.run(kit, never) == pages.PagesReport()


def test_a_line_the_site_has_begun_to_repeat_is_left_out_before_the_article_is_read(
    kit: Kit,
) -> None:
    def story(number: int) -> str:
        return f"{STORY.format('x' * number)}\n{LETTER}"

    numbers = range(1, 2 * boilerplate.REPEATED)
    for number in numbers:
        announce(kit, (str(number), f"News {number}"))
        kit.fetcher.serves(f"https://a.test/{number}", story(number))
        run(kit)
    # The page on which the line is known for the site's was read with it: it is due again.
    due = readings.unread(kit.store, after=0, limit=9)
    assert [task.title for task in due] == [f"News {boilerplate.REPEATED}!"]
    assert LETTER not in due[0].text
