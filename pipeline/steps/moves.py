"""When a permanent redirect is believed and the feed's stored address replaced."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pipeline.models.feeds import FeedMemory
from pipeline.models.pages import Response

PERMANENT = frozenset({301, 308})
SIGHTINGS = 3
OVER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Move:
    """A permanent redirect seen `times` since; `believed` is the address to store from now on."""

    to: str | None = None
    since: datetime | None = None
    times: int = 0
    believed: str | None = None


STAYED = Move()


def seen(url: str, memory: FeedMemory, response: Response, *, now: datetime) -> Move:
    """Judge where a good response came from.

    A target is believed after three sightings over a day; at once where it is the same host
    by https. https to http is never believed.
    """
    target = permanent_target(response) if response.hops else None
    if target is None or target == url or scheme(url) == "https" != scheme(target):
        return STAYED
    if is_upgrade(url, target):
        return Move(believed=target)
    if memory.moved_to != target or memory.moved_since is None:
        return Move(target, now, 1)
    times = memory.moved_times + 1
    if times >= SIGHTINGS and now - memory.moved_since >= OVER:
        return Move(believed=target)
    return Move(target, memory.moved_since, times)


def permanent_target(response: Response) -> str | None:
    """Return where the unbroken row of permanent redirects at the start leads."""
    stops = [*(hop.url for hop in response.hops[1:]), response.url]
    target = None
    for hop, stop in zip(response.hops, stops, strict=False):
        if hop.status not in PERMANENT:
            break
        target = stop
    return target


def is_upgrade(url: str, target: str) -> bool:
    one, other = urlsplit(url), urlsplit(target)
    return (one.scheme, other.scheme) == ("http", "https") and one.hostname == other.hostname


def scheme(url: str) -> str:
    return url.partition(":")[0].lower()
