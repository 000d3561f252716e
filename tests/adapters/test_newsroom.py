"""The newsroom's server: names, conditional requests, compression, time that is turned."""

import gzip
import http.client
import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import feedparser
import pytest

from pipeline.adapters.newsroom import Newsroom, load_archive
from pipeline.steps.newsroom.values import Archive, Resource, Truth

ANCHOR = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
FULL_FEED = "http://www.foundrypost.test/feed"
PLAIN_FEED = "http://www.meridianwire.test/rss/all.xml"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def get(newsroom: Newsroom, url: str, headers: dict[str, str] | None = None) -> Answer:
    parts = urlsplit(url)
    [(address, port)] = newsroom.resolve(parts.hostname or "", 80)
    connection = http.client.HTTPConnection(address, port, timeout=10)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"Host": parts.hostname or "", **(headers or {})})
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def archive() -> Archive:
    return load_archive()


@pytest.fixture(scope="module")
def newsroom(archive: Archive) -> Iterator[Newsroom]:
    with Newsroom(ANCHOR, archive=archive) as running:
        yield running


def titles(newsroom: Newsroom, url: str) -> list[str]:
    body = get(newsroom, url).body
    if url.endswith(".json"):
        return [item["title"] for item in json.loads(body)["items"]]
    return [entry.title for entry in feedparser.parse(body).entries]


def own(newsroom: Newsroom, feed_url: str) -> list[Truth]:
    host = urlsplit(feed_url).hostname
    return [truth for truth in newsroom.truth if urlsplit(truth.url).hostname == host]


def test_every_feed_lists_its_outlets_articles_newest_first(newsroom: Newsroom) -> None:
    for feed in newsroom.feeds[:-1]:
        expected = [truth.title for truth in own(newsroom, feed.url)]
        assert titles(newsroom, feed.url) == expected, feed.url


def test_every_article_and_twin_is_served_at_its_address(newsroom: Newsroom) -> None:
    for truth in newsroom.truth:
        for url in (truth.url, *truth.twins):
            answer = get(newsroom, url)
            assert answer.status == 200, url
            assert answer.headers["content-type"].startswith("text/html")


def test_links_in_feeds_lead_to_pages_whatever_tracking_they_carry(newsroom: Newsroom) -> None:
    for feed in newsroom.feeds:
        if feed.url.endswith(".json"):
            continue
        for entry in feedparser.parse(get(newsroom, feed.url).body).entries:
            assert get(newsroom, entry.link).status == 200, entry.link


@pytest.mark.parametrize(
    ("url", "echoed"),
    [
        (FULL_FEED, {"etag": "if-none-match"}),
        (FULL_FEED, {"last-modified": "if-modified-since"}),
        (FULL_FEED, {"etag": "if-none-match", "last-modified": "if-modified-since"}),
        ("http://waferline.test/atom.xml", {"etag": "if-none-match"}),
        (PLAIN_FEED, {"last-modified": "if-modified-since"}),
    ],
    ids=["strong tag alone", "date alone", "both", "weak tag", "a server without tags"],
)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_an_echoed_validator_brings_a_bare_304(
    newsroom: Newsroom, url: str, echoed: dict[str, str], coding: str
) -> None:
    accept = {"Accept-Encoding": coding}
    first = get(newsroom, url, accept)
    conditions = {asked: first.headers[given] for given, asked in echoed.items()}
    second = get(newsroom, url, accept | conditions)
    assert (second.status, second.body) == (304, b"")
    for name in ("etag", "last-modified", "cache-control"):
        assert second.headers.get(name) == first.headers.get(name)
    assert newsroom.requests[-1].headers.items() >= conditions.items()


@pytest.mark.parametrize(
    "conditions",
    [
        {"If-None-Match": '"somebody-elses"'},
        {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 -0000"},
        {
            "If-None-Match": '"somebody-elses"',
            "If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT",
        },
    ],
    ids=["another tag", "an older date", "no date", "a date without zone", "the tag outranks"],
)
def test_anything_else_brings_the_whole_feed(
    newsroom: Newsroom, conditions: dict[str, str]
) -> None:
    assert get(newsroom, FULL_FEED, conditions).status == 200


@pytest.mark.parametrize(
    ("offer", "zipped"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("gzip;q=0", False), ("br", False)],
)
def test_gzip_is_sent_only_where_it_is_accepted(
    newsroom: Newsroom, offer: str, zipped: bool
) -> None:
    plain = get(newsroom, FULL_FEED).body
    answer = get(newsroom, FULL_FEED, {"Accept-Encoding": offer})
    assert (answer.headers.get("content-encoding") == "gzip") is zipped
    assert (gzip.decompress(answer.body) if zipped else answer.body) == plain
    assert answer.headers["vary"] == "Accept-Encoding"


def test_a_missing_page_is_a_404(newsroom: Newsroom) -> None:
    assert get(newsroom, "http://www.foundrypost.test/nowhere").status == 404


def test_a_name_outside_the_newsroom_does_not_resolve(newsroom: Newsroom) -> None:
    with pytest.raises(socket.gaierror):
        newsroom.resolve("www.example.org", 80)


def test_turning_time_publishes_a_day_at_a_time(archive: Archive) -> None:
    with Newsroom(ANCHOR, moment=ANCHOR - timedelta(days=1), archive=archive) as running:
        before = get(running, PLAIN_FEED)
        early = titles(running, PLAIN_FEED)
        running.turn_to(ANCHOR)
        condition = {"If-Modified-Since": before.headers["last-modified"]}
        assert get(running, PLAIN_FEED, condition).status == 200
        late = titles(running, PLAIN_FEED)
        assert late[-len(early) :] == early
        assert len(late) > len(early) > 0


def test_another_resource_can_stand_in_and_be_put_back(archive: Archive) -> None:
    with Newsroom(ANCHOR, archive=archive) as running:
        down = Resource(b"<h1>maintenance</h1>", "text/html", ANCHOR, status=503)
        running.put(FULL_FEED, down)
        assert get(running, FULL_FEED).status == 503
        running.put(FULL_FEED, None)
        assert get(running, FULL_FEED).status == 200


def test_requests_of_several_clients_overlap_and_are_recorded_once(archive: Archive) -> None:
    with Newsroom(ANCHOR, archive=archive, latency_s=0.2) as running:
        urls = [feed.url for feed in running.feeds]
        threads = [threading.Thread(target=get, args=(running, url)) for url in urls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Counter(exchange.url for exchange in running.requests) == Counter(urls)
        last_start = max(exchange.started for exchange in running.requests)
        assert last_start < min(exchange.ended for exchange in running.requests)


def test_closing_ends_a_connection_that_is_kept_alive(archive: Archive) -> None:
    before = set(threading.enumerate())
    with Newsroom(ANCHOR, archive=archive) as running:
        [(address, port)] = running.resolve("waferline.test", 80)
        client = socket.create_connection((address, port), timeout=10)
        client.sendall(b"HEAD / HTTP/1.1\r\nHost: waferline.test\r\n\r\n")
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")
    with client:
        assert client.recv(65_536) == b""
    assert set(threading.enumerate()) <= before
