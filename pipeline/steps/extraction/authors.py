"""Who wrote an article, as the page says it."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from pipeline.steps.extraction import written_dates
from pipeline.steps.extraction.normalising import normalise_line
from pipeline.steps.extraction.structured import Claims

_META = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "dc.creator.name", "byl", "byline", "authors", "citation_author",
    "cxenseparse:author", "article:author:name",
)  # fmt: skip
_MOST = 8
_PREFIX = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|od|autor:?|author:?|written by|text:)\s+", re.I
)
# "By Ada Lim and Bo Xu | 13 June": names up to a date, a bar or a comma.
_BY_LINE = re.compile(
    r"(?:by|von|par|por|di|door|af|av)\s+([^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){1,7}?)"
    r"(?=$|\s?[|,·•–—(\d]|\s(?:on|in|am|le|el|il)\b)",
    re.IGNORECASE,
)
_CJK_BY_LINE = re.compile(
    r"(?:^|[\s　|｜/(（])(?:作者|撰文|撰稿|文字?|记者|記者|取材・文|編集・文)\s*[:：/／|｜=＝]?\s*"
    r"([\u3400-\u9fff\uac00-\ud7a3·、 ]{2,20}?)(?=$|[\s　，,。|｜/／)）\d])"
    r"|(?:^|[\s　|(（])([\u4e00-\u9fff々]{2,6})\s?記者(?=$|[\s　|)）])"
    r"|(?:^|[\s(])([가-힣]{2,4})\s*(?:선임|수석)?기자\b"
)
_SIGNED = re.compile(r"(?:Reporting|Written|Story)\s+by\s+([^;.()]{4,60})")
# What WordPress puts above the author's name on a card, in the languages it is used in most.
_WRITTEN_BY = re.compile(
    r"written by|verfasst von|geschrieben von|écrit par|escrito por|scritto da|geschreven door"
    r"|skrevet a[fv]|skriven av|napisane przez|yazan|автор|написал[аи]?|作者|投稿者|執筆者|글쓴이",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(r"https?:|www\.|@|[{}<>\[\]]|^\(|^[\W\d]*$")
_BETWEEN = re.compile(r"\s*[;,]\s*|\s+(?:and|und|et|y|og|och|en|&)\s+", re.IGNORECASE)
_STAMP_BEGINS = re.compile(r"\s*[,|·•–—]\s*|\s+-\s+")
_PARTICLES = frozenset({
    "af", "al", "bin", "da", "de", "del", "den", "der", "di", "dos", "el", "ibn", "la", "le",
    "ten", "ter", "van", "von", "zu",
})  # fmt: skip
_BUTTONS = frozenset(
    {"twitter", "facebook", "instagram", "linkedin", "whatsapp", "share", "follow"}
)
_MOST_TEXTS, _BY_LINE_LENGTH = 20, 200  # a <body> may be called "author" too
_NAME_WORDS = range(2, 6)


def stated(claims: Claims, tree: HtmlElement, *, but: str = "") -> str:
    """Return the authors that the page names for machines, separated by ", ", or "".

    Passed over is whoever is called `but`: an outlet that calls itself the author.
    """
    return next((found for names in _sources(claims, tree) if (found := _joined(names, but))), "")


def _sources(claims: Claims, tree: HtmlElement) -> Iterator[Iterable[str]]:
    for source in (*claims.stated("author"), *claims.stated("creator")):
        yield _names(source, claims)
    yield (value for name in _META for value in claims.meta.get(name, ()))
    yield _labelled(claims)
    yield _marked(claims, tree)


def _names(source: Any, claims: Claims) -> list[str]:
    if isinstance(source, str):
        return [source]
    if isinstance(source, list):
        return [name for part in source for name in _names(part, claims)]
    if isinstance(source, dict):
        named = _names(source.get("name"), claims)
        return named or [claims.people.get(str(source.get("@id")), "")]
    return []


def _labelled(claims: Claims) -> Iterator[str]:
    """Yield what a card for Twitter says under "Written by", as WordPress writes it."""
    for number in ("1", "2"):
        if _WRITTEN_BY.fullmatch(claims.said(f"twitter:label{number}")):
            yield claims.said(f"twitter:data{number}")


def _marked(claims: Claims, tree: HtmlElement) -> Iterator[str]:
    """Yield the names that a page's markup calls authors."""
    linked = (a for a in tree.iter("a", "address", "span") if a.get("rel") == "author")
    properties = claims.properties.get("author", ())[:4]
    for element in (*list(linked)[:4], *properties):
        if any(above.tag == "figure" for above in element.iterancestors()):
            continue  # who took the picture
        inner = next((e for e in element.iter() if e.get("itemprop") == "name"), element)
        yield inner.get("content") or "".join(inner.itertext())


