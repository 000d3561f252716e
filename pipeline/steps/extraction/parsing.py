"""Text to tree, past the guards: what no parser should be shown is refused before it."""

import re
from html import escape

from lxml import html
from lxml.etree import ElementDefaultClassLookup, ParserError
from lxml.html import HtmlElement

from pipeline.errors import ExtractError
from pipeline.steps.extraction.decoding import decode

MAX_BYTES = 5_000_000
# 132 real pages had up to 8,100 tags. 100,000 links or 60,000 short paragraphs take 12 s.
MAX_TAGS = 50_000
# One tag of 50,000 attributes (428 KB) kept the parser busy for over 30 s. A tag may well be
# this long (64 KB) for one image in a `data:` address, so it loses its attributes, not its page.
_LONG = 65_536
_LONG_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9-]*)[^<>]{{{_LONG},}}>")
# NUL and the other C0 controls but tab and line ends, and DEL; then what UTF-8 makes of C1,
# of lone surrogates and of U+FFFE and U+FFFF. Bytes: one pattern over text took 2 ms a page,
# these a fifth of it.
_CONTROLS = bytes(i for i in range(0x20) if i not in b"\t\n\r") + b"\x7f"
_FORBIDDEN = tuple(
    map(
        re.compile,
        (rb"\xc2[\x80-\x84\x86-\x9f]", rb"\xed[\xa0-\xbf][\x80-\xbf]", rb"\xef\xbf[\xbe\xbf]"),
    )
)


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
    return parse_text(decode(body, content_type))


def parse_text(text: str) -> HtmlElement | None:
    """Return the tree of markup that is already text, or None for none.

    Raises:
        ExtractError: more tags than any article has.
    """
    if text.count("<") > MAX_TAGS:
        raise ExtractError("page refused", why=f"more than {MAX_TAGS} tags")
    if max(map(len, text.split("<"))) > _LONG:  # the pattern alone took 3 ms a page
        text = _LONG_TAG.sub(r"<\1>", text)
    if "<" not in text:  # plain text served as a page: each line a paragraph
        text = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    try:
        # Bytes, because lxml refuses text that declares an encoding of its own.
        return html.document_fromstring(_permitted(text), parser=_parser())
    except ParserError:  # an empty document
        return None


def _permitted(text: str) -> bytes:
    encoded = text.encode("utf-8", "surrogatepass").translate(None, _CONTROLS)
    for pattern in _FORBIDDEN:
        encoded = pattern.sub(b"", encoded)
    return encoded


def _parser() -> html.HTMLParser:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # lxml.html asks Python for the class of every element it hands out (6,300 times a page);
    # we need none of its special ones, such as forms. 8 % of a page's time.
    parser.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))
    return parser
