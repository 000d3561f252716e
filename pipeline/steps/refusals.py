"""When a server says "not now": Retry-After, and the pause a whole host has asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MAX_PAUSE = timedelta(days=7)  # longer wishes are cut: a typing error must not silence a feed
FIRST_PAUSE = timedelta(hours=1)  # without Retry-After, then doubling
LONGEST_UNASKED = timedelta(hours=24)
HOST_PAUSE_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A URL that answered 429 at `at`, and until when it wants to be left alone."""

    url: str
    at: datetime
    until: datetime


def host_pause(recent: Sequence[Refusal]) -> datetime | None:
    """Return until when a host is paused whose URLs refused lately; None for a single URL."""
    if len({refusal.url for refusal in recent}) < 2:
        return None
    return max(refusal.until for refusal in recent)


def pause_until(headers: Mapping[str, str], *, now: datetime, refusals: int) -> datetime:
    """Return the moment before which a 429 or 503 wants no request.

    `refusals` counts the unbroken row of them, this one included: without a Retry-After the
    pause doubles from an hour to a day.
    """
    asked = retry_after(headers, now=now)
    if asked is not None:
        return asked
    doubled = FIRST_PAUSE * (1 << min(max(refusals, 1) - 1, 10))
    return now + min(doubled, LONGEST_UNASKED)


def retry_after(headers: Mapping[str, str], *, now: datetime) -> datetime | None:
    """Return Retry-After as a moment, at most seven days ahead; None if absent or past."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        wait = timedelta(seconds=min(int(value[:12]), MAX_PAUSE.total_seconds()))
    else:
        moment = http_date(value)
        if moment is None:
            return None
        wait = min(moment - now, MAX_PAUSE)
    return now + wait if wait > timedelta(0) else None


def http_date(value: str) -> datetime | None:
    """Return an HTTP date as aware UTC, None for what is none (RFC 9110, 5.6.7)."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
