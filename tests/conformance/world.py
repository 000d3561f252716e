"""One feed under watch: the server that has it, the clock, and what chipwire remembers of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime

from pipeline.adapters.http import HttpFetcher
from pipeline.models.feeds import (
    Feed,
    FeedMemory,
    FeedOptions,
    FeedSource,
    FeedTask,
    FeedUpdate,
    ParsedFeed,
    ParseProblem,
    Poll,
)
from pipeline.models.pages import Fetched, Request, Response
from pipeline.models.policies import FetchPolicy
from pipeline.steps import freshness
from pipeline.steps.feeds import parse_task
from tests.conformance.server import RecordingServer, Seen, reply
from tests.fakes import TurnedClock

URL = "http://a.test/feed"
POLICY = FetchPolicy(
    contact="mailto:desk@example.org",
    allow_networks=("127.0.0.0/8",),
    timeout_s=5,
    connect_timeout_s=5,
)


class Watch:
    """A feed polled the way the poll job does it, without a store: memory and known guids."""

    def __init__(
        self,
        server: RecordingServer,
        clock: TurnedClock,
        *,
        url: str = URL,
        policy: FetchPolicy = POLICY,
        options: FeedOptions | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.server, self.clock, self.policy = server, clock, policy
        self.feed = Feed(1, FeedSource(url, options=options or FeedOptions()))
        self.headers = headers
        self.known: set[str] = set()
        self.parsed = 0
        self.updates: list[FeedUpdate] = []
        self.fetcher = HttpFetcher(policy, clock, version="1.0", resolve=server.resolve)

    @property
    def memory(self) -> FeedMemory:
        return self.feed.memory

    def poll(self) -> FeedUpdate:
        """Poll now, due or not, and remember the outcome."""
        asked = freshness.request(self.feed, now=self.clock.now(), headers=self.headers)
        [(_, came)] = self.fetcher.fetch_all([asked])
        update = self.decide(asked, came)
        self.updates.append(update)
        source = self.feed.source
        if update.url:
            source = replace(source, url=update.url)
        self.feed = Feed(1, source, update.memory)
        return update

    def decide(self, asked: Request, came: Fetched) -> FeedUpdate:
        parsed: ParsedFeed | ParseProblem | None = None
        new = 0
        if freshness.wants_reading(self.memory, came) and isinstance(came, Response):
            kind = came.headers.get("content-type", "")
            parsed = parse_task(FeedTask(1, came.body, kind, came.url, self.clock.now()))
            self.parsed += 1
        if isinstance(parsed, ParsedFeed):
            guids = {entry.guid for entry in parsed.entries}
            new = len(guids - self.known)
            self.known |= guids
        poll = Poll(asked, came, parsed, new)
        return freshness.decide(self.feed, poll, now=self.clock.now(), policy=self.policy)

    def wait_and_poll(self) -> FeedUpdate:
        """Turn the clock to the next due poll, and poll."""
        self.clock.advance(seconds=self.wait().total_seconds())
        return self.poll()

    def wait(self) -> timedelta:
        """Return how long until the next poll is due."""
        due = self.memory.next_poll_at
        assert due is not None
        return max(due - self.clock.now(), timedelta(0))

    def watch(self, *, hours: float) -> int:
        """Poll whenever due for so long; return the number of requests it took."""
        before, end = len(self.server.seen), self.clock.now() + timedelta(hours=hours)
        while self.memory.next_poll_at is None or self.memory.next_poll_at <= end:
            if self.memory.status in ("gone", "paused"):
                break
            if self.memory.next_poll_at is None:
                self.poll()
            else:
                self.wait_and_poll()
        self.clock.advance(seconds=(end - self.clock.now()).total_seconds())
        return len(self.server.seen) - before

    @property
    def last(self) -> Seen:
        return self.server.seen[-1]


@contextmanager
def watching(*, url: str = URL, policy: FetchPolicy = POLICY) -> Iterator[Watch]:
    """Give a feed under watch, with its server and clock."""
    clock = TurnedClock()
    with RecordingServer(clock=clock) as server:
        yield Watch(server, clock, url=url, policy=policy)


def rss(
    *numbers: int, newest: datetime | None = None, every_h: float = 1, extra: str = ""
) -> bytes:
    """Return an RSS feed of the numbered entries; dated from `newest` back, if given."""
    items = []
    for position, number in enumerate(numbers):
        date = ""
        if newest:
            when = newest - timedelta(hours=every_h * position)
            date = f"<pubDate>{format_datetime(when)}</pubDate>"
        items.append(
            f"<item><guid>entry-{number}</guid><title>Entry {number} on wafers</title>"
            f"<link>http://a.test/{number}</link>{date}</item>"
        )
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>A</title>'
        f"<link>http://a.test/</link>{extra}{''.join(items)}</channel></rss>"
    ).encode()


def feed_reply(*numbers: int, **headers: str | None) -> bytes:
    """Return a 200 with an RSS feed of the numbered entries."""
    named = {"content_type": "application/rss+xml", **headers}
    return reply(200, rss(*numbers), **named)
