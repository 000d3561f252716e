"""Reads JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

import html
import json
from datetime import datetime

from pipeline.errors import ParseError
from pipeline.models.feeds import Entry, ParsedFeed
from pipeline.steps.feeds.bodies import MAX_TEXT
from pipeline.steps.feeds.dates import read_date
from pipeline.steps.feeds.document import MAX_ENTRIES, without_forbidden
from pipeline.steps.feeds.identity import short_guid
from pipeline.steps.feeds.links import clean_link, is_opaque
from pipeline.steps.feeds.titles import clean_title, plain_text

_FORMATS = {"1": "json1", "1.0": "json1", "1.1": "json11"}


def parse_json(text: str, *, url: str, now: datetime) -> ParsedFeed:
    """Return the feed a JSON document holds; fields of a wrong type count as missing.

    Raises ParseError for broken JSON and for JSON that is no feed.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParseError(
            "not a feed", why=f"JSON that cannot be read ({error})", fix="check the address"
        ) from error
    version = _text(document, "version").rstrip("/")
    items = document.get("items") if isinstance(document, dict) else None
    if "jsonfeed.org/version/" not in version or not isinstance(items, list):
        raise ParseError(
            "not a feed",
            why="JSON without a jsonfeed.org version and items",
            fix="use the site's RSS, Atom or JSON Feed address (chipwire feeds discover SITE)",
        )
    language = _text(document, "language").lower()
    notes = (f"only the first {MAX_ENTRIES} entries read",) if len(items) > MAX_ENTRIES else ()
    author = _author(document)
    entries = tuple(
        _entry(item, url=url, now=now, language=language, author=author)
        for item in items[:MAX_ENTRIES]
        if isinstance(item, dict)
    )
    return ParsedFeed(
        format=_FORMATS.get(version.rsplit("/", 1)[-1], "json1"),
        entries=entries,
        title=clean_title(_text(document, "title"), 200),
        site_url=clean_link(_text(document, "home_page_url"), url),
        language=language,
        notes=notes,
    )


def _entry(item: object, *, url: str, now: datetime, language: str, author: str) -> Entry:
    markup = _text(item, "content_html") or html.escape(_text(item, "content_text"), quote=False)
    summary = _text(item, "summary") or markup
    dates = (_text(item, "date_published"), _text(item, "date_modified"))
    dated = read_date(dates, now=now, language=language, guess=False)
    address = clean_link(_text(item, "url") or _text(item, "external_url"), url)
    guid = _text(item, "id")
    if not address and guid.startswith(("http://", "https://")):
        address = clean_link(guid, url)
    return Entry(
        guid=short_guid(guid),
        url=address,
        title=clean_title(_text(item, "title")),
        summary=plain_text(summary),
        body=(markup or summary)[:MAX_TEXT],
        author=_author(item) or author,
        published_at=dated.at,
        date_source=dated.source,
        raw_date=dated.raw,
        opaque=is_opaque(address),
    )


def _author(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    authors = value.get("authors")
    listed = authors if isinstance(authors, list) else [value.get("author")]
    return clean_title(", ".join(name for one in listed[:10] if (name := _text(one, "name"))), 200)


def _text(value: object, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    return without_forbidden(str(found))
