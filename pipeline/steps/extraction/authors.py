"""Who wrote an article, as the page says it."""

import html
import re
from collections.abc import Iterable, Sequence
from typing import Any

from lxml.html import HtmlElement

from pipeline.steps.extraction.normalising import normalise_line
from pipeline.steps.extraction.structured import Claims

_MOST = 8
_PREFIX = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|od|autor:?|author:?|written by|text:)\s+", re.I
)
# "By Ada Lim and Bo Xu | 13 June": names up to a date, a bar or a comma.
_BY_LINE = re.compile(
    r"(?:by|von|par|por|di|door|af|av)\s+((?:[A-ZÀ-ÖØ-Þ][\w.'’-]*(?:\s+(?:and|und|et|y|e|en"
    r"|og|och)\s+)?\s?){2,8})"
    r"(?=$|[|,·•–—(\d]|\s(?:on|in|am|le|el|il)\b)",
    re.IGNORECASE,
)
_CJK_BY_LINE = re.compile(
    r"(?:作者|撰文|記者|记者)\s*[:：]?\s*([^\s，。|/]{2,12})|^\s*([가-힣]{2,4})\s*기자\b"
)
_SIGNED = re.compile(r"(?:Reporting|Written|Story)\s+by\s+([^;.()]{4,60})")
_NOT_A_NAME = re.compile(r"https?:|www\.|@|[{}<>\[\]]|^\W*$")


def choose(claims: Claims, tree: HtmlElement) -> str:
    """Return the authors, separated by ", ", or ""."""
    for source in (*claims.stated("author"), *claims.stated("creator")):
        if found := _joined(_names(source)):
            return found
    named = (
        *claims.meta.get("author", ()),
        *claims.meta.get("article:author", ()),
        *claims.meta.get("parsely-author", ()),
        *claims.meta.get("dc.creator", ()),
    )
    return _joined(named) or _joined(_marked(tree))


def _names(source: Any) -> list[str]:
    if isinstance(source, str):
        return [source]
    if isinstance(source, list):
        return [name for part in source for name in _names(part)]
    if isinstance(source, dict):
        return _names(source.get("name"))
    return []


def _marked(tree: HtmlElement) -> list[str]:
    """Return the names that a page's markup calls authors, or a by-line shows."""
    marked = tree.xpath("(.//*[@rel='author'] | .//*[@itemprop='author'])[position() < 5]")
    names = ["".join(element.itertext()) for element in marked]
    if any(name.strip() for name in names):
        return names
    lines = tree.xpath(
        "(.//*[contains(@class, 'byline') or contains(@class, 'author')"
        " or contains(@class, 'by-line')])[position() < 9]"
    )
    found = (_BY_LINE.match(normalise_line("".join(line.itertext()))) for line in lines)
    named = [match.group(1) for match in found if match][:1]
    words = tree.xpath("(.//h1)[1]/following::text()[position() < 40]")
    return named or [m.group(1) or m.group(2) for w in words if (m := _CJK_BY_LINE.search(w))][:1]


def signed(lines: Sequence[str]) -> str:
    """Return who signs a text in its last lines ("Reporting by Ada Lim"), or ""."""
    found = (_SIGNED.match(line) for line in lines[-8:])
    return _joined(match.group(1) for match in found if match)


def _joined(names: Iterable[str]) -> str:
    kept: dict[str, str] = {}
    for written in names:
        name = _PREFIX.sub("", normalise_line(html.unescape(written))).strip(" ,;|")
        if name and len(name) < 100 and not _NOT_A_NAME.search(name):
            kept.setdefault(name.lower(), name)
    return ", ".join(list(kept.values())[:_MOST])
