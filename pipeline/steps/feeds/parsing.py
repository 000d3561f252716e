"""Turns the bytes of any feed into entries, or says why they are none."""

from dataclasses import replace
from datetime import datetime

from pipeline.errors import ParseError
from pipeline.models.feeds import FeedTask, ParsedFeed, ParseProblem
from pipeline.steps.feeds.charset import decode
from pipeline.steps.feeds.discovery import find_feeds
from pipeline.steps.feeds.document import DROPPED, Document, prepare
from pipeline.steps.feeds.identity import with_guids
from pipeline.steps.feeds.markup import repair

MAX_BODY = 10 << 20  # bytes; the fetcher's cap, held here too for files


def parse(body: bytes, *, content_type: str, url: str, now: datetime) -> ParsedFeed:
    """Return what a feed announces: RSS, RDF, Atom, JSON Feed or a news sitemap.

    `url` is where the body finally came from; relative links start there. Pure, but not
    safe from slow input: run it where it can be killed. Raises ParseError for everything
    that is no feed, an HTML page included; ParseError is the only exception.
    """
    if not body.strip():
        raise ParseError("not a feed", why="the body is empty", fix="try again later")
    if len(body) > MAX_BODY:
        raise ParseError(
            "a feed that cannot be read", why="longer than 10 MiB", fix="use a section's feed"
        )
    text, notes = decode(body, content_type)
    parsed = _dispatch(text, body, url, now)
    return replace(parsed, entries=with_guids(parsed.entries), notes=(*notes, *parsed.notes))


def parse_task(task: FeedTask) -> ParsedFeed | ParseProblem:
    """Run `parse` on a task; a ParseError comes back as a value that can travel."""
    try:
        return parse(task.body, content_type=task.content_type, url=task.url, now=task.now)
    except ParseError as error:
        return ParseProblem(error.what, error.why, error.fix)


def _dispatch(text: str, body: bytes, url: str, now: datetime) -> ParsedFeed:
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        from pipeline.steps.feeds.jsonfeed import parse_json

        return parse_json(text.lstrip("\ufeff \t\r\n"), url=url, now=now)
    document = prepare(text)
    if document.root in ("rss", "rdf", "feed", "urlset", "sitemapindex"):
        document = _repaired(document)
    if document.root in ("urlset", "sitemapindex"):
        from pipeline.steps.feeds.sitemap import parse_sitemap

        return parse_sitemap(document, url=url, now=now)
    if document.root in ("rss", "rdf", "feed"):
        from pipeline.steps.feeds.xmlfeed import parse_xml

        return _unless_a_bomb(parse_xml(document, url=url, now=now))
    raise _no_feed(document, body, url)


def _unless_a_bomb(parsed: ParsedFeed) -> ParsedFeed:
    """Return the feed; raise ParseError where declarations were dropped and nothing is left.

    Such a body was made to hurt, and "no entries" would call it a feed that is well.
    """
    if parsed.entries or DROPPED not in parsed.notes:
        return parsed
    raise ParseError(
        "a feed that cannot be read",
        why="no entry, and entity declarations that only hurt (dropped unread)",
        fix="look at what is served there; leave the feed out if it stays so",
    )


def _repaired(document: Document) -> Document:
    text, count = repair(document.text, document.entities)
    notes = (*document.notes, f"{count} stray & or < escaped") if count else document.notes
    return replace(document, text=text, notes=notes)


def _no_feed(document: Document, body: bytes, url: str) -> ParseError:
    if document.root == "opml":
        return ParseError(
            "not a feed", why="an OPML list of feeds", fix="chipwire feeds import FILE"
        )
    offered = find_feeds(body, url)
    if offered:
        addresses = ", ".join(link.url for link in offered[:3])
        return ParseError(
            "not a feed", why="an HTML page", fix=f"use the feed it names: {addresses}"
        )
    why = "an HTML page" if document.root == "html" else "neither XML nor JSON of a known feed"
    return ParseError("not a feed", why=why, fix="check the address (chipwire feeds discover SITE)")
