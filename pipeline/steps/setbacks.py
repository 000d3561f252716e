"""What is wrong with a poll, and how long the feed is left alone for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.models.feeds import Feed, FeedMemory, FeedStatus, FeedUpdate, ParseProblem, Poll
from pipeline.models.pages import Failure, Response
from pipeline.models.policies import FetchPolicy
from pipeline.steps import intervals
from pipeline.steps.refusals import pause_until

REPORT_AFTER = timedelta(hours=24)
GONE_AFTER = timedelta(hours=24)  # between the first and the second 410
REFUSALS = frozenset({429, 503})

# Headers by which a bot wall says that it, not the publisher, is answering.
CHALLENGES = {
    "cf-mitigated": ("challenge",),  # Cloudflare
    "x-amzn-waf-action": ("challenge", "captcha"),  # AWS WAF
}

PHRASES = {
    401: "wants a password",
    403: "refuses us",
    404: "not found",
    410: "gone",
    429: "too many requests",
    451: "withheld for legal reasons",
    503: "not available now",
}


@dataclass(frozen=True, slots=True)
class Setback:
    """Why a poll brought nothing: `trouble` for the program, `detail` for a person."""

    trouble: str
    detail: str


def setback(poll: Poll) -> Setback | None:
    """Return what is wrong with a poll, None for a good one."""
    came = poll.came
    if isinstance(came, Failure):
        return Setback(came.reason, came.detail)
    if is_challenge(came.headers):
        return Setback("challenged", f"a bot wall answered (HTTP {came.status})")
    if came.status == 304:
        asked = poll.request.validators and came.url == poll.request.validators_url
        return None if asked else Setback("protocol", "304 to a request without validators")
    if came.status not in (200, 203):
        phrase = PHRASES.get(came.status, "")
        return Setback(f"http_{came.status}", f"HTTP {came.status} {phrase}".strip())
    return unreadable(poll, came)


def unreadable(poll: Poll, came: Response) -> Setback | None:
    if not came.body.strip():
        return Setback("empty", "an empty answer instead of a feed")
    if not isinstance(poll.parsed, ParseProblem):
        return None
    if looks_like_html(came):
        return Setback("html", f"a web page instead of a feed: {poll.parsed.what}")
    return Setback("parse", poll.parsed.what)


def looks_like_html(came: Response) -> bool:
    start = came.body[:2048].lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html")) or (
        "html" in came.headers.get("content-type", "") and b"<html" in start
    )


def is_challenge(headers: Mapping[str, str]) -> bool:
    return any(headers.get(name, "").lower() in words for name, words in CHALLENGES.items())


def failed(
    feed: Feed, poll: Poll, problem: Setback, *, now: datetime, policy: FetchPolicy
) -> FeedUpdate:
    """Count the failure and plan the next try. Nothing the feed brought before is touched."""
    known = feed.memory
    memory = replace(
        known,
        failures=known.failures + 1,
        failing_since=known.failing_since or now,
        last_error=problem.detail,
        trouble=problem.trouble,
        last_polled_at=now,
        status=status_after(known.status, problem),
        # a body that cannot be used: ask for a whole one next time, past its own validators
        distrust=known.distrust or problem.trouble in ("html", "parse", "empty", "encoding"),
    )
    memory = replace(
        memory, next_poll_at=intervals.after_failure(feed.source, memory, now=now, policy=policy)
    )
    if isinstance(poll.came, Response):
        memory = with_wishes(feed, memory, poll.came, now=now, policy=policy)
    return reported(memory, problem, now=now)


def status_after(status: FeedStatus, problem: Setback) -> FeedStatus:
    if status in ("paused", "gone"):
        return status
    return "challenged" if problem.trouble == "challenged" else "active"


def with_wishes(
    feed: Feed, memory: FeedMemory, came: Response, *, now: datetime, policy: FetchPolicy
) -> FeedMemory:
    """Follow what the status asks for: a pause, or never again."""
    if came.status == 410:
        if memory.gone_since is not None and now - memory.gone_since >= GONE_AFTER:
            return replace(memory, status="gone", next_poll_at=None)
        return replace(memory, gone_since=memory.gone_since or now)
    if came.status not in REFUSALS:
        return replace(memory, refusals=0)
    memory = replace(memory, refusals=memory.refusals + 1)
    until = pause_until(came.headers, now=now, refusals=memory.refusals)
    interval = intervals.current(feed.source, memory, policy)
    usual = now + intervals.spread(interval, feed.url)
    return replace(memory, not_before=until, next_poll_at=max(until, usual))


def reported(memory: FeedMemory, problem: Setback, *, now: datetime) -> FeedUpdate:
    """Tell a person once: at once of a feed that is gone, of others after a day of failures."""
    report = ""
    since = memory.failing_since or now
    if memory.status == "gone":
        report = "gone for good: 410 twice, a day apart; it is no longer polled"
    elif memory.reported_at is None and now - since >= REPORT_AFTER:
        report = f"failing since {since:%Y-%m-%d %H:%M} UTC: {problem.detail}"
    if report:
        memory = replace(memory, reported_at=now)
    return FeedUpdate(
        memory, "failed", reason=f"{problem.trouble}: {problem.detail}", report=report
    )


def paused(feed: Feed, came: Failure, *, now: datetime) -> FeedUpdate:
    """Wait for as long as the whole host asked; the feed itself has done nothing wrong."""
    until = came.retry_at or now
    memory = replace(feed.memory, not_before=until, next_poll_at=until)
    return FeedUpdate(memory, "paused", reason=came.detail)
