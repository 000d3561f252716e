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
_OLDEST = datetime(1995, 1, 1, tzinfo=UTC)  # the web's first newspapers


def choose(claims: Claims, tree: HtmlElement, task: PageTask) -> tuple[datetime | None, DateSource]:
    """Return the date and where it came from; (None, "first_seen") where nothing is known."""
    stated = _stated(claims)
    if stated and not _contradicted(stated, task.feed_published_at):
        return stated, "page"
    if task.feed_published_at is not None:
        return task.feed_published_at, "feed"
    searched = _searched(tree, task.url)
    return (searched, "guess") if searched else (None, "first_seen")


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


def _searched(tree: HtmlElement, url: str) -> datetime | None:
    from htmldate import find_date

    found = find_date(
        tree, url=url, original_date=True, outputformat="%Y-%m-%d", deferred_url_extractor=True
    )
    return parse(found) if found else None
