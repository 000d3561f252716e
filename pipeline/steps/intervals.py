"""When a feed is polled next: its own rhythm, the publisher's wishes, back-off and spread.

Figures without a source are ours.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from pipeline.models.feeds import FeedMemory, FeedSource
from pipeline.models.policies import FetchPolicy

LEAST = timedelta(minutes=5)  # whatever the configuration says
FLOOR_VALIDATED = timedelta(minutes=15)  # a 304 costs the publisher next to nothing
FLOOR = timedelta(hours=1)
MOST = timedelta(hours=24)
WEEK = timedelta(days=7)
GIVE_UP_DAILY = timedelta(days=14)  # of failures: from then on once a week
JITTER = 0.1
LONGER, SHORTER = 1.5, 0.5
MOSTLY_KNOWN, MOSTLY_NEW = 2 / 3, 1 / 3


def configured(source: FeedSource, policy: FetchPolicy) -> timedelta:
    """Return the interval the configuration asks for, at least five minutes."""
    return max(LEAST, timedelta(seconds=source.options.interval_s or policy.interval_s))


def floor(source: FeedSource, memory: FeedMemory, policy: FetchPolicy) -> timedelta:
    """Return the shortest interval a feed may come to by itself."""
    natural = FLOOR_VALIDATED if memory.validates else FLOOR
    return min(natural, configured(source, policy))


def current(source: FeedSource, memory: FeedMemory, policy: FetchPolicy) -> timedelta:
    """Return the interval in force: the feed's own setting, else what it has learnt."""
    if source.options.interval_s or memory.last_polled_at is None:
        return configured(source, policy)
    return min(MOST, max(LEAST, timedelta(seconds=memory.interval_s)))


def adapted(
    source: FeedSource, memory: FeedMemory, *, known: float, now: datetime, policy: FetchPolicy
) -> timedelta:
    """Return the interval after a poll that found the share `known` of its entries known.

    Only polls that were on time teach something; a feed with an interval of its own never
    changes it.
    """
    interval = current(source, memory, policy)
    if source.options.interval_s or not on_time(memory, now, interval):
        return interval
    if known > MOSTLY_KNOWN:
        interval *= LONGER
    elif known < MOSTLY_NEW:
        interval *= SHORTER
    least, most = floor(source, memory, policy), ceiling(source, memory, now=now, policy=policy)
    return min(most, max(least, interval))


def on_time(memory: FeedMemory, now: datetime, interval: timedelta) -> bool:
    """Return whether a poll came when it was due: not forced, not after a long sleep."""
    due = memory.next_poll_at
    return due is not None and timedelta(0) <= now - due <= interval / 2


def ceiling(
    source: FeedSource, memory: FeedMemory, *, now: datetime, policy: FetchPolicy
) -> timedelta:
    """Return the longest interval a feed may come to by itself.

    Twice its usual gap, so that a quiet night does not make an hourly feed a daily one; an
    eighth of its present silence, so that a feed that fell asleep is let sleep.
    """
    if memory.usual_gap_s is None:
        return MOST
    silence = now - memory.last_new_at if memory.last_new_at else timedelta(0)
    longest = max(timedelta(seconds=2 * memory.usual_gap_s), silence / 8)
    return min(MOST, max(longest, configured(source, policy)))


def after_success(
    source: FeedSource,
    memory: FeedMemory,
    *,
    fresh: timedelta,
    interval: timedelta,
    now: datetime,
    policy: FetchPolicy,
) -> datetime:
    """Return the next poll: not before the interval, the publisher's hints, or freshness end."""
    hint = timedelta(seconds=memory.hint_interval_s or 0)
    wait = spread(max(interval, min(hint, MOST)), source.url)
    if fresh:
        wait = max(wait, fresh, floor(source, memory, policy))
    return unskipped(now + min(max(wait, LEAST), MOST), memory, latest=now + MOST)


def after_failure(
    source: FeedSource, memory: FeedMemory, *, now: datetime, policy: FetchPolicy
) -> datetime:
    """Return the next try after the failures counted in `memory`: interval × 2^k, at most a day.

    Counted from an hour at least, so that eight hours of 404 bring three requests; weekly
    after fourteen days.
    """
    if memory.failing_since is not None and now - memory.failing_since >= GIVE_UP_DAILY:
        return now + WEEK
    interval = max(FLOOR, current(source, memory, policy))
    wait = interval * (1 << min(memory.failures, 10))
    return now + min(MOST, spread(min(wait, MOST), source.url))


def spread(wait: timedelta, url: str) -> timedelta:
    """Return the wait, up to a tenth shorter or longer by a hash of the URL.

    The same for every restart, so that restarts cause no polls; different for every feed, so
    that feeds added together drift apart.
    """
    digest = hashlib.sha256(url.encode("utf-8", "replace")).digest()
    share = int.from_bytes(digest[:4], "big") / 0xFFFFFFFF
    return wait * (1 + JITTER * (2 * share - 1))


def unskipped(moment: datetime, memory: FeedMemory, *, latest: datetime) -> datetime:
    """Return the first moment outside the hours and days the publisher skips, `latest` at most."""
    hours, days = frozenset(memory.skip_hours), frozenset(memory.skip_days)
    if not hours and not days:
        return moment
    while moment < latest:
        utc = moment.astimezone(UTC)
        if utc.hour not in hours and utc.weekday() not in days:
            return moment
        # keep the minutes: feeds that skip the same hours stay spread
        moment += timedelta(hours=1)
    return latest
