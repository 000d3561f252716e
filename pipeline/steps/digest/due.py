"""When a digest is due, and the name of the period it is for."""

from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.models.policies import DigestPolicy
from pipeline.steps import schedule


def due_period(policy: DigestPolicy, *, until: datetime | None, now: datetime) -> str | None:
    """Return the period a digest is due for, or None if none is.

    `until` is when the last one was composed. Several missed times count as one: the
    latest. Without any before, it is due at once.
    """
    if until is None:
        return period_of(policy, now)
    moment = schedule.last_due(policy.schedule, policy.timezone, after=until, now=now)
    return None if moment is None else period_of(policy, moment)


def period_of(policy: DigestPolicy, moment: datetime) -> str:
    """Return the local date, with the time where the schedule names several a day.

    The wall clock without its offset: where the clocks go back, a line like "30 2 * * *"
    fires twice (reproduced with APScheduler 3.11.3), and both have the same name.
    """
    local = moment.astimezone(ZoneInfo(policy.timezone))
    minute, hour, *_ = policy.schedule.split()
    once_a_day = minute.isdecimal() and hour.isdecimal()
    return f"{local:%Y-%m-%d}" if once_a_day else f"{local:%Y-%m-%dT%H:%M}"