def shown(tree: HtmlElement, near: Sequence[str]) -> str:
    """Return who is named as author where a reader would look, or "".

    `near` are the lines around the page's headline.
    """
    classed = tree.xpath(
        "(.//*[contains(@class, 'byline') or contains(@class, 'author')"
        " or contains(@class, 'by-line')])[position() < 9]"
    )
    said = ("".join(islice(element.itertext(), _MOST_TEXTS)) for element in classed)
    by_lines = [normalise_line(text)[:_BY_LINE_LENGTH] for text in said]
    lines = (*by_lines, *near)
    found = [name for line in lines if (name := _after_by(line))]
    found = found or [name for line in lines if (name := _before_a_date(line))]
    found = found or [line for line in by_lines if _is_name(line)]
    return _joined(found[:1]) or _joined(_in_cjk(near))


def _after_by(line: str) -> str:
    """Return the names in "By Ada Lim and Bo Xu | 13 June", or "": "By the numbers" has none."""
    match = _BY_LINE.match(line)
    return match.group(1) if match and all(map(_is_name, _each(match.group(1).strip()))) else ""


def _before_a_date(line: str) -> str:
    """Return the name in "Ada Lim, 13 June 2025", or ""."""
    mark = _STAMP_BEGINS.search(line)
    name = line[: mark.start()] if mark else ""
    rest = line[mark.end() :] if mark else ""
    return name if _is_name(name) and written_dates.parse(rest) else ""


def _is_name(text: str) -> bool:
    """Tell what is written as a person's name is: two to five words, each with a capital."""
    words = text.split()
    if not _BUTTONS.isdisjoint(text.casefold().split()):
        return False
    if len(words) not in _NAME_WORDS or len(text) > 50 or any(c.isdigit() for c in text):
        return False
    return all(word[0].isupper() or word in _PARTICLES for word in words)


def _in_cjk(near: Sequence[str]) -> Iterator[str]:
    for line in near:
        if match := _CJK_BY_LINE.search(line):
            yield from re.split(r"[、\s]+", next(filter(None, match.groups())).strip())
            return


def signed(lines: Sequence[str]) -> str:
    """Return who signs a text in its last lines ("Reporting by Ada Lim"), or ""."""
    found = (_SIGNED.match(line) for line in lines[-8:])
    return _joined(match.group(1) for match in found if match)


def _joined(names: Iterable[str], but: str = "") -> str:
    """Return the distinct names that are names, without `but`, separated by ", "."""
    kept: dict[str, str] = {}
    for written in names:
        line = _PREFIX.sub("", normalise_line(html.unescape(written))).strip(" ,;|")
        for name in _each(line):
            if name and len(name) < 100 and not _NOT_A_NAME.search(name):
                kept.setdefault(_key(name), name)
    kept.pop(_key(but), None)
    return ", ".join(list(kept.values())[:_MOST])


def _each(line: str) -> list[str]:
    """Return the names in "Ada Lim and Bo Xu"; one name alone, and "Baker and Sons", as it is."""
    names = [name.strip() for name in _BETWEEN.split(line)]
    return names if all(map(_is_name, names)) else [line]


def _key(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
