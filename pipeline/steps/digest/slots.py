"""How many alerts may leave now, and how many stories each of them tells."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from pipeline.models.policies import AlertPolicy

T = TypeVar("T")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
MINUTE = timedelta(minutes=1)


def span(quiet_hours: str) -> tuple[time, time] | None:
    """Return from when to when it is quiet, or None for an empty text.

    Raises ValueError, in words, for what is no span of a day.
    """
    if not quiet_hours:
        return None
    found = SPAN.fullmatch(quiet_hours.replace(" ", ""))
    if not found:
        raise ValueError(f"quiet_hours {quiet_hours!r} needs the form 22:00-07:00")
    first, last = (time(int(found[n]), int(found[n + 1])) for n in (1, 3))
    if first == last:
        raise ValueError(f"quiet_hours {quiet_hours!r} begin when they end")
    return first, last


def is_quiet(rule: AlertPolicy, moment: datetime) -> bool:
    """Say whether a moment lies in the rule's quiet hours, by the wall clock of its zone."""
    hours = span(rule.quiet_hours)
    if hours is None:
        return False
    first, last = hours
    wall = moment.astimezone(ZoneInfo(rule.timezone)).time()
    return first <= wall < last if first < last else wall >= first or wall < last


def slots(rule: AlertPolicy, sent: Sequence[datetime], now: datetime) -> int:
    """Return how many messages may leave now; `sent` are the moments of those that left.

    Moments after `now` count as now: a clock that was ahead must not open the gate.
    """
    if is_quiet(rule, now):
        return 0
    hour = rule.per_hour - sum(one > now - HOUR for one in sent)
    day = rule.per_day - sum(one > now - DAY for one in sent)
    return max(0, min(hour, day))


def opens_at(rule: AlertPolicy, sent: Sequence[datetime], now: datetime) -> datetime:
    """Return the first moment from `now` on at which a message may leave."""
    ends = sorted(end for one in sent for end in (one + HOUR, one + DAY) if end > now)
    opened = next(one for one in (now, *ends) if slots_of_limits(rule, sent, one))
    while is_quiet(rule, opened):  # at most a day of minutes
        opened = opened.replace(second=0, microsecond=0) + MINUTE
    return opened


def slots_of_limits(rule: AlertPolicy, sent: Sequence[datetime], now: datetime) -> bool:
    return slots(AlertPolicy(per_hour=rule.per_hour, per_day=rule.per_day), sent, now) > 0


def batches(stories: Sequence[T], room: int) -> list[tuple[T, ...]]:
    """Return which stories go into which message: each its own, and what is over the limit
    together in the last. Without room nothing leaves; nothing is ever left out."""
    if room <= 0 or not stories:
        return []
    if len(stories) <= room:
        return [(story,) for story in stories]
    alone = [(story,) for story in stories[: room - 1]]
    return [*alone, tuple(stories[room - 1 :])]
