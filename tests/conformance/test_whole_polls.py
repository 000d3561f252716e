"""The rules that need a database: polls by the real job, over loopback, through restarts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.adapters.http import HttpFetcher
from pipeline.adapters.store import Store, feeds
from pipeline.adapters.store.hosts import StoredHosts
from pipeline.adapters.workers import InlineWorkers
from pipeline.errors import StoreLocked
from pipeline.jobs import poll
from pipeline.jobs.kit import Kit
from pipeline.models.feeds import FeedMemory, FeedSource
from tests.conformance.server import RecordingServer, reply
from tests.conformance.world import POLICY, URL, feed_reply
from tests.fakes import TurnedClock

OTHERS = [f"http://a.test/feed/{n}" for n in range(4)]


class Program:
    """chipwire, started anew for each poll over the same home."""

    def __init__(self, home: Path, server: RecordingServer, clock: TurnedClock) -> None:
        self.path, self.server, self.clock = home / "chipwire.db", server, clock

    def poll(self, *urls: str, force: bool = False) -> poll.PollReport:
        with Store(self.path, busy_ms=20) as store:
            feeds.watch(store, [FeedSource(url) for url in urls or (URL,)])
            fetcher = HttpFetcher(
                POLICY,
                self.clock,
                version="1",
                hosts=StoredHosts(store),
                resolve=self.server.resolve,
            )
            kit = Kit(store, fetcher, InlineWorkers(), self.clock)
            return poll.run(kit, policy=POLICY, secrets={}, force=force)

    def memories(self) -> list[FeedMemory]:
        with Store(self.path) as store:
            return [feed.memory for feed in feeds.listed(store)]

    def titles(self) -> list[str]:
        with Store(self.path) as store:
            return [row["title"] for row in store.rows("SELECT title FROM articles ORDER BY id")]


@contextmanager
def program(home: Path) -> Iterator[Program]:
    clock = TurnedClock()
    with RecordingServer(clock=clock) as server:
        yield Program(home, server, clock)


def test_c01_adding_a_feed_costs_one_get(tmp_path: Path) -> None:
    with program(tmp_path) as chipwire:
        chipwire.server.answers(URL, feed_reply(1, 2, etag='"1"'))
        assert chipwire.poll().new == 2
        assert [seen.method for seen in chipwire.server.seen] == ["GET"]


def test_c08_validators_survive_a_restart_and_a_manual_refresh_sends_them(tmp_path: Path) -> None:
    with program(tmp_path) as chipwire:
        chipwire.server.answers(URL, feed_reply(1, etag='W/"1, a"'), reply(304))
        chipwire.poll()
        assert chipwire.poll(force=True).unchanged == 1
        assert chipwire.server.seen[1].headers["if-none-match"] == 'W/"1, a"'


def test_c13_an_entry_that_could_not_be_stored_is_fetched_again(tmp_path: Path) -> None:
    with program(tmp_path) as chipwire:
        chipwire.server.answers(URL, feed_reply(1, etag='"1"'), feed_reply(1, 2, etag='"2"'))
        chipwire.poll()
        chipwire.clock.advance(hours=2)
        with Store(chipwire.path) as editor, editor.transaction():
            editor.execute("UPDATE feeds SET title = title")
            with pytest.raises(StoreLocked):
                chipwire.poll()
        assert len(chipwire.titles()) == 1
        chipwire.poll()
        assert chipwire.server.seen[-1].headers["if-none-match"] == '"1"'
        assert len(chipwire.titles()) == 2


def test_c17_ten_restarts_in_ten_minutes_ask_nothing(tmp_path: Path) -> None:
    with program(tmp_path) as chipwire:
        chipwire.server.answers(URL, feed_reply(1))
        chipwire.poll()
        for _ in range(10):
            chipwire.clock.advance(minutes=1)
            chipwire.poll()
        assert len(chipwire.server.seen) == 1


def test_c21_a_believed_move_replaces_the_stored_address(tmp_path: Path) -> None:
    with program(tmp_path) as chipwire:
        chipwire.server.answers(URL, reply(301, location="http://b.test/feed"))
        chipwire.server.answers("http://b.test/feed", feed_reply(1, etag='"b"'), reply(304))
        for _ in range(4):
            chipwire.poll(force=True)
            chipwire.clock.advance(hours=9)
        with Store(chipwire.path) as store:
            assert store.value("SELECT url FROM feeds") == "http://b.test/feed"
        assert len(chipwire.titles()) == 1


def test_c22_a_gone_feed_is_asked_no_more_even_with_force(tmp_path: Path) -> None:
    with program(tmp_path) as chipwire:
        chipwire.server.answers(URL, reply(410))
        chipwire.poll()
        chipwire.clock.advance(hours=25)
        chipwire.poll()
        assert [memory.status for memory in chipwire.memories()] == ["gone"]
        chipwire.clock.advance(days=30)
        chipwire.poll(force=True)
        assert len(chipwire.server.seen) == 2


def test_c23_retry_after_holds_through_a_restart_and_under_force(tmp_path: Path) -> None:
    with program(tmp_path) as chipwire:
        chipwire.server.answers(URL, reply(429, retry_after="7200"), feed_reply(1))
        chipwire.poll()
        chipwire.clock.advance(hours=1.9)
        chipwire.poll(force=True)
        assert len(chipwire.server.seen) == 1
        chipwire.clock.advance(hours=0.3)
        assert chipwire.poll().new == 1


def test_c26_a_web_page_deletes_nothing(tmp_path: Path) -> None:
    with program(tmp_path) as chipwire:
        chipwire.server.answers(URL, feed_reply(1, 2), reply(200, b"<html>Oops</html>"))
        chipwire.poll()
        before = chipwire.titles()
        assert chipwire.poll(force=True).failed == 1
        assert chipwire.titles() == before


def test_c27_a_host_that_refuses_twice_is_left_alone_by_the_next_program_too(
    tmp_path: Path,
) -> None:
    with program(tmp_path) as chipwire:
        for url in OTHERS:
            chipwire.server.answers(url, reply(429, retry_after="3600"))
        chipwire.poll(*OTHERS)
        assert len(chipwire.server.seen) == 2
        assert sorted(memory.failures for memory in chipwire.memories()) == [0, 0, 1, 1]
        chipwire.clock.advance(minutes=30)
        chipwire.poll(*OTHERS, "http://a.test/new", force=True)
        assert len(chipwire.server.seen) == 2
