"""Cuts an aggregator's page into the articles glued together on it.

A portal's page goes on after its article with a heading ("Related Articles") and cards:
outlet, "23 minutes ago", the outlet again, a title, and the card's whole text. A
publisher's own "related" box has the heading and perhaps the times, but no text to speak
of, which is how the two are told apart.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from lxml.etree import tostring
from lxml.html import HtmlElement

from pipeline.steps.extraction.blocks import lines_of

_HEADINGS = frozenset({
    "related articles", "related stories", "related news", "related", "more stories",
    "more news", "you may also like", "recommended", "ähnliche artikel", "mehr zum thema",
    "articles similaires", "artículos relacionados", "articoli correlati", "相关新闻",
    "相关文章", "相關新聞", "相關文章", "関連記事", "관련기사", "관련 기사",
})  # fmt: skip
_AGO = (
    r"(?:\d+|an?|one)\s+(?:seconds?|mins?|minutes?|hrs?|hours?|days?|weeks?|months?)\s+ago"
    r"|\d+\s*[mhd]\s+ago|just now|yesterday"
    r"|vor\s+\S+\s+(?:Sekunden?|Minuten?|Stunden?|Tag(?:en)?|Wochen?|Monat(?:en)?)"
    r"|il y a\s+\S+\s+(?:secondes?|minutes?|heures?|jours?|semaines?|mois)"
    r"|hace\s+\S+\s+(?:segundos?|minutos?|horas?|días?|semanas?|meses)"
    r"|\d+\s*(?:秒|分钟|分鐘|小时|小時|天|日|周|週|个月|個月|分|時間|か月|ヶ月)前"
    r"|\d+\s*(?:초|분|시간|일|주|개월)\s*전"
)
_AGO_LINE = re.compile(rf"(?:{_AGO})", re.IGNORECASE)
# What each of them has, looked for in all of a page's text at once.
_AGO_WORDS = (" ago", "just now", "yesterday", "前", "전", "vor ", "il y a ", "hace ")
# As UTF-8, of which `bytes.lower` changes ASCII alone: "ähnliche" is known by what follows its Ä,
# a heading without capitals by all of it.
_AGO_BYTES = tuple(word.encode() for word in _AGO_WORDS)
_HEADING_BYTES = tuple(
    (one if one == one.upper() else max(re.split("[^ -~]", one), key=len)).encode()
    for one in sorted(_HEADINGS)
)
_OUTLET = 60  # characters of an outlet's name
_TITLE = 300
# A card that names its outlet twice has an article's text from here on, another one only
# when it is clearly more than a teaser (those of 132 real pages had up to 300 characters).
_TEXT_NAMED = 200
_TEXT_ELSE = 500


@dataclass(frozen=True, slots=True)
class Card:
    """A glued article as its card shows it."""

    outlet: str
    title: str
    lines: tuple[str, ...]


def may_be_glued(tree: HtmlElement) -> bool:
    """Tell quickly whether a page is worth a closer look: a heading and "… minutes ago"."""
    # bytes: a string's lower case, character by character, takes three times as long
    text = tostring(tree, method="text", encoding="utf-8").lower()
    return any(word in text for word in _AGO_BYTES) and any(said in text for said in _HEADING_BYTES)


def split(tree: HtmlElement) -> tuple[Card, ...]:
    """Return the glued articles in order, and cut them off the tree, with their heading.

    Leaves the tree alone where there are none.
    """
    lines = list(lines_of(tree))
    for at, (text, element) in enumerate(lines):
        if text.rstrip(":").casefold() in _HEADINGS:
            cards = tuple(_cards([text for text, _ in lines[at + 1 :]]))
            if cards:
                _cut_from(element)
                return cards
    return ()


def _cards(lines: Sequence[str]) -> Iterator[Card]:
    starts: list[int] = [at for at, line in enumerate(lines) if at and _AGO_LINE.fullmatch(line)]
    most = 0
    for start, following in zip(starts, [*starts[1:], 0], strict=False):
        # The last card is followed by the page's footer, the others by the next outlet.
        end = following - 1 if following else start + most + 3 if most else len(lines)
        card = _card(lines[start - 1], lines[start + 1 : end])
        if card is not None:
            most = max(most, len(card.lines))
            yield card


def _card(outlet: str, rest: Sequence[str]) -> Card | None:
    """Return the card between one time and the next card's outlet, if it holds an article."""
    named = bool(rest) and rest[0].removeprefix("- ") == outlet
    title, *text = rest[named:] or [""]
    text = list(takewhile(is_paragraph, text))
    enough = sum(map(len, text)) >= (_TEXT_NAMED if named else _TEXT_ELSE)
    if not enough or not title or len(title) > _TITLE or len(outlet) > _OUTLET:
        return None
    return Card(outlet, title, tuple(text))


def _cut_from(element: HtmlElement) -> None:
    """Remove an element and everything after it from its tree."""
    for above in [element, *element.iterancestors()]:
        for later in list(above.itersiblings()):
            later.getparent().remove(later)
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def without_chrome(lines: Sequence[str]) -> list[str]:
    """Return an article's lines up to its last paragraph: a portal's buttons stand below it."""
    paragraphs = [at for at, line in enumerate(lines) if is_paragraph(line)]
    return list(lines[: paragraphs[-1] + 1]) if paragraphs else []


def is_paragraph(line: str) -> bool:
    """Tell running text from headings and buttons: long, or dense as CJK text is."""
    return len(line) >= 80 or (len(line) >= 30 and line[-1] in "。！？")
