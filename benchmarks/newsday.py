"""A simulated day of 200 mixed feeds: how many requests it costs, how many were conditional.

The publishers are simulated answer by answer, the clock is turned; request, decision and
memory are the real ones. After a day to learn each feed's rhythm, the second day counts.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.models.feeds import Entry, Feed, FeedSource, ParsedFeed, Poll
from pipeline.models.pages import Failure, Fetched, Request, Response
from pipeline.models.policies import FetchPolicy
from pipeline.steps import freshness
from tests.fakes import TurnedClock

ENTRIES = 25
TICK_MINUTES = 5
# Shares of the simulated publishers; about what two published counts of reader traffic found:
# 55 to 70 % of answers 304, 10 to 30 % the same body again.
KINDS = {
    "etag": 80,
    "last-modified": 40,
    "neither": 34,
    "max-age of 2 h": 16,
    "404": 10,
    "429, two hours": 6,
    "unreachable": 8,
    "gone": 6,
}
GAPS_H = (0.25, 1.0, 3.0, 8.0, 30.0)


@dataclass(frozen=True, slots=True)
class Publisher:
    """One simulated feed: what kind of server, and the hours between its entries."""

    kind: str
    gap: timedelta

    def newest(self, now: datetime) -> int:
        return int(now.timestamp() // self.gap.total_seconds())

    def answer(self, request: Request, now: datetime) -> Fetched:
        failures = {"404": 404, "429, two hours": 429, "gone": 410}
        if self.kind == "unreachable":
            return Failure(request.url, "connect", "refused")
        if self.kind in failures:
            return Response(request.url, failures[self.kind], {"retry-after": "7200"})
        newest = str(self.newest(now))
        headers: dict[str, str] = {}
        if self.kind in ("etag", "max-age of 2 h"):
            headers["etag"] = f'"{newest}"'
        if self.kind == "last-modified":
            headers["last-modified"] = newest
        if self.kind == "max-age of 2 h":
            headers["cache-control"] = "max-age=7200"
        if request.validators and all(
            value.strip('"') == newest for _, value in request.validators
        ):
            return Response(request.url, 304, headers)
        return Response(request.url, 200, headers, newest.encode())

    def parsed(self, now: datetime) -> ParsedFeed:
        newest = self.newest(now)
        entries = [
            Entry(str(number), "", "", published_at=datetime.fromtimestamp(0, now.tzinfo)
                  + number * self.gap)
            for number in range(newest, newest - ENTRIES, -1)
        ]  # fmt: skip
        return ParsedFeed("rss20", tuple(entries))


def publishers() -> Iterator[tuple[Feed, Publisher]]:
    number = 0
    for kind, count in KINDS.items():
        for _ in range(count):
            number += 1
            url = f"http://{hashlib.sha256(str(number).encode()).hexdigest()[:8]}.test/feed"
            gap = timedelta(hours=GAPS_H[number % len(GAPS_H)])
            yield Feed(number, FeedSource(url)), Publisher(kind, gap)


def simulate_day() -> list[str]:
    """Return the report, line by line."""
    clock, watched = TurnedClock(), list(publishers())
    known: dict[int, int] = {}
    counts: Counter[str] = Counter()
    for _day in (1, 2):
        counts.clear()
        for _ in range(24 * 60 // TICK_MINUTES):
            now = clock.advance(minutes=TICK_MINUTES)
            watched = [poll_if_due(*pair, now, known, counts) for pair in watched]
    asked = counts["asked"]
    lines = [f"the second day of {len(watched)} mixed feeds: {asked} requests, "
             f"{asked / len(watched):.1f} a feed"]  # fmt: skip
    rows = ("conditional", "304", "same body", "entries", "failed")
    return lines + [f"  {name:12} {counts[name]:5}  {counts[name] / asked:6.1%}" for name in rows]


def poll_if_due(
    feed: Feed, publisher: Publisher, now: datetime, known: dict[int, int], counts: Counter[str]
) -> tuple[Feed, Publisher]:
    if not freshness.due(feed.memory, now=now):
        return feed, publisher
    request = freshness.request(feed, now=now)
    came = publisher.answer(request, now)
    parsed, new = None, 0
    if freshness.wants_reading(feed.memory, came):
        parsed = publisher.parsed(now)
        newest = publisher.newest(now)
        new = min(ENTRIES, newest - known.get(feed.id, newest - ENTRIES))
        known[feed.id] = newest
    update = freshness.decide(feed, Poll(request, came, parsed, new), now=now, policy=FetchPolicy())
    counts["asked"] += 1
    counts["conditional"] += bool(request.validators)
    not_modified = isinstance(came, Response) and came.status == 304
    outcome = {"unchanged": "304" if not_modified else "same body"}
    counts[outcome.get(update.outcome, update.outcome)] += 1
    return replace(feed, memory=update.memory), publisher
