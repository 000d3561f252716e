"""Reads how often, and when not, a publisher wants to be asked.

C-15: ttl minutes, sy:updatePeriod and sy:updateFrequency, skipHours (GMT), skipDays. Values
seen in the wild: frequency 0.1, period `always`, `dayly`, ttl 2.
"""

import re
from dataclasses import dataclass

_DAY_S = 86_400
_PERIODS = {
    "hourly": 3_600,
    "hour": 3_600,
    "daily": _DAY_S,
    "dayly": _DAY_S,
    "day": _DAY_S,
    "weekly": 7 * _DAY_S,
    "week": 7 * _DAY_S,
    "monthly": 30 * _DAY_S,
    "month": 30 * _DAY_S,
    "yearly": 365 * _DAY_S,
    "year": 365 * _DAY_S,
}  # "always" and anything else: no wish
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BLOCK_LENGTH = 4_096


@dataclass(frozen=True, slots=True)
class Hints:
    """`interval_s` is at most a day; hours are GMT, days start with 0 = Monday."""

    interval_s: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


def read_hints(text: str) -> Hints:
    """Return the wishes in an RSS or RDF document; nonsense counts as none."""
    wishes = [_ttl(text), _update(text)]
    interval = max((wish for wish in wishes if wish), default=0)
    return Hints(min(interval, _DAY_S) or None, _hours(text), _days(text))


def _ttl(text: str) -> int:
    minutes = _number(_value(text, "ttl"))
    return round(minutes * 60) if minutes else 0


def _update(text: str) -> int:
    period = _PERIODS.get(_value(text, "sy:updatePeriod").lower(), 0)
    frequency = _number(_value(text, "sy:updateFrequency") or "1")
    return round(period / frequency) if frequency else 0


def _hours(text: str) -> frozenset[int]:
    block = _block(text, "skipHours")
    hours = {
        int(hour) % 24 for hour in re.findall(r"<hour>\s*(\d{1,2})\s*<", block) if int(hour) <= 24
    }
    return frozenset(hours) if len(hours) < 24 else frozenset()


def _days(text: str) -> frozenset[int]:
    block = _block(text, "skipDays")
    named = (day.lower() for day in re.findall(r"<day>\s*(\w{3,12})\s*<", block))
    days = {_DAYS.index(day) for day in named if day in _DAYS}
    return frozenset(days) if len(days) < 7 else frozenset()


def _value(text: str, tag: str) -> str:
    start = text.find(f"<{tag}>")
    if start < 0:
        return ""
    start += len(tag) + 2
    end = text.find("<", start, start + 64)
    return text[start:end].strip() if end >= 0 else ""


def _block(text: str, tag: str) -> str:
    start = text.find(f"<{tag}")
    end = text.find(f"</{tag}", start, start + _BLOCK_LENGTH) if start >= 0 else -1
    return text[start:end] if end >= 0 else ""


def _number(text: str) -> float:
    """Return a positive number of a believable size, else 0."""
    if not re.fullmatch(r"\d{1,7}(?:\.\d{1,6})?", text):
        return 0.0
    return float(text)
