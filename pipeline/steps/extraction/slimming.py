"""A page's tree without what no choice of blocks needs: XPath visits every element a dozen times.

Of 1,020 elements a page (132 real ones) 270 are left. trafilatura's quick choice takes two
thirds of the time on them and differs on five pages, by .0003 of F1 in all.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from lxml.etree import strip_elements
from lxml.html import HtmlElement

# trafilatura drops all of these itself, and captions are no text of the article. What it might
# still want (forms, figures, tables) stays.
_UNREAD = (
    "svg", "template", "noscript", "iframe", "object", "embed", "canvas", "audio",
    "video", "picture", "map", "link", "input", "select", "button", "datalist", "dialog",
    "menu", "nav", "footer", "aside", "meta", "title", "base", "source", "img", "figcaption",
)  # fmt: skip
# An empty one of any other kind says nothing.
_MAY_BE_EMPTY = frozenset(
    {"br", "hr", "wbr", "td", "th", "tr", "table", "tbody", "thead", "html", "body"}
)
_BOXES = frozenset({"ul", "ol", "div", "section", "header"})
_LINKS = 8  # a box of so many links and hardly another word is a menu without the name of one
_LINKED = 0.8


@dataclass(slots=True)
class _Weight:
    said: int = 0  # characters
    linked: int = 0  # characters of them in links
    links: int = 0


def silence(tree: HtmlElement) -> None:
    """Take scripts and styles out of a tree: most of a page, none of it for its reader."""
    for element in list(tree.iter("script", "style")):
        # trafilatura falls back on a JSON-LD `articleBody`: that script stays
        if "ld+json" not in (element.get("type") or ""):
            _remove(element)


def slim(tree: HtmlElement) -> HtmlElement:
    """Return a copy of a silenced tree without furniture, empty elements and boxes of links."""
    slimmed = copy(tree)
    strip_elements(slimmed, *_UNREAD, with_tail=False)
    weights = _weights_without_empty(slimmed)
    body = slimmed.find("body")
    if body is not None and not _is_menu(weights[body]):  # a page of links is what it is
        for menu in list(_menus(body, weights)):
            menu.drop_tree()
    return slimmed


def _weights_without_empty(tree: HtmlElement) -> dict[HtmlElement, _Weight]:
    """Weigh every element, children first, and take those out that hold nothing."""
    weights: dict[HtmlElement, _Weight] = {}
    for element in reversed(list(tree.iter())):
        if len(element) == 0 and element.tag not in _MAY_BE_EMPTY and not _speaks(element):
            _remove(element)
            continue
        weight = _Weight(len(element.text or ""))
        for child in element:
            below = weights[child]
            weight.said += below.said + len((child.tail or "").strip())
            weight.linked += below.linked
            weight.links += below.links
        if element.tag == "a":
            weight.linked, weight.links = weight.said, 1
        weights[element] = weight
    return weights


def _menus(element: HtmlElement, weights: dict[HtmlElement, _Weight]) -> Iterator[HtmlElement]:
    """Yield the outermost boxes of links below an element."""
    waiting = [element]
    while waiting:
        for child in waiting.pop():
            if child.tag in _BOXES and _is_menu(weights[child]):
                yield child
            elif weights[child].links >= _LINKS:
                waiting.append(child)


def _is_menu(weight: _Weight) -> bool:
    return weight.links >= _LINKS and weight.linked > _LINKED * weight.said


def _speaks(element: HtmlElement) -> bool:
    return element.text is not None and not element.text.isspace()


def _remove(element: HtmlElement) -> None:
    """Take a childless element out of its tree; the blanks in it still part words."""
    parent = element.getparent()
    if parent is None:
        return
    blank = " " if element.text and element.tag not in ("script", "style") else ""
    tail = blank + (element.tail or "")
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
