"""Who wrote an article, as the page says it."""

import html
import re
from collections.abc import Iterable
from typing import Any

from lxml.html import HtmlElement

from pipeline.steps.extraction.normalising import normalise_line
from pipeline.steps.extraction.structured import Claims

_MOST = 8
_PREFIX = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|od|autor:?|author:?|written by|text:)\s+", re.I
)
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
    """Return the names that a page's markup calls authors."""
    marked = tree.xpath("(.//*[@rel='author'] | .//*[@itemprop='author'])[position() < 5]")
    return ["".join(element.itertext()) for element in marked]


def _joined(names: Iterable[str]) -> str:
    kept: dict[str, str] = {}
    for written in names:
        name = _PREFIX.sub("", normalise_line(html.unescape(written))).strip(" ,;|")
        if name and len(name) < 100 and not _NOT_A_NAME.search(name):
            kept.setdefault(name.lower(), name)
    return ", ".join(list(kept.values())[:_MOST])
