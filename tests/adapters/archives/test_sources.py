"""Archives that lie elsewhere: WARC files at addresses, lists of addresses, stored feeds."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from pipeline.adapters.archives import ranges
from pipeline.adapters.archives.addresses import AddressArchive, addresses_in
from pipeline.adapters.archives.feeds import FeedArchive
from pipeline.adapters.archives.ranges import RangeSource
from pipeline.adapters.archives.warc import WarcArchive
from pipeline.adapters.workers import InlineWorkers
from pipeline.errors import ChipwireError, ConfigError
from pipeline.models.pages import Failure, Fetched, Request, Response
from tests.adapters.archives.warcs import WarcFile
from tests.fakes import ScriptedFetcher, rss

URL = "https://archive.test/news.warc.gz"


class RangeServer:
    """Serves one file in parts; remembers which were asked for, may fail or change."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.etags = iter(["one"] * 1000)
        self.failing = 0
        self.whole = False
        self.asked: list[str] = []

    def fetch_all(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Fetched]]:
        for request in requests:
            yield request, self.answer(request)

    def answer(self, request: Request) -> Fetched:
        headers = dict(request.headers)
        self.asked.append(headers["range"])
        if self.failing:
            self.failing -= 1
            return Failure(request.url, "timeout", "too slow")
        if self.whole:
            return Response(request.url, 200, {}, self.content)
        first, last = (int(end) for end in headers["range"].removeprefix("bytes=").split("-"))
        body = self.content[first : last + 1]
        total = len(self.content)
        given = {
            "content-range": f"bytes {first}-{first + len(body) - 1}/{total}",
            "etag": next(self.etags),
        }
        return Response(request.url, 206, given, body)


@pytest.fixture
def server() -> RangeServer:
    file = WarcFile(compress=False)
    for number in range(3):
        file.holds(f"https://a.test/{number}", b"<p>some text</p>" * 300_000)
    return RangeServer(file.bytes())


def test_a_warc_at_an_address_is_read_in_parts_each_once(server: RangeServer) -> None:
    archive = WarcArchive(RangeSource(URL, server))
    whole = list(archive.records(0))
    assert [record.url[-1] for record in whole] == ["0", "1", "2"]
    assert archive.size == len(server.content) > ranges.WINDOW
    assert list(archive.records(whole[0].position)) == whole[1:]


def test_a_part_that_fails_is_asked_for_again(server: RangeServer) -> None:
    server.failing = ranges.TRIES - 1
    assert RangeSource(URL, server).size == len(server.content)
    server.failing = ranges.TRIES
    with pytest.raises(ChipwireError, match="the same command goes on"):
        RangeSource(URL, server)


def test_a_server_without_ranges_is_refused(server: RangeServer) -> None:
    server.whole = True
    with pytest.raises(ConfigError, match="download it and give the file"):
        RangeSource(URL, server)


def test_a_file_that_changes_while_it_is_read_is_not_stitched_together(
    server: RangeServer,
) -> None:
    server.etags = iter(["one", "two"])
    archive = WarcArchive(RangeSource(URL, server))
    with pytest.raises(ChipwireError, match="changed while it was read"):
        list(archive.records(0))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://a.test/1\n# note\n\n https://a.test/2 \nhttps://a.test/1", 2),
        ("", 0),
        ("https://a.test/1\nnot an address", 0),
        ("https://a.test/1 and more", 0),
    ],
)
def test_a_list_holds_addresses_and_nothing_else(text: str, found: int) -> None:
    assert len(addresses_in(text)) == found


def test_pages_of_a_list_are_fetched_once_those_that_failed_for_now_again() -> None:
    fetcher = ScriptedFetcher()
    fetcher.serves("https://a.test/1", "<p>one</p>")
    fetcher.fails("https://a.test/2", "timeout")
    fetcher.answers("https://a.test/3", Response("https://a.test/3", 410))
    urls = [f"https://a.test/{number}" for number in (1, 2, 3, 4)]
    archive = AddressArchive("urls.txt", urls, fetcher, worth=lambda url: url[-1] != "4")
    one, two, three = archive.records(0, set())
    assert (one.url, one.body, one.settled) == ("https://a.test/1", b"<p>one</p>", True)
    assert (two.faulty, two.settled) == (True, False)
    assert (three.reason, three.settled) == ("HTTP 410", True)
    fetcher.asked.clear()
    list(archive.records(0, {one.key, three.key}))
    assert [request.url for request in fetcher.asked] == ["https://a.test/2"]


def test_stored_feeds_give_what_they_announced_once(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(rss(("1", "First"), ("2", "Second")))
    (tmp_path / "b.xml").write_text("no feed at all")
    archive = FeedArchive(tmp_path, list(tmp_path.iterdir()), InlineWorkers())
    first, second, bad = archive.records(0, set())
    assert (first.url, first.feed_title) == ("https://a.test/1", "First")
    assert first.feed_body == "About First."
    assert first.feed_published_at is not None
    assert (second.key != first.key, bad.faulty) == (True, True)
    assert bad.position == archive.size
    assert [record.key for record in archive.records(0, {first.key, bad.key})] == [second.key]
