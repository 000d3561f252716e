"""When a permanent redirect is believed and the feed's stored address replaced."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pipeline.models.feeds import FeedMemory
from pipeline.models.pages import Response

PERMANENT = frozenset({301, 308})
SIGHTINGS = 3
OVER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Move:
    """The memory after this sighting; `url` once the move is believed."""

    memory: FeedMemory
    url: str | None = None


def seen(url: str, memory: FeedMemory, response: Response, *, now: datetime) -> Move:
    """Judge where a good response came from.

    A target is believed after three sightings over a day; at once where it is the same host
    by https. https to http is never believed.
    """
    target = permanent_target(response)
    if target is None or target == url or scheme(url) == "https" != scheme(target):
        return Move(forgotten(memory))
    if is_upgrade(url, target):
        return Move(forgotten(memory), url=target)
    if memory.moved_to != target:
        return Move(replace(memory, moved_to=target, moved_since=now, moved_times=1))
    memory = replace(memory, moved_times=memory.moved_times + 1)
    since = memory.moved_since or now
    if memory.moved_times >= SIGHTINGS and now - since >= OVER:
        return Move(forgotten(memory), url=target)
    return Move(memory)


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


def forgotten(memory: FeedMemory) -> FeedMemory:
    if memory.moved_to is None:
        return memory
    return replace(memory, moved_to=None, moved_since=None, moved_times=0)
