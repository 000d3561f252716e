"""When a delivery that failed is tried again, and when no more."""

from datetime import datetime, timedelta

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=6)
# RFC 5321 4.5.4.1 asks for four to five days at least; a week more outlasts a holiday.
PATIENCE = timedelta(days=14)


def next_attempt(attempts: int, now: datetime) -> datetime:
    """Return when to try again after so many attempts: 1, 2, 4 … minutes, at most 6 hours."""
    doublings = min(attempts - 1, 10)  # 2**10 minutes are beyond the longest
    return now + min(FIRST * (1 << doublings), LONGEST)


def is_hopeless(composed_at: datetime | None, now: datetime) -> bool:
    """Say whether a digest is too old to be tried any more."""
    return composed_at is not None and now - composed_at > PATIENCE
