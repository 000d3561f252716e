"""Decides what to ask of a feed, and what follows from what came: one pure function of a poll.

    request = freshness.request(feed, now=now)
    … fetch it; if `freshness.wants_reading(feed.memory, came)`, parse the body …
    update = freshness.decide(feed, Poll(request, came, parsed, new), now=now, policy=policy)

The update's memory holds the validators of the entries the poll brought: store both in one
transaction, or an entry that could not be stored is skipped by the next 304.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.models.feeds import Feed, FeedMemory, FeedUpdate, ParsedFeed, Poll
from pipeline.models.pages import Failure, Fetched, Request, Response
from pipeline.models.policies import FetchPolicy
from pipeline.steps import cachecontrol, intervals, moves
from pipeline.steps.rhythm import with_rhythm
from pipeline.steps.setbacks import failed, paused, setback

GOOD = frozenset({200, 203})
NOT_MODIFIED = 304
BREAKS_A_LINE = frozenset("\r\n\0")
A_DAY = timedelta(hours=24)
AHEAD = timedelta(minutes=10)  # a poll noted further in the future: the clock has been set back
BUSY_GAP_S = 8 * 3600  # a feed that usually brings something more often than this


def due(memory: FeedMemory, *, now: datetime, force: bool = False) -> bool:
    """Return whether a feed is to be polled now; `force` passes over everything but its refusals.

    A server that named a time ("Retry-After") is not asked before it, whoever insists.
    """
    if memory.status in ("paused", "gone"):
        return False
    if memory.last_polled_at is not None and memory.last_polled_at > now + AHEAD:
        return True  # the clock was wrong then, and so is every time noted with it
    if memory.not_before is not None and now < memory.not_before:
        return False
    return force or memory.next_poll_at is None or memory.next_poll_at <= now


def request(feed: Feed, *, now: datetime, headers: tuple[tuple[str, str], ...] = ()) -> Request:
    """Return the request of the next poll; `headers` are the configured ones, values filled in."""
    memory = feed.memory
    validators: tuple[tuple[str, str], ...] = ()
    if not wants_whole(memory, now=now):
        found = (("if-none-match", memory.etag), ("if-modified-since", memory.last_modified))
        validators = tuple((name, value) for name, value in found if value)
    return Request(
        feed.url,
        headers=headers,
        kind="feed",
        validators=validators,
        validators_url=memory.validators_url or feed.url,
    )


def wants_whole(memory: FeedMemory, *, now: datetime) -> bool:
    """Return whether validators are left out although there are some: at most once a day.

    After a body that could not be used; and where a day has brought nothing but 304 to a feed
    that usually publishes within eight hours: some servers' 304 lies.
    """
    if memory.unconditional_at is not None and now - memory.unconditional_at < A_DAY:
        return False
    if memory.distrust:
        return True
    silent = memory.only_304_since is not None and now - memory.only_304_since >= A_DAY
    return silent and memory.usual_gap_s is not None and memory.usual_gap_s <= BUSY_GAP_S


def wants_reading(memory: FeedMemory, came: Fetched) -> bool:
    """Return whether a body is worth parsing: there is one, and it is not the last one again."""
    if not isinstance(came, Response) or came.status not in GOOD or not came.body.strip():
        return False
    return body_hash(came.body) != memory.body_hash


def body_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def decide(feed: Feed, poll: Poll, *, now: datetime, policy: FetchPolicy) -> FeedUpdate:
    """Return what a poll changes. Raises nothing; what went wrong is in the update."""
    came = poll.came
    if isinstance(came, Failure) and came.reason == "paused":
        return paused(feed, came, now=now)
    if not poll.request.validators and (feed.memory.etag or feed.memory.last_modified):
        feed = replace(feed, memory=replace(feed.memory, unconditional_at=now))
    problem = setback(poll)
    if problem is not None:
        return failed(feed, poll, problem, now=now, policy=policy)
    assert isinstance(came, Response)
    if came.status == NOT_MODIFIED:
        known = renewed(feed.memory, came, now=now)
        return succeeded(feed, known, came, share_known=1.0, now=now, policy=policy)
    return answered(feed, poll, came, now=now, policy=policy)


def renewed(known: FeedMemory, came: Response, *, now: datetime) -> FeedMemory:
    """Take over what a 304 renews (RFC 9111, 4.3.4); what it does not name stays."""
    headers = came.headers
    stated = (
        value_of(headers, "etag") or known.etag,
        value_of(headers, "last-modified") or known.last_modified,
        headers.get("cache-control", known.cache_control),
        headers.get("expires", known.expires),
    )
    before = (known.etag, known.last_modified, known.cache_control, known.expires)
    if known.validates and known.only_304_since and stated == before:
        return known
    etag, last_modified, cache_control, expires = stated
    return replace(
        known,
        etag=etag,
        last_modified=last_modified,
        cache_control=cache_control,
        expires=expires,
        validates=True,
        only_304_since=known.only_304_since or now,
    )


def answered(
    feed: Feed, poll: Poll, came: Response, *, now: datetime, policy: FetchPolicy
) -> FeedUpdate:
    """Take over a whole body: its validators, even if it is the same again, and its entries."""
    parsed = poll.parsed if isinstance(poll.parsed, ParsedFeed) else None
    whole = parsed is None or not parsed.truncated
    memory = replace(feed.memory, only_304_since=None, distrust=not whole)
    if whole:
        memory = with_validators(memory, came)
    if parsed is None:
        return succeeded(feed, memory, came, share_known=1.0, now=now, policy=policy)
    memory = with_rhythm(memory, parsed, new=poll.new, now=now)
    total = len(parsed.entries)
    share_known = 1 - poll.new / total if total else 1.0
    update = succeeded(feed, memory, came, share_known=share_known, now=now, policy=policy)
    return replace(update, outcome="entries")


def with_validators(memory: FeedMemory, came: Response) -> FeedMemory:
    """Replace the validators by this body's, byte for byte: none if it names none (C-6)."""
    cache_control = came.headers.get("cache-control")
    keep = cachecontrol.may_remember(cache_control)
    return replace(
        memory,
        etag=value_of(came.headers, "etag") if keep else None,
        last_modified=value_of(came.headers, "last-modified") if keep else None,
        validators_url=came.url,
        body_hash=body_hash(came.body),
        cache_control=cache_control,
        expires=came.headers.get("expires"),
    )


