"""When a cron line is due, in its own time zone.

APScheduler's CronTrigger does the calendar. Its `from_crontab` takes 0 for Monday where
cron means Sunday (reproduced with 3.11.3), so weekday numbers are translated to names.
"""

import re
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

_ONCE_A_DAY = re.compile(r"[1-5]?\d (?:1?\d|2[0-3]) \* \* \*", re.ASCII)
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def parse(line: str, timezone: str) -> "CronTrigger":
    """Return the trigger of a five-field cron line.

    Raises ValueError, in words, for a line or a zone that makes no sense.
    """
    from apscheduler.triggers.cron import CronTrigger

    fields = line.split()
    if len(fields) != 5:
        raise ValueError(f"schedule {line!r} needs five fields: minute hour day month weekday")
    zone = zone_of(timezone)
    minute, hour, day, month, weekdays = fields
    try:
        return CronTrigger(
            minute=minute,
            hour=hour,
            day=day,
            month=month.lower(),
            day_of_week=names_of(weekdays),
            timezone=zone,
        )
    except ValueError as error:
        why = str(error).removeprefix("Error validating expression ")
        raise ValueError(f"schedule {line!r}: {why}; write e.g. 0 7 * * mon-fri") from error


def check(line: str, timezone: str) -> None:
    """Raise what `parse` would; a plain "once a day at" needs no calendar.

    Every command checks the whole configuration, and APScheduler takes 20 ms to import.
    """
    zone_of(timezone)
    if not _ONCE_A_DAY.fullmatch(line):
        parse(line, timezone)


def zone_of(timezone: str) -> ZoneInfo:
    """Return the time zone of a name. Raises ValueError, in words, for a name that is none."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"timezone {timezone!r} is unknown; write e.g. {alike(timezone)}"
        ) from error


def alike(timezone: str) -> str:
    """Return the time zone whose name comes nearest, by its town if there is one."""
    towns = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(available_timezones())}
    town = timezone.strip().rpartition("/")[2].replace(" ", "_").casefold()
    close = get_close_matches(town, towns, n=1, cutoff=0.75)
    return towns[close[0]] if close else "Europe/Berlin"


def names_of(weekdays: str) -> str:
    """Return cron's weekday field as names, which mean the same day everywhere."""
    days: set[int] = set()
    for part in weekdays.lower().split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        low = 0 if span == "*" else number_of(first)
        high = number_of(last) if dash else 6 if span == "*" or step else low
        high += 7 * (high < low)  # fri-mon runs over the end of the week
        days |= {day % 7 for day in range(low, high + 1, number(step or "1"))}
    return ",".join(WEEKDAYS[day] for day in sorted(days))


def number_of(weekday: str) -> int:
    if weekday in WEEKDAYS:
        return WEEKDAYS.index(weekday)
    if number(weekday) > 7:
        raise ValueError(f"weekday {weekday} is none of 0 (Sunday) to 7 (Sunday)")
    return int(weekday)


def number(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"{text!r} is no number")
    return int(text)


def last_due(line: str, timezone: str, *, after: datetime, now: datetime) -> datetime | None:
    """Return the latest moment the line was due in (after, now], or None.

    Many missed times count as one: the latest.
    """
    trigger = parse(line, timezone)
    latest: datetime | None = None
    moment = trigger.get_next_fire_time(None, after)
    while moment is not None and moment <= now:
        if moment > after:
            latest = moment
        moment = trigger.get_next_fire_time(moment, moment)
    return latest


def next_due(line: str, timezone: str, *, now: datetime) -> datetime | None:
    """Return the first moment after `now` the line is due."""
    moment: datetime | None = parse(line, timezone).get_next_fire_time(None, now)
    return moment
