"""Poll the feeds that are due and store what they announce."""

import logging
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.adapters.store import Store, entries
from pipeline.adapters.store import feeds as table
from pipeline.jobs.kit import Kit
from pipeline.models.feeds import Feed, FeedTask, ParsedFeed, ParseProblem, Poll
from pipeline.models.pages import Fetched, Request, Response
from pipeline.models.policies import FetchPolicy
from pipeline.ports import WorkerFailure
from pipeline.steps import freshness
from pipeline.steps.feeds import Decision, decide, parse_task
from pipeline.steps.urls import key

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one run of the job did, in feeds and entries.

    `news` are sentences about feeds that a person should hear once: dead for a day, gone, moved.
    """

    feeds: int = 0
    unchanged: int = 0
    failed: int = 0
    new: int = 0
    updated: int = 0
    news: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Polled:
    """One feed with what came of asking: `parsed` is None where nothing was worth parsing."""

    feed: Feed
    asked: Request
    came: Fetched
    parsed: ParsedFeed | ParseProblem | None = None


def run(
    kit: Kit, *, policy: FetchPolicy, secrets: Mapping[str, str], force: bool = False
) -> PollReport:
    """Poll every due feed (every feed with `force`, conditionally all the same).

    Each feed is stored in one transaction as soon as it is understood: its entries together
    with the validators they came with. `secrets` holds the environment variables that the
    feeds' configured headers name.
    """
    now = kit.clock.now()
    due = [feed for feed in table.listed(kit.store) if is_due(feed, now, force=force)]
    requests = {
        feed.id: freshness.request(feed, now=now, headers=headers(feed, secrets)) for feed in due
    }
    report = PollReport()
    if due:
        kit.progress("feeds", 0, due=len(due))
    for polled in ask(due, requests, kit):
        report = add(report, save(kit.store, polled, now=kit.clock.now(), policy=policy))
        kit.progress("feeds", 1)
        if kit.stop():
            break
    return report


def is_due(feed: Feed, now: datetime, *, force: bool) -> bool:
    return not feed.source.options.paused and freshness.due(feed.memory, now=now, force=force)


def headers(feed: Feed, secrets: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the feed's own headers with their values; one without a value is left out."""
    return tuple(
        (name.lower(), secrets[variable])
        for name, variable in feed.source.options.headers
        if secrets.get(variable)
    )


def ask(due: list[Feed], requests: dict[int, Request], kit: Kit) -> Iterator[Polled]:
    """Yield each feed with its answer as it comes; fetching and parsing overlap."""
    waiting: dict[int, Polled] = {}
    settled: list[Polled] = []

    def to_tasks() -> Generator[FeedTask, None, None]:
        by_url = {feed.url: feed for feed in due}
        with closing(kit.fetcher.fetch_all(requests.values())) as arriving:
            for request, came in arriving:
                feed = by_url[request.url]
                if isinstance(came, Response) and freshness.wants_reading(feed.memory, came):
                    waiting[feed.id] = Polled(feed, request, came)
                    kind = came.headers.get("content-type", "")
                    yield FeedTask(feed.id, came.body, kind, came.url, kit.clock.now())
                else:
                    settled.append(Polled(feed, request, came))

    # closed, not left to the collector: an interrupt must find no thread that waits to be heard
    with closing(to_tasks()) as tasks:
        for task, answer in kit.workers.run_all(parse_task, tasks):
            yield replace(waiting.pop(task.feed_id), parsed=understood(answer))
            while settled:
                yield settled.pop()
    yield from settled


def understood(answer: ParsedFeed | ParseProblem | WorkerFailure) -> ParsedFeed | ParseProblem:
    if isinstance(answer, WorkerFailure):
        return ParseProblem("a feed that cannot be read", f"{answer.reason}: {answer.detail}")
    return answer


def save(store: Store, polled: Polled, *, now: datetime, policy: FetchPolicy) -> PollReport:
    """Store one feed's answer: entries, validators and next poll in one transaction."""
    feed = polled.feed
    with store.transaction():
        decisions = recognise(store, feed, polled.parsed)
        fresh = [decision for decision in decisions if decision.outcome == "new"]
        edited = [decision for decision in decisions if decision.outcome == "updated"]
        poll = Poll(polled.asked, polled.came, polled.parsed, len(fresh))
        update = freshness.decide(feed, poll, now=now, policy=policy)
        for decision in fresh:
            entries.add(store, feed, decision.entry, key=name_of(feed, decision), now=now)
        for decision in edited:
            guid = decision.known.guid if decision.known else decision.entry.guid
            entries.edit(store, feed, decision.entry, guid=guid, now=now)
        table.remember(store, feed.id, update.memory)
        if update.url:
            table.move(store, feed.id, update.url)
    failed = update.outcome == "failed"
    log = logger.warning if failed else logger.info
    log("feed_polled feed=%s outcome=%s reason=%r new=%d",
        feed.url, update.outcome, update.reason, len(fresh))  # fmt: skip
    name = feed.source.title or feed.url
    return PollReport(
        1,
        int(update.outcome == "unchanged"),
        int(failed),
        len(fresh),
        len(edited),
        (f"{name}: {update.report}",) if update.report else (),
    )


def name_of(feed: Feed, decision: Decision) -> str:
    """Return what an article is known by: its page, else its guid, which only this feed means."""
    if decision.has_page:
        return key(decision.entry.url)
    return f"feed:{feed.id}:{decision.entry.guid}"


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
        news=one.news + other.news,
    )
