"""How often a feed publishes, by what it says and by what it does."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pipeline.models.feeds import FeedMemory, ParsedFeed

FEWEST_DATES = 4


def with_rhythm(memory: FeedMemory, parsed: ParsedFeed, *, new: int, now: datetime) -> FeedMemory:
    """Return the memory with the publisher's hints and the usual gap between its entries."""
    dates = [entry.published_at for entry in parsed.entries if entry.published_at is not None]
    past = sorted((date for date in dates if date <= now), reverse=True)
    gap = usual_gap(past)
    return replace(
        memory,
        hint_interval_s=parsed.hint_interval_s,
        skip_hours=tuple(sorted(parsed.skip_hours)),
        skip_days=tuple(sorted(parsed.skip_days)),
        usual_gap_s=memory.usual_gap_s if gap is None else gap,
        last_new_at=last_new(memory, past, new=new, now=now),
    )


def usual_gap(newest_first: list[datetime]) -> int | None:
    """Return the seconds between entries, over the newer half: a pinned old one says nothing."""
    if len(newest_first) < FEWEST_DATES:
        return None
    half = len(newest_first) // 2
    gap = (newest_first[0] - newest_first[half]) / half
    return int(gap.total_seconds()) or None


def last_new(
    memory: FeedMemory, newest_first: Iterable[datetime], *, new: int, now: datetime
) -> datetime | None:
    """Return when something new last came; at first sight of a feed, its newest entry's date."""
    if memory.last_new_at is not None:
        return now if new else memory.last_new_at
    return next(iter(newest_first), now if new else None)
