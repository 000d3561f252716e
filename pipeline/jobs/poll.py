"""Poll the feeds that are due and store what they announce."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from pipeline.adapters.store import Store, entries
from pipeline.adapters.store import feeds as table
from pipeline.models.feeds import Feed, FeedTask, ParsedFeed, ParseProblem
from pipeline.models.pages import Fetched, Request, Response
from pipeline.models.policies import FetchPolicy
from pipeline.ports import Clock, Fetcher, WorkerFailure, Workers
from pipeline.steps import freshness
from pipeline.steps.feeds import Decision, decide, parse_task
from pipeline.steps.urls import key

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one run of the job did, in feeds and entries."""

    feeds: int = 0
    unchanged: int = 0
    failed: int = 0
    new: int = 0
    updated: int = 0


@dataclass(frozen=True, slots=True)
class Polled:
    """One feed with what came of asking: `parsed` is None where nothing was worth parsing."""

    feed: Feed
    fetched: Fetched
    parsed: ParsedFeed | ParseProblem | None = None


def run(
    store: Store,
    fetcher: Fetcher,
    workers: Workers,
    *,
    clock: Clock,
    policy: FetchPolicy,
    force: bool = False,
    progress: Callable[[str, int], None] = lambda _what, _count: None,
) -> PollReport:
    """Poll every due feed (every feed with `force`, conditionally all the same).

    Each feed is stored in one transaction as soon as it is understood: its entries together
    with the validators they came with.
    """
    now = clock.now()
    due = [f for f in table.listed(store) if not f.source.options.paused] if force else table.due(store, now)
    report = PollReport()
    for polled in ask(due, fetcher, workers, clock):
        report = add(report, save(store, polled, clock=clock, policy=policy))
        progress("feeds", 1)
    return report


def ask(due: list[Feed], fetcher: Fetcher, workers: Workers, clock: Clock) -> Iterator[Polled]:
    """Yield each feed with its answer as it comes; fetching and parsing overlap."""
    by_id = {feed.id: feed for feed in due}
    settled: list[Polled] = []
    responses: dict[int, Response] = {}
    for task, parsed in workers.run_all(
        parse_task, to_tasks(due, fetcher, clock, responses, settled)
    ):
        if isinstance(parsed, WorkerFailure):
            parsed = ParseProblem("a feed that cannot be read", f"{parsed.reason}: {parsed.detail}")
        yield Polled(by_id[task.feed_id], responses.pop(task.feed_id), parsed)
        while settled:
            yield settled.pop()
    yield from settled


def to_tasks(
    due: Iterable[Feed],
    fetcher: Fetcher,
    clock: Clock,
    responses: dict[int, Response],
    settled: list[Polled],
) -> Iterator[FeedTask]:
    """Yield a task for each body worth parsing; all other answers go to `settled`."""
    now = clock.now()
    by_url = {feed.url: feed for feed in due}
    requests = [
        Request(feed.url, freshness.request_headers(feed.source, feed.memory, now=now), "feed")
        for feed in due
    ]
    for request, fetched in fetcher.fetch_all(requests):
        feed = by_url[request.url]
        if isinstance(fetched, Response) and freshness.worth_parsing(feed.memory, fetched):
            responses[feed.id] = fetched
            kind = fetched.headers.get("content-type", "")
            yield FeedTask(feed.id, fetched.body, kind, fetched.url, clock.now())
        else:
            settled.append(Polled(feed, fetched))


def save(store: Store, polled: Polled, *, clock: Clock, policy: FetchPolicy) -> PollReport:
    """Store one feed's answer: entries, validators and next poll in one transaction."""
    feed, parsed, now = polled.feed, polled.parsed, clock.now()
    with store.transaction():
        decisions = recognise(store, feed, parsed)
        fresh = [d.entry for d in decisions if d.outcome == "new"]
        edited = [d for d in decisions if d.outcome == "updated" and d.known is not None]
        update = freshness.decide(
            feed.source, feed.memory, polled.fetched, parsed, new=len(fresh), now=now, policy=policy
        )
        for entry in fresh:
            entries.add(store, feed, entry, key=key(entry.url) or entry.guid, now=now)
        for decision in edited:
            assert decision.known is not None  # filtered above
            entries.edit(store, feed, decision.entry, guid=decision.known.guid, now=now)
        table.remember(store, feed.id, update.memory)
        if update.moved_to:
            table.move(store, feed.id, update.moved_to)
    log = logger.warning if update.memory.failures else logger.info
    log("feed_polled feed=%s outcome=%s new=%d", feed.url, update.reason, len(fresh))
    failed = int(update.memory.failures > 0)
    return PollReport(1, int(parsed is None and not failed), failed, len(fresh), len(edited))


def recognise(
    store: Store, feed: Feed, parsed: ParsedFeed | ParseProblem | None
) -> tuple[Decision, ...]:
    if not isinstance(parsed, ParsedFeed):
        return ()
    return decide(parsed.entries, entries.known(store, feed.id), canonical=key)


def add(one: PollReport, other: PollReport) -> PollReport:
    return replace(
        one,
        feeds=one.feeds + other.feeds,
        unchanged=one.unchanged + other.unchanged,
        failed=one.failed + other.failed,
        new=one.new + other.new,
        updated=one.updated + other.updated,
    )
