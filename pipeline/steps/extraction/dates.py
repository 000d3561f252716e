"""When an article was published: what the page states, the feed's word next, a search last."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml.html import HtmlElement

from pipeline.models.articles import PageTask
from pipeline.models.feeds import DateSource
from pipeline.steps.extraction.structured import Claims

_META = (
    "article:published_time", "article:published", "og:published_time", "og:article:published_time",
    "datepublished", "date", "pubdate", "publishdate", "publish-date", "dc.date.issued",
    "dcterms.created", "dc.date", "dcterms.date", "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime", "article.published", "published_at", "publication_date",
    "displaydate", "iso-8601-publish-date", "datecreated", "published_time_telegram",
)  # fmt: skip
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*"
    r"(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
    re.I,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]*\.?"
# Not 4/5/2025, which is April to one half of the world and May to the other.
_WRITTEN = re.compile(
    r"(?P<y1>(?:19|20)\d\d)\s*[-./年년]\s*(?P<m1>\d{1,2})\s*[-./月월]\s*(?P<d1>\d{1,2})"
    r"|(?P<d2>\d{1,2})\.\s?(?P<m2>\d{1,2})\.\s?(?P<y2>(?:19|20)\d\d)"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<n3>{_MONTH}),?\s+(?P<y3>(?:19|20)\d\d)"
    rf"|(?P<n4>{_MONTH})\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:時시]\s?([0-5]\d)")
_OLDEST = datetime(1995, 1, 1, tzinfo=UTC)  # the web's first newspapers


def choose(claims: Claims, tree: HtmlElement, task: PageTask) -> tuple[datetime | None, DateSource]:
    """Return the date and where it came from; (None, "first_seen") where nothing is known."""
    stated, marked = _stated(claims), _marked(tree)
    if marked and (stated is None or _tells_the_time(marked, stated)):
        stated = marked
    announced = task.feed_published_at
    if stated and announced and _tells_the_time(announced, stated):
        return announced, "feed"
    if stated and not _contradicted(stated, announced):
        return stated, "page"
    if task.feed_published_at is not None:
        return task.feed_published_at, "feed"
    searched = _shown(claims, tree) or _searched(tree, task.url)
    return (searched, "guess") if searched else (None, "first_seen")


def _tells_the_time(date: datetime, day: datetime) -> bool:
    """Tell whether `date` gives the time of a `day` that is stated without one (midnight)."""
    return day == day.replace(hour=0, minute=0, second=0) != date and date.date() == day.date()


def _contradicted(stated: datetime, announced: datetime | None) -> bool:
    """Tell a page that dates itself after its feed announced it, or a template's fixed date.

    Feeds are often a few minutes early and time zones are often left out: two days are
    let pass.
    """
    return announced is not None and stated > announced + timedelta(days=2)


def _stated(claims: Claims) -> datetime | None:
    values: list[Any] = [
        *claims.stated("datePublished"),
        *(value for name in _META for value in claims.meta.get(name, ())),
        *claims.stated("dateCreated"),
        *claims.stated("uploadDate"),
    ]
    return next((date for value in values if (date := parse(value))), None)


def _marked(tree: HtmlElement) -> datetime | None:
    """Return the date of microdata, or of the first <time> after the headline."""
    marked = tree.xpath(
        "(.//*[@itemprop='datePublished' or @pubdate])[position() < 4]"
        " | (.//h1/following::time[@datetime])[1] | (.//article//header//time[@datetime])[1]"
    )
    for element in marked:
        if date := parse(element.get("datetime") or element.get("content") or element.text):
            return date
    return None


def parse(value: object) -> datetime | None:
    """Return an ISO 8601 or RFC 2822 date as aware UTC, or None; no zone is read as UTC."""
    if not isinstance(value, str):
        return None
    found = _ISO.search(value[:60])
    date = _from_iso(found) if found else _from_mail_form(value)
    return date if date and date >= _OLDEST else None


def _from_iso(found: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        date = datetime(year, month, day, hour % 24, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    zone = (found.group(7) or "Z").upper()
    if zone[0] in "+-":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        date = date - offset if zone[0] == "+" else date + offset
    return date


def _from_mail_form(value: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        date = parsedate_to_datetime(value[:60])
    except (ValueError, IndexError, TypeError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def _shown(claims: Claims, tree: HtmlElement) -> datetime | None:
    """Return the date in the page's title, or in the few words after its headline.

    The time is taken as it stands there: a page rarely says in which zone.
    """
    words = tree.xpath("(.//h1)[1]/following::text()[position() < 40]")
    for text in (claims.title, *(str(word) for word in words)):
        found = _WRITTEN.search(text[:200]) if any(c.isdigit() for c in text) else None
        date = _from_words(found, text) if found else None
        if date and date >= _OLDEST:
            return date
    return None


def _from_words(found: re.Match[str], text: str) -> datetime | None:
    part = {name: value for name, value in found.groupdict().items() if value}
    year = int(part.get("y1") or part.get("y2") or part.get("y3") or part.get("y4") or 0)
    month = part.get("m1") or part.get("m2")
    name = (part.get("n3") or part.get("n4") or "")[:3].lower()
    day = int(part.get("d1") or part.get("d2") or part.get("d3") or part.get("d4") or 0)
    time = _CLOCK.search(text[found.end() : found.end() + 20])
    hour, minute = (int(time.group(1)), int(time.group(2))) if time else (0, 0)
    try:
        number = int(month) if month else _MONTHS.index(name) + 1
        return datetime(year, number, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None


def _searched(tree: HtmlElement, url: str) -> datetime | None:
    from htmldate import find_date

    found = find_date(
        tree, url=url, original_date=True, outputformat="%Y-%m-%d", deferred_url_extractor=True
    )
    # A bare year ("© 2026" in a footer) comes back as its first of January: no date at all.
    return parse(found) if found and not found.endswith("-01-01") else None