def value_of(headers: Mapping[str, str], name: str) -> str | None:
    """Return a header to be echoed, None where it is absent, empty or would break a line."""
    value = headers.get(name, "")
    return value if value and not BREAKS_A_LINE.intersection(value) else None


def succeeded(
    feed: Feed,
    memory: FeedMemory,
    came: Response,
    *,
    share_known: float,
    now: datetime,
    policy: FetchPolicy,
) -> FeedUpdate:
    """Forget every failure and plan the next poll."""
    source = feed.source
    interval = intervals.adapted(source, memory, known=share_known, now=now, policy=policy)
    fresh = cachecontrol.fresh_for(memory.cache_control, memory.expires, came.headers)
    planned = intervals.after_success(
        source, memory, fresh=fresh, interval=interval, now=now, policy=policy
    )
    move = moves.seen(feed.url, memory, came, now=now)
    memory = replace(
        memory,
        status="paused" if memory.status == "paused" else "active",
        interval_s=int(interval.total_seconds()),
        next_poll_at=planned,
        last_polled_at=now,
        last_ok_at=now,
        failures=0,
        last_error=None,
        failing_since=None,
        trouble="",
        reported_at=None,
        gone_since=None,
        refusals=0,
        not_before=None,
        moved_to=move.to,
        moved_since=move.since,
        moved_times=move.times,
    )
    report = f"moved for good from {feed.url} to {move.believed}" if move.believed else ""
    return FeedUpdate(
        memory, "unchanged", reason=f"HTTP {came.status}", url=move.believed, report=report
    )
