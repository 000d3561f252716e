"""Says how a feed is in words a person can act on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pipeline.models.feeds import Feed, FeedMemory

HealthState = Literal[
    "ok", "new", "failing", "waiting", "challenged", "html", "gone", "paused", "moving", "silent"
]
SILENT_TIMES = 8  # its usual gap
SILENT_LEAST = timedelta(days=3)  # a long weekend is no silence
ACT_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Health:
    """`sentence` says what is so and what to do; `act` that a person is needed."""

    state: HealthState
    sentence: str
    act: bool = False


def health(feed: Feed, *, now: datetime) -> Health:
    """Return how a feed is at `now`."""
    memory = feed.memory
    if feed.source.options.paused or memory.status == "paused":
        return Health("paused", "paused in feeds.opml; remove the pause to poll it again")
    if memory.status == "gone":
        return Health(
            "gone",
            f"the publisher says it is gone for good{since(memory)}; remove it,"
            " or look for its new address with `chipwire feeds discover`",
            act=True,
        )
    if memory.failures:
        return of_failing(memory, now=now)
    if memory.last_ok_at is None:
        return Health("new", "not polled yet")
    return of_working(memory, now=now)


def of_failing(memory: FeedMemory, *, now: datetime) -> Health:
    long = memory.failing_since is not None and now - memory.failing_since >= ACT_AFTER
    what = f"{memory.last_error or 'failing'}{since(memory)}{next_try(memory)}"
    if memory.status == "challenged":
        return Health(
            "challenged",
            f"{what}; ask the publisher to let chipwire through, or use another of its feeds",
            act=long,
        )
    if memory.trouble == "html":
        return Health("html", f"{what}; find the feed with `chipwire feeds discover`", act=long)
    if memory.trouble in ("http_429", "http_503"):
        return Health("waiting", f"{what}; it asked us to wait", act=long)
    return Health("failing", what, act=long)


def of_working(memory: FeedMemory, *, now: datetime) -> Health:
    if memory.moved_to:
        return Health("moving", f"redirects for good to {memory.moved_to}; not yet taken over")
    quiet = silence(memory, now=now)
    if quiet is not None:
        return Health(
            "silent",
            f"nothing new for {words(quiet)}, usually every"
            f" {words(timedelta(seconds=memory.usual_gap_s or 0))}; look whether it has moved",
            act=True,
        )
    return Health("ok", "fine")


def silence(memory: FeedMemory, *, now: datetime) -> timedelta | None:
    """Return how long a feed has been silent if that is much longer than usual, else None."""
    if memory.last_new_at is None or memory.usual_gap_s is None:
        return None
    quiet = now - memory.last_new_at
    limit = max(SILENT_LEAST, SILENT_TIMES * timedelta(seconds=memory.usual_gap_s))
    return quiet if quiet > limit else None


def since(memory: FeedMemory) -> str:
    return f" since {memory.failing_since:%Y-%m-%d %H:%M} UTC" if memory.failing_since else ""


def next_try(memory: FeedMemory) -> str:
    return f"; next try {memory.next_poll_at:%Y-%m-%d %H:%M} UTC" if memory.next_poll_at else ""


def words(span: timedelta) -> str:
    """Return a span as a person says it: minutes, hours or days."""
    minutes = span.total_seconds() / 60
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = round(minutes / size)
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return "less than a minute"
