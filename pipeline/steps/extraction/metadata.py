"""Which of a page's claims to believe: title, author, outlet, date, canonical address."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from lxml.html import HtmlElement

from pipeline.models.articles import PageTask
from pipeline.models.feeds import DateSource
from pipeline.steps import urls
from pipeline.steps.extraction import authors, dates, titles
from pipeline.steps.extraction.nearby import lines_near_headline
from pipeline.steps.extraction.normalising import normalise_line
from pipeline.steps.extraction.structured import Claims


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is believed of an article; `date` goes with where it came from."""

    title: str
    author: str
    site: str
    date: tuple[datetime | None, DateSource]
    canonical_url: str


def choose(claims: Claims, tree: HtmlElement, task: PageTask) -> Metadata:
    """Return what to believe of a page's claims, its feed's word where it is silent."""
    site = outlet(claims)
    author = authors.stated(claims, tree, but=site) or normalise_line(task.feed_author)
    date = dates.stated(claims, tree, task)
    near = lines_near_headline(tree) if not author or date is None else ()
    return Metadata(
        title=titles.choose(claims, tree, site=site, announced=task.feed_title),
        author=author or authors.shown(tree, near) or authors.stated(claims, tree),
        site=site,
        date=date or dates.shown(claims, tree, task, near=near),
        canonical_url=canonical(claims, task.url),
    )


def outlet(claims: Claims) -> str:
    """Return the outlet's name, or ""."""
    named = (
        claims.said("og:site_name"),
        *map(_publisher, claims.stated("publisher")),
        *claims.publishers,
        claims.said("application-name"),
    )
    lines = (normalise_line(name) for name in named)
    return next((name for name in lines if name and "://" not in name), "")[:100]


def _publisher(publisher: object) -> str:
    if isinstance(publisher, list):
        return next(map(_publisher, publisher), "")
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    return name if isinstance(name, str) else ""


def canonical(claims: Claims, url: str) -> str:
    """Return the address the page names as its own, if it may: http(s), and the same owner.

    A page that calls another site's page its canonical would otherwise take that page's
    place in the store. Without one (or with one that leads to the front page): "".
    """
    named = claims.canonical or claims.said("og:url")
    if not named:
        return ""
    try:
        full = urljoin(url, named)
    except ValueError:
        return ""
    if not full.lower().startswith(("http://", "https://")):
        return ""
    if urls.registrable(urls.host(full)) != urls.registrable(urls.host(url)):
        return ""
    is_front_page = (
        urls.key(full).count("/") <= 1 and "?" not in full and full.rstrip("/").count("/") == 2
    )
    return "" if is_front_page else full
