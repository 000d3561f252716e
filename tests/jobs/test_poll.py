"""Polling: entries and validators are stored together, once, whatever else goes wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, feeds
from pipeline.adapters.workers import InlineWorkers
from pipeline.errors import StoreLocked
from pipeline.jobs import poll
from pipeline.jobs.kit import Kit
from pipeline.models.feeds import FeedOptions, FeedSource
from pipeline.models.pages import Response
from pipeline.models.policies import FetchPolicy
from tests.fakes import ScriptedFetcher, TurnedClock, rss

A, B = "https://a.test/feed", "https://b.test/feed"
XML = "application/rss+xml"


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    with Store(tmp_path / "chipwire.db", busy_ms=50) as store:
        feeds.watch(store, [FeedSource(A, "A Test"), FeedSource(B, "B Test")])
        yield Kit(store, ScriptedFetcher(), InlineWorkers(), TurnedClock())


def run(kit: Kit, *, force: bool = False, secrets: dict[str, str] | None = None) -> poll.PollReport:
    return poll.run(kit, policy=FetchPolicy(), secrets=secrets or {}, force=force)


def titles(kit: Kit) -> list[str]:
    return [row["title"] for row in kit.store.rows("SELECT title FROM articles ORDER BY id")]


def test_one_bad_feed_stops_no_other(kit: Kit) -> None:
    kit.fetcher.fails(A)
    kit.fetcher.serves(B, rss(("1", "HBM news")), content_type=XML)
    assert run(kit) == poll.PollReport(feeds=2, failed=1, new=1)
    assert titles(kit) == ["HBM news"]
    bad = feeds.listed(kit.store)[0].memory
    assert bad.failures == 1
    assert "as the test says" in (bad.last_error or "")


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        pytest.param("<html><body>Sorry", "text/html", "web page", id="HTML instead of XML"),
        pytest.param("", XML, "empty", id="nothing at all"),
        pytest.param(b"\x00\xff\xfe\x01" * 50, XML, "", id="not text at all"),
        pytest.param('{"no": "feed"}', "application/json", "", id="JSON of another kind"),
    ],
)
def test_what_is_no_feed_is_a_reason_on_its_row(kit: Kit, body, kind: str, said: str) -> None:
    kit.fetcher.serves(A, body, content_type=kind)
    kit.fetcher.serves(B, rss(("1", "HBM news")), content_type=XML)
    assert run(kit).failed == 1
    assert titles(kit) == ["HBM news"]
    error = feeds.listed(kit.store)[0].memory.last_error
    assert error
    assert said in error


def test_the_second_poll_is_conditional_and_stores_nothing_again(kit: Kit) -> None:
    for url in (A, B):
        kit.fetcher.serves(
            url, rss(("1", f"News of {url}"), site=url), content_type=XML, etag='"1"'
        )
    run(kit)
    for url in (A, B):
        kit.fetcher.answers(url, Response(url, 304))
    kit.fetcher.asked.clear()
    assert run(kit, force=True) == poll.PollReport(feeds=2, unchanged=2)
    assert [request.validators for request in kit.fetcher.asked] == [
        (("if-none-match", '"1"'),)
    ] * 2
    assert len(titles(kit)) == 2


def test_nothing_due_asks_nobody(kit: Kit) -> None:
    run(kit)
    kit.fetcher.asked.clear()
    assert run(kit) == poll.PollReport()
    assert kit.fetcher.asked == []


def test_an_entry_that_could_not_be_stored_keeps_the_old_validators(
    kit: Kit, tmp_path: Path
) -> None:
    kit.fetcher.serves(A, rss(("1", "HBM news")), content_type=XML, etag='"1"')
    with Store(tmp_path / "chipwire.db") as browser, browser.transaction():
        browser.execute("UPDATE feeds SET title = title")
        with pytest.raises(StoreLocked):
            run(kit)
    assert feeds.listed(kit.store)[0].memory.etag is None
    assert run(kit).new == 1
    assert feeds.listed(kit.store)[0].memory.etag == '"1"'


def test_a_title_corrected_by_the_publisher_is_no_second_article(kit: Kit) -> None:
    kit.fetcher.serves(A, rss(("1", "HBM prices soar at maker")), content_type=XML)
    run(kit)
    kit.fetcher.serves(A, rss(("1", "HBM prices rise at maker")), content_type=XML)
    assert run(kit, force=True).updated == 1
    assert len(titles(kit)) == 1
    assert kit.store.value("SELECT title FROM sightings") == "HBM prices rise at maker"
    assert kit.store.value("SELECT title FROM sighting_versions") == "HBM prices soar at maker"
    assert kit.store.value("SELECT next_fetch_at IS NOT NULL FROM articles")


def test_a_feed_that_rewrites_its_guids_announces_nothing_old(kit: Kit) -> None:
    feed = rss(("1", "HBM news"))
    for number in range(10):
        kit.fetcher.serves(
            A, feed.replace("'>1</guid>", f"'>rewritten-{number}</guid>"), content_type=XML
        )
        run(kit, force=True)
        kit.clock.advance(hours=2)
    assert titles(kit) == ["HBM news"]


def test_configured_headers_take_their_values_from_the_environment(kit: Kit) -> None:
    options = FeedOptions(headers=(("X-Key", "A_KEY"), ("X-Other", "NOT_SET")))
    feeds.watch(kit.store, [FeedSource(A, "A Test", options=options)])
    run(kit, secrets={"A_KEY": "s3cret"})
    assert kit.fetcher.asked[0].headers == (("x-key", "s3cret"),)
    dump = "\n".join(kit.store.connection.iterdump())
    assert "s3cret" not in dump


def test_entries_without_a_page_are_told_apart_by_their_feed(kit: Kit) -> None:
    bare = (
        "<rss version='2.0'><channel><title>T</title><item><guid isPermaLink='false'>1</guid>"
        "<title>{}</title><description>Text.</description></item></channel></rss>"
    )
    kit.fetcher.serves(A, bare.format("HBM news"), content_type=XML)
    kit.fetcher.serves(B, bare.format("EUV news"), content_type=XML)
    run(kit)
    assert sorted(titles(kit)) == ["EUV news", "HBM news"]
    assert kit.store.value("SELECT count(*) FROM articles WHERE next_fetch_at IS NOT NULL") == 0
