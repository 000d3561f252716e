"""When an article was published: what the page states, the feed's word next, a search last."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from lxml.html import HtmlElement

from pipeline.models.articles import PageTask
from pipeline.models.feeds import DateSource
from pipeline.steps import urls
from pipeline.steps.extraction import written_dates
from pipeline.steps.extraction.structured import Claims
from pipeline.steps.extraction.written_dates import parse

_META = (
    "article:published_time", "article:published", "og:published_time", "og:article:published_time",
    "datepublished", "date", "pubdate", "publishdate", "publish-date", "publish_date",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date",
    "dcterms.date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "article.published", "published_at", "published", "pub_date",
    "publication_date", "publication-date", "citation_publication_date", "og:pubdate",
    "og:release_date", "displaydate", "iso-8601-publish-date", "rnews:datepublished", "apub:time",
    "bytedance:published_time", "weibo:article:create_at", "article_date_original", "ptime",
    "datecreated", "published_time_telegram", "datum", "fecha", "created",
)  # fmt: skip
_FEW = 3  # dates marked on a page; more belong to the articles it points to


def stated(claims: Claims, tree: HtmlElement, task: PageTask) -> tuple[datetime, DateSource] | None:
    """Return the date that page or feed state, and which of them, or None."""
    zone = zone_of(claims, task.url)
    date = next(_parsed(_values(claims), zone), None)
    if date is None or _is_day(date):
        marked = next(_parsed(_marked(claims, tree), zone), None)
        date = marked if marked and (date is None or _tells_the_time(marked, date)) else date
    announced = task.feed_published_at
    if date and announced and _tells_the_time(announced, date):
        return announced, "feed"
    if date and not _in_the_future(date, announced) and not _in_the_future(date, task.fetched_at):
        return date, "page"
    return (announced, "feed") if announced is not None else None


def zone_of(claims: Claims, url: str) -> timedelta:
    return written_dates.local_zone(urls.host(url), claims.language)


def _parsed(values: Iterator[Any], zone: timedelta) -> Iterator[datetime]:
    return (date for value in values if (date := parse(value, zone=zone)))


def _is_day(date: datetime) -> bool:
    return date == date.replace(hour=0, minute=0, second=0)


def _tells_the_time(date: datetime, day: datetime) -> bool:
    """Tell whether `date` gives the time of a `day` that is stated without one (midnight)."""
    return _is_day(day) and date != day and date.date() == day.date()


def _in_the_future(date: datetime, seen: datetime | None) -> bool:
    """Tell a page that dates itself after it was announced or fetched: a template's fixed date.

    Feeds are often a few minutes early and time zones are often left out: two days are
    let pass.
    """
    return seen is not None and date > seen + timedelta(days=2)


def _values(claims: Claims) -> Iterator[Any]:
    yield from claims.stated("datePublished")
    for name in _META:
        yield from claims.meta.get(name, ())
    yield from claims.stated("dateCreated")
    yield from claims.stated("uploadDate")


def _marked(claims: Claims, tree: HtmlElement) -> Iterator[Any]:
    """Yield the dates of microdata, then of the <time> elements of the article's own."""
    marked = claims.properties.get("datepublished", ())[:_FEW]
    for element in (*marked, *_times(tree)):
        yield element.get("datetime") or element.get("content") or "".join(element.itertext())


def _times(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the <time> elements marked as publication, the first after a headline, a header's."""
    after_headline = False
    for element in tree.iter("h1", "time"):
        if element.tag == "h1":
            after_headline = True
        elif element.get("pubdate") is not None:
            yield element
        elif element.get("datetime") and (after_headline or _heads_article(element)):
            yield element
            return


def _heads_article(element: HtmlElement) -> bool:
    above = {ancestor.tag for ancestor in element.iterancestors()}
    return {"article", "header"} <= above


def shown(
    claims: Claims, tree: HtmlElement, task: PageTask, *, near: Sequence[str]
) -> tuple[datetime | None, DateSource]:
    """Return the date a page shows its reader or has in its address; (None, "first_seen") for none.

    `near` are the lines around its headline.
    """
    found = _in_words(claims, task, near) or written_dates.in_address(task.url)
    found = found or _searched(tree, task.url)
    return (found, "guess") if found else (None, "first_seen")


def _in_words(claims: Claims, task: PageTask, near: Sequence[str]) -> datetime | None:
    """Return the date in the page's title or around its headline, the address's day first.

    Where both name a day, the one in words only adds its time: other days stand there too.
    """
    zone, day = zone_of(claims, task.url), written_dates.in_address(task.url)
    dates = (written_dates.written(text, zone=zone) for text in (claims.title, *near))
    now = task.fetched_at
    distances = (written_dates.ago(text, now=now) for text in near if now is not None)
    return next(
        (
            date
            for date in chain(dates, distances)
            if date and (day is None or abs(date - day) < timedelta(days=2))
        ),
        None,
    )


def _searched(tree: HtmlElement, url: str) -> datetime | None:
    from htmldate import find_date

    found = find_date(
        tree, url=url, original_date=True, outputformat="%Y-%m-%d", deferred_url_extractor=True
    )
    # A bare year ("© 2026" in a footer) comes back as its first of January: no date at all.
    return parse(found) if found and not found.endswith("-01-01") else None
