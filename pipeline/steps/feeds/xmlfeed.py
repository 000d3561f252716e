"""Reads RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0 through feedparser, and mistrusts what it returns."""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pipeline.errors import ParseError
from pipeline.models.feeds import Entry, ParsedFeed
from pipeline.steps.feeds.bodies import (
    CAPTION_KEY,
    MAX_TEXT,
    Part,
    choose_body,
    set_captions_apart,
)
from pipeline.steps.feeds.dates import Dated, read_date
from pipeline.steps.feeds.document import MAX_ENTRIES, Document
from pipeline.steps.feeds.hints import read_hints
from pipeline.steps.feeds.identity import short_guid
from pipeline.steps.feeds.links import clean_link, is_address, is_opaque
from pipeline.steps.feeds.markup import declare_prefixes
from pipeline.steps.feeds.titles import clean_title, plain_text, shorten, without_suffix

_GUESSES = 20  # failed tries with dateparser, 5 ms each, before a feed's dates count as unreadable
# A guid that is no address, which feedparser would resolve like a link.
_GUID = re.compile(
    r"<(guid|id)(?:\s[^<>]*)?>(?=\s*(?!\s|https?:|<!\[CDATA\[\s*https?:))", re.IGNORECASE
)
# What feedparser 6.0.14 lets through on mutated feeds besides SAX errors (fuzzed, 10,000 cases).
_FEEDPARSER_FAILS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def parse_xml(document: Document, *, url: str, now: datetime) -> ParsedFeed:
    """Return the feed in an XML document. Raises ParseError where feedparser finds no version."""
    parsed = _run_feedparser(document, url)
    version = str(parsed.get("version") or "")
    if not version:
        raise ParseError(
            "not a feed",
            why=f"<{document.root}> is no RSS or Atom that could be recognised",
            fix="check the address (chipwire feeds discover SITE)",
        )
    channel = parsed["feed"]
    language = _text(channel, "language").lower()
    reader = _EntryReader(url, now, language, version)
    entries = tuple(reader.read(found) for found in parsed["entries"][:MAX_ENTRIES])
    hints = read_hints(document.text)
    notes = list(document.notes)
    if parsed.get("bozo"):
        notes.append(shorten(f"not well-formed: {parsed.get('bozo_exception')}", 200))
    return ParsedFeed(
        format=version,
        entries=entries,
        title=clean_title(_text(channel, "title"), 200),
        site_url=clean_link(_text(channel, "link"), url),
        language=language,
        hint_interval_s=hints.interval_s,
        skip_hours=hints.skip_hours,
        skip_days=hints.skip_days,
        notes=(*notes, *reader.notes),
        truncated=document.truncated,
    )


def _run_feedparser(document: Document, url: str) -> Mapping[str, Any]:
    import feedparser

    text = declare_prefixes(set_captions_apart(document.text))
    headers = {"content-type": "application/xml; charset=utf-8"}
    # Told where it is, feedparser joins two addresses per element (1.8 times the CPU on news) and
    # makes "4711" a guid that changes with every redirect; only xml:base needs it.
    if "xml:base" in text or "XML:BASE" in text:
        text = _GUID.sub(r'<\1 isPermaLink="false">', text)
        headers["content-location"] = url
    source = f'<?xml version="1.0" encoding="utf-8"?>\n{text}'
    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(source.encode("utf-8", "ignore")),  # never a str: it would be opened
            response_headers=headers,
            # Sanitising costs 22 s on 400 KB of "<!--" and 2.1 times on news; titles, links and
            # bodies are cleaned where they are used.
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _FEEDPARSER_FAILS as error:
        raise ParseError(
            "a feed that cannot be read",
            why=f"{type(error).__name__} in feedparser: {error}"[:200],
            fix="report it to the publisher; it is tried again at the next poll",
        ) from error
    return parsed


class _EntryReader:
    """Turns feedparser's entries into ours; counts failed guesses and collects notes."""

    def __init__(self, url: str, now: datetime, language: str, version: str) -> None:
        self._url = url
        self._now = now
        self._language = language
        self._is_rss = not version.startswith("atom")
        self._guesses = _GUESSES
        self.notes: list[str] = []

    def read(self, found: Mapping[str, Any]) -> Entry:
        url = self._link(found)
        outlet = clean_title(_text(_mapping(found, "source"), "title"), 200)
        opaque = is_opaque(url)
        title = clean_title(_text(found, "title"))
        summary = _text(found, "summary") or _text(found, CAPTION_KEY)
        body = choose_body(_parts(found), summary, is_rss=self._is_rss)
        if len(body) > MAX_TEXT:
            self._note("texts longer than 1 MiB cut")
        dated = self._date(found)
        return Entry(
            guid=short_guid(_text(found, "id")),
            url=url,
            title=without_suffix(title, outlet) if opaque else title,
            summary=plain_text(summary),
            body=body[:MAX_TEXT],
            author=_author(found),
            outlet=outlet,
            published_at=dated.at,
            date_source=dated.source,
            raw_date=dated.raw,
            opaque=opaque,
        )

    def _link(self, found: Mapping[str, Any]) -> str:
        for raw in _links(found):
            if url := clean_link(raw, self._url):
                return url
        return ""

    def _date(self, found: Mapping[str, Any]) -> Dated:
        raws = [_text(found, key) for key in ("published", "updated", "created")]
        dated = read_date(raws, now=self._now, language=self._language, guess=self._guesses > 0)
        if dated.raw and dated.at is None:
            self._guesses -= 1
        return dated

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def _links(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield candidates, best first: the publisher's own, the link, alternates, the guid."""
    yield _text(found, "feedburner_origlink")
    yield _text(found, "link")
    listed = dict.get(found, "links") if isinstance(found, dict) else None
    for link in listed or ():
        if _text(link, "rel") in ("", "alternate"):
            yield _text(link, "href")
    guid = _text(found, "id")
    if is_address(guid):
        yield guid


def _parts(found: Mapping[str, Any]) -> list[Part]:
    listed = dict.get(found, "content") if isinstance(found, dict) else None
    return [
        Part(_text(part, "type"), _text(part, "value"))
        for part in listed or ()
        if isinstance(part, dict)
    ]


def _author(found: Mapping[str, Any]) -> str:
    name = _text(_mapping(found, "author_detail"), "name") or _text(found, "author")
    return clean_title(name, 200)


def _mapping(found: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = dict.get(found, key) if isinstance(found, dict) else None
    return value if isinstance(value, dict) else {}


def _text(found: Mapping[str, Any], key: str) -> str:
    """Return a string field as it stands; feedparser's own lookup would substitute another."""
    value = dict.get(found, key) if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""
