"""Reads everything a page says to its reader, block by block, in order."""

from collections.abc import Iterator

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from pipeline.steps.extraction.normalising import normalise_line

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
})  # fmt: skip
_SILENT = frozenset(
    {"script", "style", "noscript", "template", "head", "title", "svg", "button", "select"}
)


def lines_of(tree: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Yield the page's text by blocks, each with the element it ends in."""
    said: list[str] = []
    silent = 0
    for event, element in iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if tag in _BLOCKS and said:
            text = normalise_line("".join(said))
            said.clear()
            if text:
                yield text, element
        silent += (1 if event == "start" else -1) * (tag in _SILENT)
        spoken = element.text if event == "start" else element.tail
        if spoken and not silent:
            said.append(spoken)
