"""Takes from an extracted text what is not the article, and gives it back its lead.

Lines in, lines out; the tree, as `slim` leaves it, is asked only for what text alone cannot tell:
which lines are links from end to end, and whether the page shows the summary it states. Asked
of the whole page, a line went for a menu's link of the same words (F1 .9673 for .9681).
"""

import html
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement

from pipeline.steps.extraction.normalising import normalise_line
from pipeline.steps.extraction.phrases import APPEALS, BOXES, CREDITS, MARKERS, POINTERS, STAMPS
from pipeline.steps.extraction.structured import Claims

_LONG = 200  # characters: a line this long is a paragraph, whatever words are in it
_APPEAL = 300  # characters of what a page asks of its reader
_SECTION_HEADINGS = ("h2", "h3", "h4")  # live pages link each section's heading
_LIST_RUN = 4  # so many linked lines in a row are the article's own list
_CAPTION = 300
_CAPTIONS = re.compile(
    r"(?:^|[-_\s])(?:cap|captions?|figcaption|legende?|credits?|bildtext|bildunterschrift"
    r"|(?:img|image|photo|pic)[-_]?(?:desc|info|text))(?:$|[-_\s])|Caption"
)
_MARGIN = 6  # lines above the first and below the last paragraph that may be furniture
_LEAD = range(25, 1200)  # characters of a summary worth putting before the text


def trim(
    lines: Sequence[str], tree: HtmlElement, claims: Claims, *, title: str, author: str
) -> list[str]:
    """Return the article's own lines, its summary first where the page shows one."""
    kept = _without_furniture(_without_title(lines, tree, title))
    kept = _without_captions(_without_links(kept, tree), tree)
    kept = _without_margins(kept, author)
    lead = _shown_lead(tree, claims, kept)
    return [lead, *kept] if lead else kept


def _bare(line: str) -> str:
    return line.removeprefix("- ").rstrip(".:!…›»> ").casefold()


def _without_title(lines: Sequence[str], tree: HtmlElement, title: str) -> list[str]:
    """Drop the headline from the top: the article's title is a field of its own."""
    headings = {_bare(normalise_line("".join(h1.itertext()))) for h1 in tree.iter("h1")}
    headings |= {_bare(title)}
    return [line for at, line in enumerate(lines) if at >= _MARGIN or _bare(line) not in headings]


def _without_furniture(lines: Sequence[str]) -> list[str]:
    often = Counter(lines)
    return [line for line in lines if not _is_furniture(line, often[line])]


def _is_furniture(line: str, times: int) -> bool:
    if _bare(line) in MARKERS or (times >= 3 and len(line) > 20):
        return True
    text = line.removeprefix("- ")
    short = len(text) < _LONG
    return short and bool(POINTERS.match(text) or CREDITS.fullmatch(text) or BOXES.search(text))


def _without_links(lines: Sequence[str], tree: HtmlElement) -> list[str]:
    """Drop lines that are one link from end to end, but for long runs of them."""
    wanted = {line.removeprefix("- ") for line in lines if 15 < len(line) < _LONG}
    links = {
        text
        for a in (tree.iter("a") if wanted else ())
        if len(said := _said(a)) > 15 and (text := normalise_line(said)) in wanted and not _heads(a)
    }
    linked = [15 < len(line) < _LONG and line.removeprefix("- ") in links for line in lines]
    return [
        line for at, line in enumerate(lines) if not linked[at] or _run(linked, at) >= _LIST_RUN
    ]


def _without_captions(lines: Sequence[str], tree: HtmlElement) -> list[str]:
    """Drop lines that are paragraphs whose class says that they stand under a picture."""
    captions = {
        normalise_line("".join(paragraph.itertext()))
        for paragraph in tree.iter("p")
        if _CAPTIONS.search(paragraph.get("class") or "")
    }
    return [line for line in lines if len(line) >= _CAPTION or line not in captions]


def _said(link: HtmlElement) -> str:
    return "".join(link.itertext()) if len(link) else link.text or ""


def _heads(link: HtmlElement) -> bool:
    """Tell the heading of a section that is linked, as on live pages, from a pointer."""
    parent = link.getparent()
    inside = parent is not None and parent.tag in _SECTION_HEADINGS
    return inside or next(link.iter(*_SECTION_HEADINGS), None) is not None


def _run(flags: Sequence[bool], at: int) -> int:
    first = last = at
    while first > 0 and flags[first - 1]:
        first -= 1
    while last + 1 < len(flags) and flags[last + 1]:
        last += 1
    return last - first + 1


def _without_margins(lines: Sequence[str], author: str) -> list[str]:
    """Drop stamps, by-lines and appeals above the first and below the last paragraph."""
    names = {_bare(name) for name in (author, *author.split(", ")) if name}
    first = next((at for at, line in enumerate(lines) if len(line) >= 80), 0)
    start = [line for line in lines[:first] if not _is_head(line, names)]
    end = list(lines[first:])
    dropped = 0
    while len(end) > 1 and dropped < _MARGIN and _is_tail(end[-1], names):
        end.pop()
        dropped += 1
    return start + end


def _is_head(line: str, names: set[str]) -> bool:
    bare = _bare(line).removeprefix("by ").removeprefix("von ").removeprefix("por ")
    return bool(STAMPS.fullmatch(line)) or bare in names


def _is_tail(line: str, names: set[str]) -> bool:
    return _is_head(line, names) or (len(line) < _APPEAL and bool(APPEALS.search(line)))


def _shown_lead(tree: HtmlElement, claims: Claims, lines: Sequence[str]) -> str:
    """Return the stated summary if the page shows it as text and the lines lack it, or ""."""
    stated = [v for v in claims.stated("description") if isinstance(v, str)]
    stated += [v for name in ("og:description", "description") for v in claims.meta.get(name, ())]
    text = "\n".join(lines)
    for summary in dict.fromkeys(normalise_line(html.unescape(v)) for v in stated):
        known = summary[:60].rstrip(".…") in text
        if len(summary) in _LEAD and not known and (shown := _shown(tree, summary)):
            return shown
    return ""


def _shown(tree: HtmlElement, summary: str) -> str:
    """Return a block's text that begins as the summary does, outside captions, or ""."""
    beginning = summary[:50].rstrip(".…")
    word = beginning[:12]
    for element in tree.iter("p", "h2", "h3", "div", "span", "strong"):
        if len(element) > 5 or word not in normalise_line(
            (element.text or "") + "".join(child.text or "" for child in element)
        ):
            continue
        if len(list(islice(element.iterdescendants("p", "div", "section", "ul"), 3))) == 3:
            continue  # a box of many blocks; the one that says it comes after
        text = normalise_line("".join(element.itertext()))
        if text.startswith(beginning) and len(text) in _LEAD and not _in_caption(element):
            return "" if text.endswith("…") else text
    return ""


def _in_caption(element: HtmlElement) -> bool:
    return any(
        above.tag in ("figure", "figcaption", "a", "aside", "nav")
        for above in element.iterancestors()
    )
