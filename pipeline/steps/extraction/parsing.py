"""Text to tree, past the guards: what no parser should be shown is refused before it."""

import re
from html import escape

from lxml import etree, html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from pipeline.errors import ExtractError
from pipeline.steps.extraction.decoding import as_utf8

MAX_BYTES = 5_000_000
# 132 real pages had up to 8,100 tags. 100,000 links or 60,000 short paragraphs take 12 s.
MAX_TAGS = 50_000
# One tag of 50,000 attributes (428 KB) kept the parser busy for over 30 s. A tag may well be
# this long (64 KB) for one image in a `data:` address, so it loses its attributes, not its page.
_LONG = 65536
_LONG_TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9-]*)[^<>]{65536,}>")
# NUL and the other C0 controls but tab and line ends, lone surrogates, DEL and C1, as UTF-8.
_FORBIDDEN_ASCII = bytes({*range(0x20), 0x7F} - {*b"\t\n\r"})
# One pattern each: the byte it begins with is looked for ten times as fast as any of three.
_FORBIDDEN = (
    re.compile(rb"\xc2[\x80-\x84\x86-\x9f]"),
    re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]"),
    re.compile(rb"\xef\xbf[\xbe\xbf]"),
)
# The parser as lxml.html makes it, but that it asks no Python function for the class of each
# element: of a page's time that took 5 %. Forms and inputs are elements like any other here.
_CLASSES = etree.ElementDefaultClassLookup(element=HtmlElement)


def parse(body: bytes, content_type: str = "") -> HtmlElement | None:
    """Return the page's tree, or None for a page without any element.

    Raises:
        ExtractError: too large, not text, or built to keep a parser busy.
    """
    if len(body) > MAX_BYTES:
        raise ExtractError("page too large", why=f"{len(body)} bytes, read are {MAX_BYTES}")
    if body.startswith(
        (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b")
    ):
        raise ExtractError("not a page", why=f"begins with {body[:4]!r}")
    return _tree_of(as_utf8(body, content_type))


def parse_text(text: str) -> HtmlElement | None:
    """Return the tree of markup that is already text, or None for none.

    Raises:
        ExtractError: more tags than any article has.
    """
    # Bytes, because lxml refuses text that declares an encoding of its own.
    return _tree_of(text.encode("utf-8", "surrogatepass"))


def _tree_of(markup: bytes) -> HtmlElement | None:
    if markup.count(b"<") > MAX_TAGS:
        raise ExtractError("page refused", why=f"more than {MAX_TAGS} tags")
    if b"<" not in markup:  # plain text served as a page: each line a paragraph
        lines = markup.decode("utf-8", "surrogatepass").splitlines()
        markup = "".join(f"<p>{escape(line)}</p>" for line in lines).encode(
            "utf-8", "surrogatepass"
        )
    markup = _without_forbidden(markup)
    if _has_long_run(markup):  # the pattern itself takes a hundred times as long to find none
        markup = _LONG_TAG.sub(rb"<\1>", markup)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_CLASSES)
    try:
        return html.document_fromstring(markup, parser=parser)
    except ParserError:  # an empty document
        return None


def _has_long_run(markup: bytes) -> bool:
    """Tell whether more than `_LONG` bytes in a row are neither < nor >, as in a long tag."""
    at = 0
    while len(markup) - at > _LONG:
        window = at, at + _LONG + 1
        at = max(markup.rfind(b"<", *window), markup.rfind(b">", *window)) + 1
        if not at:
            return True
    return False


def _without_forbidden(markup: bytes) -> bytes:
    kept = markup.translate(None, _FORBIDDEN_ASCII)
    if not kept.isascii():
        for pattern in _FORBIDDEN:
            kept = pattern.sub(b"", kept)
    return kept
