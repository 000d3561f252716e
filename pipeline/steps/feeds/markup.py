"""Repairs the markup errors publishers make, and refuses the amounts only an attacker sends.

A bare "&" or "<" sends feedparser into its lenient parser, which is 20 times slower and needs
14 s for 5 MB of "<"; escaped, the strict one reads on. One pass, linear.
"""

import html
import html.entities
import re
from collections.abc import Iterator, Mapping

from pipeline.errors import ParseError

MAX_TAG = 65_536  # characters of one tag: 20,000 attributes in one cost 2 s, 50,000 over 30 s
MAX_ATTRIBUTES = 200  # of one tag
MAX_ELEMENTS = 100_000  # 50 µs each; 2,000 entries of 30 elements are 60,000
MAX_DEPTH = 20_000  # 1.6 kB of feedparser's stacks each
MAX_REPAIRS = 50_000

_OPENING = re.compile(r"<!\[CDATA\[|<!--")
_CLOSINGS = {"<![CDATA[": "]]>", "<!--": "-->"}
_BARE = re.compile(
    r"&(?!(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|(?:amp|lt|gt|quot|apos));)"
    r"(?:(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?"
    r"|<(?!(?:/?[A-Za-z_]|\?)[^<>]*>)"
)
# One undeclared prefix sends the whole feed into the lenient parser.
_PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}
_ROOT_NAME = re.compile(r"<[^\s<>/]+")
_TAG = re.compile(r"<(/?)[A-Za-z_][^<>]*>")
_LONG_TAG = re.compile(rf"<[A-Za-z_/?][^<>]{{{MAX_TAG}}}")
_CROWDED_TAG = re.compile(rf"<[A-Za-z_](?:[^<>=]*=){{{MAX_ATTRIBUTES}}}")


def repair(text: str, declared: Mapping[str, str]) -> tuple[str, int]:
    """Return the text with bare "&" and "<" escaped, and how many were.

    HTML's named characters and the entities in `declared` are put in, so that no DOCTYPE
    need reach a parser. CDATA stays as it is, comments go. Raises ParseError for an amount
    of markup or of errors that no publisher produces.
    """
    mender = _Mender(declared)
    parts: list[str] = []
    for is_text, section in _sections(text):
        if is_text:
            mended = _BARE.sub(mender.mend, section)
            mender.measure(mended)
            parts.append(mended)
        elif section.startswith("<!["):
            parts.append(section)
    return "".join(parts), mender.repairs


def declare_prefixes(text: str) -> str:
    """Return the document with the usual prefixes it uses and forgot to declare, declared."""
    missing = "".join(
        f' xmlns:{prefix}="{space}"'
        for prefix, space in _PREFIXES.items()
        if f"<{prefix}:" in text and f"xmlns:{prefix}" not in text
    )
    root = _ROOT_NAME.match(text) if missing else None
    return f"{root.group()}{missing}{text[root.end() :]}" if root else text


def _sections(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the text piece by piece: (is it outside CDATA and comments?, piece).

    What is opened and never closed counts as text, to be escaped.
    """
    position = scanned = 0
    unclosed: set[str] = set()  # searched once: a million openings would each search to the end
    while found := _OPENING.search(text, scanned):
        opening = found.group()
        scanned = found.end()
        if opening in unclosed:
            continue
        end = text.find(_CLOSINGS[opening], scanned)
        if end < 0:
            unclosed.add(opening)
            continue
        yield True, text[position : found.start()]
        position = scanned = end + 3
        yield False, text[found.start() : position]
    yield True, text[position:]


class _Mender:
    """Counts repairs, elements and depth over the sections of one document."""

    def __init__(self, declared: Mapping[str, str]) -> None:
        self._declared = declared
        self._elements = 0
        self._depth = 0
        self.repairs = 0

    def mend(self, found: re.Match[str]) -> str:
        if name := found["name"]:
            character = self._declared.get(name) or html.entities.html5.get(f"{name};")
            if character and character not in "&<>":
                return character
        self.repairs += 1
        if self.repairs > MAX_REPAIRS:
            raise _refused(f"more than {MAX_REPAIRS} stray & and <")
        return html.escape(found.group(), quote=False)

    def measure(self, section: str) -> None:
        """Refuse what would keep a parser busy; called with sections in their order."""
        if _LONG_TAG.search(section):
            raise _refused(f"a tag longer than {MAX_TAG} characters")
        if _CROWDED_TAG.search(section):
            raise _refused(f"a tag with more than {MAX_ATTRIBUTES} attributes")
        for found in _TAG.finditer(section):
            if found[1]:
                self._depth -= 1
                continue
            self._elements += 1
            self._depth += not found.group().endswith("/>")
            if self._elements > MAX_ELEMENTS:
                raise _refused(f"more than {MAX_ELEMENTS} elements")
            if self._depth > MAX_DEPTH:
                raise _refused(f"elements nested deeper than {MAX_DEPTH}")


def _refused(why: str) -> ParseError:
    return ParseError(
        "a feed that cannot be read", why=why, fix="report it to the publisher, or remove it"
    )
