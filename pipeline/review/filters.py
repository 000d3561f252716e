"""How the pages write what the store holds: addresses, days, and the time between two articles."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from pipeline.steps.digest.harmless import link


def segment(name: object) -> str:
    """Return a name as one segment of an address."""
    return quote(str(name), safe="")


def moment(text: str | None) -> str:
    """Return when something was published, as people write it; "" where nobody knows."""
    when = parsed(text)
    return f"{when.day} {when:%b %Y, %H:%M}" if when else ""


def day(text: str | None) -> str:
    """Return the day alone."""
    when = parsed(text)
    return f"{when.day} {when:%b %Y}" if when else ""


def later(text: str | None, first: str | None) -> str:
    """Return how long after the first article another came, "" for the first itself."""
    when, since = parsed(text), parsed(first)
    if not when or not since or when <= since:
        return ""
    gap = when - since
    if gap < timedelta(hours=1):
        return f"{gap.seconds // 60} min later"
    if gap < timedelta(days=2):
        return f"{gap.total_seconds() / 3600:.0f} h later"
    return f"{gap.days} days later"


def parsed(text: str | None) -> datetime | None:
    try:
        when = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


FILTERS = {"web": link, "segment": segment, "moment": moment, "day": day, "later": later}
