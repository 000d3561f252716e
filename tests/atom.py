"""The rules of RFC 4287 that a feed can break, each with its paragraph, and what the W3C feed
validator warns of besides."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

NS = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# RFC 3339 5.6, with capitals as RFC 4287 3.3 asks for
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# a registered name or "language-REGION" (BCP 47); "" undoes what lies above
LANGUAGE = re.compile(r"([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?")
URIS = ("id", "uri", "icon", "logo")
ONCE = ("id", "title", "updated")
UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # RFC 9562 4
MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
# Of what the validator takes for safe in HTML, the elements and attributes a digest needs.
SAFE = frozenset(("p", "br", "h2", "h3", "a", "b", "small", "span", "blockquote"))
SAFE_ATTRIBUTES = frozenset(("href", "dir", "lang"))
VOID = frozenset(("br",))
AT_MOST_ONCE = ("published", "content", "summary", "subtitle", "rights", "generator")


def faults(feed: bytes) -> list[str]:
    """Return what is wrong with an Atom feed, in words; none where it is valid."""
    root = ET.fromstring(feed)
    entries = root.findall(f"{NS}entry")
    found = [f"the root is {root.tag}"] if root.tag != f"{NS}feed" else []
    for element in (root, *entries):
        found += amounts(element)
    ids = [element.findtext(f"{NS}id") for element in (root, *entries)]
    if len(set(ids)) < len(ids):
        found.append("4.2.6: two elements have one id")
    if root.find(f"{NS}author") is None and any(e.find(f"{NS}author") is None for e in entries):
        found.append("4.1.1: an entry without author in a feed without")
    moments = [entry.findtext(f"{NS}updated") or "" for entry in entries]
    if moments != sorted(moments, reverse=True):
        found.append("entries are not the newest first")
    if len(set(moments)) < len(moments):
        found.append("W3C: two entries with the same updated")
    if moments and (root.findtext(f"{NS}updated") or "") < moments[0]:
        found.append("4.2.15: the feed is older than an entry")
    return found + [fault for element in root.iter() for fault in details(element)]


def amounts(element: ET.Element) -> Iterator[str]:
    counts = {name: len(element.findall(NS + name)) for name in (*ONCE, *AT_MOST_ONCE)}
    yield from (f"4.1: {n} times {name}" for name, n in counts.items() if name in ONCE and n != 1)
    yield from (f"4.1: {n} times {name}" for name, n in counts.items() if n > 1)
    links = element.findall(f"{NS}link")
    pages = [link for link in links if link.get("rel", "alternate") == "alternate"]
    if element.tag == f"{NS}entry" and not counts["content"] and not pages:
        yield "4.1.2: an entry with neither content nor alternate link"
    kinds = [
        (link.get("rel", "alternate"), link.get("type"), link.get("hreflang")) for link in links
    ]
    if len(set(kinds)) < len(kinds):
        yield "4.1.1: two links of one kind"


def details(element: ET.Element) -> Iterator[str]:
    name, text = element.tag.removeprefix(NS), element.text or ""
    if not element.tag.startswith(NS):
        yield f"an element that is not Atom's: {element.tag}"
    if name in ("updated", "published"):
        yield from date_faults(text)
    if name == "category" and not element.get("term"):
        yield "4.2.2: a category without term"
    if not LANGUAGE.fullmatch(element.get(LANG, "")):
        yield f"2: xml:lang {element.get(LANG)!r}"
    yield from address_faults(element, name, text)
    yield from text_faults(element, name, text)


def address_faults(element: ET.Element, name: str, text: str) -> Iterator[str]:
    address = element.get("href") if name == "link" else text if name in URIS else None
    if address is not None and not is_absolute(address):
        yield f"4.2.6, 4.2.7: {address!r} is not absolute"
    if name == "id" and text.startswith("urn:") and not UUID.fullmatch(text):
        yield f"4.2.6: {text!r} is no URN of a UUID"
    if name == "link" and not MEDIA_TYPE.fullmatch(element.get("type", "text/html")):
        yield f"4.2.7.3: {element.get('type')!r} is no media type"


def text_faults(element: ET.Element, name: str, text: str) -> Iterator[str]:
    kind = element.get("type", "text")
    if name in ("title", "name", "content") and not text.strip():
        yield f"an empty {name}"
    if name in ("title", "summary", "content") and kind not in ("text", "html"):
        yield f"3.1.1: type {kind!r}"
    if name == "content" and kind == "html":
        yield from Markup(text).faults


def date_faults(text: str) -> Iterator[str]:
    if not DATE.fullmatch(text):
        yield f"3.3: {text!r} is no date"
    elif not 1990 < datetime.fromisoformat(text).astimezone(UTC).year < 2100:
        yield f"W3C: {text!r} is implausible"


class Markup(HTMLParser):
    """What the validator warns of in the HTML of an entry."""

    def __init__(self, html: str):
        super().__init__()
        self.faults: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.faults += [f"3.1.1.2: <{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SAFE:
            self.faults.append(f"W3C: <{tag}> may be a risk")
        for name, content in attrs:
            if name not in SAFE_ATTRIBUTES:
                self.faults.append(f"W3C: {name} may be a risk")
            if name == "href" and not (content or "").startswith(("https://", "http://")):
                self.faults.append(f"W3C: {content!r} is no absolute address of a page")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"3.1.1.2: </{tag}> closes nothing")


def is_absolute(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r"[\s<>]", address)
