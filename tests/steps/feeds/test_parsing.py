"""Feeds of every format become entries; everything else becomes a reason."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from pipeline.errors import ParseError
from pipeline.models.feeds import FeedTask, ParsedFeed, ParseProblem
from pipeline.steps.feeds import parse, parse_task

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://news.test/feed"


def read(body: str | bytes, content_type: str = "application/xml") -> ParsedFeed:
    raw = body.encode() if isinstance(body, str) else body
    return parse(raw, content_type=content_type, url=URL, now=NOW)


NO_FEEDS = [
    pytest.param(b"", "empty", id="nothing at all"),
    pytest.param(b" \n\t", "empty", id="only blanks"),
    pytest.param(b"<html><body>Not found</body></html>", "HTML page", id="an error page"),
    pytest.param(b"<!DOCTYPE html><html></html>", "HTML page", id="a page with a doctype"),
    pytest.param(b"<html><rss>", "HTML page", id="a page that mentions rss"),
    pytest.param(b"just words", "neither", id="plain text"),
    pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "neither", id="an image"),
    pytest.param(b"{", "JSON", id="cut-off JSON"),
    pytest.param(b'{"a": 1}', "JSON", id="JSON that is no feed"),
    pytest.param(b"[" * 100_000, "JSON", id="deeply nested JSON"),
    pytest.param(b"<opml><body/></opml>", "OPML", id="a list of feeds"),
    pytest.param(b"<sitemapindex></sitemapindex>", "sitemap", id="an index of sitemaps"),
    pytest.param(b"<urlset></urlset>", "sitemap", id="a sitemap without news"),
]


@pytest.mark.parametrize(("body", "why"), NO_FEEDS)
def test_what_is_no_feed_says_why_and_what_to_do(body: bytes, why: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(body, content_type="text/html", url=URL, now=NOW)
    assert why in caught.value.why
    assert caught.value.fix


def test_a_page_names_the_feeds_it_offers() -> None:
    page = '<html><link rel="alternate" type="application/rss+xml" href="/rss.xml"></html>'
    with pytest.raises(ParseError) as caught:
        read(page, "text/html")
    assert "https://news.test/rss.xml" in caught.value.fix


def test_a_problem_travels_as_a_value() -> None:
    task = FeedTask(1, b"", "text/xml", URL, NOW)
    assert parse_task(task) == ParseProblem("not a feed", "the body is empty", "try again later")


def test_the_fields_of_an_rss_entry() -> None:
    feed = read(
        """<rss version="2.0"><channel><title>News</title><link>https://news.test/</link>
        <item><title>HBM4 ships</title><link>/a?x=1&amp;y=2</link><guid>4711</guid>
        <description>&lt;p&gt;First&lt;/p&gt;&lt;p&gt;second&lt;/p&gt;</description>
        <author>a@news.test (Ann Lee)</author>
        <pubDate>Mon, 23 Nov 2026 09:00:00 +0900</pubDate></item></channel></rss>"""
    )
    assert feed.format == "rss20"
    (entry,) = feed.entries
    assert (entry.guid, entry.url) == ("4711", "https://news.test/a?x=1&y=2")
    assert (entry.title, entry.summary, entry.author) == ("HBM4 ships", "First second", "Ann Lee")
    assert entry.published_at == datetime(2026, 11, 23, tzinfo=UTC)
    assert entry.date_source == "feed"
    assert feed.notes == ()


def test_usual_prefixes_need_no_declaration() -> None:
    feed = read(
        "<rss version='2.0'><channel><item><title>A</title><dc:creator>Ann</dc:creator>"
        "<content:encoded>&lt;p&gt;Text&lt;/p&gt;</content:encoded></item></channel></rss>"
    )
    (entry,) = feed.entries
    assert (entry.author, entry.body, feed.notes) == ("Ann", "<p>Text</p>", ())


def test_a_json_feed_may_hold_what_sqlite_refuses() -> None:
    feed = read(
        '{"version": "https://jsonfeed.org/version/1", "items":'
        ' [{"id": "a\\u0000\\ud800b", "content_html": "c\\u0000d"}]}'
    )
    assert [(entry.guid, entry.body) for entry in feed.entries] == [("ab", "cd")]


def test_guids_of_a_thousand_characters_stay_apart() -> None:
    items = "".join(f"<item><guid>{'x' * 2_000}{n}</guid><title>t</title></item>" for n in (1, 2))
    feed = read(f"<rss version='2.0'><channel>{items}</channel></rss>")
    assert [len(entry.guid) for entry in feed.entries] == [993, 993]
    assert len({entry.guid for entry in feed.entries}) == 2


def test_reading_settings_and_help_loads_no_parser() -> None:
    script = (
        "import sys, pipeline.steps.feeds, pipeline.steps.opml;"
        "print([name for name in ('feedparser', 'lxml', 'chardet', 'dateparser')"
        " if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
