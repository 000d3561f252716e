"""Reads Google-News sitemaps: addresses with a news title and date."""

from datetime import datetime
from typing import Any

from pipeline.errors import ParseError
from pipeline.models.feeds import Entry, ParsedFeed
from pipeline.steps.feeds.dates import read_date
from pipeline.steps.feeds.document import MAX_ENTRIES, Document
from pipeline.steps.feeds.links import clean_link, is_opaque
from pipeline.steps.feeds.titles import clean_title


def parse_sitemap(document: Document, *, url: str, now: datetime) -> ParsedFeed:
    """Return the news of a sitemap; entries without a news title are left out.

    Raises ParseError for a sitemap index and for one without any news.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    root = etree.fromstring(document.text.encode("utf-8", "ignore"), parser)
    children = list(root) if root is not None else []
    if document.root == "sitemapindex":
        raise ParseError(
            "not a feed",
            why="an index of sitemaps, not the news itself",
            fix=_first_child(children, url),
        )
    entries = [entry for child in children if (entry := _entry(child, url=url, now=now))]
    if not entries:
        raise ParseError(
            "not a feed",
            why="a sitemap without news titles",
            fix="use the site's news sitemap or feed (chipwire feeds discover SITE)",
        )
    name, language = _value(children[0], "name"), _value(children[0], "language")
    return ParsedFeed(
        format="sitemap-news",
        entries=tuple(entries[:MAX_ENTRIES]),
        title=clean_title(name, 200),
        language=language.lower(),
        notes=document.notes,
        truncated=document.truncated,
    )


def _entry(element: Any, *, url: str, now: datetime) -> Entry | None:
    title = clean_title(_value(element, "title"))
    address = clean_link(_value(element, "loc"), url)
    if not title or not address:
        return None
    dates = (_value(element, "publication_date"), _value(element, "lastmod"))
    dated = read_date(dates, now=now, language=_value(element, "language"), guess=False)
    return Entry(
        guid=address,
        url=address,
        title=title,
        published_at=dated.at,
        date_source=dated.source,
        raw_date=dated.raw,
        opaque=is_opaque(address),
    )


def _value(element: Any, name: str) -> str:
    """Return the text of the first descendant with this local name outside image and video."""
    for child in element.iter():
        if not isinstance(child.tag, str):
            continue
        space, _, local = child.tag.rpartition("}")
        if local == name and "sitemap-image" not in space and "sitemap-video" not in space:
            return (child.text or "").strip()
    return ""


def _first_child(children: list[Any], url: str) -> str:
    found = [
        address for child in children[:50] if (address := clean_link(_value(child, "loc"), url))
    ]
    news = [address for address in found if "news" in address] or found
    return f"use one of its sitemaps, for example {news[0]}" if news else "use the site's feed"
