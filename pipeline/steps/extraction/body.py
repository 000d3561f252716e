"""The tree to the article's text: trafilatura's choice of blocks."""

from copy import copy
from functools import cache
from typing import Any

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from pipeline.steps.extraction.normalising import normalise_text

# trafilatura's defaults ask two more extractors (readability, jusText) and take their text where
# its own is poor: a third of the time, for another text on 6 of 132 real pages. They are not
# asked where its own text is an article's length and about what the page's paragraphs hold: on
# 116 of the 132, and F1 stays (.9681, before .9677).
ENOUGH, TOO_MUCH = 0.6, 2.0
SHORTEST = 250  # characters; below, trafilatura itself goes on looking
_PARAGRAPHS = ("p", "blockquote", "pre", "td")


@cache
def _options(*, fast: bool) -> Any:
    # Comments on cost .007 of F1 on 181 pages; dropping tables costs .003 and buys no speed.
    return Extractor(output_format="python", comments=False, tables=True, fast=fast)


def main_text(tree: HtmlElement, url: str) -> str:
    """Return the article's text, one paragraph a line, or "" where there is none."""
    text = _run(tree, url, fast=True)
    if len(text) < SHORTEST or not _is_all(text, tree):
        text = _run(tree, url, fast=False)
    return normalise_text(text)


def _run(tree: HtmlElement, url: str, *, fast: bool) -> str:
    options = copy(_options(fast=fast))
    options.source = options.url = url
    document: Any = bare_extraction(tree, url=url, options=options)
    return (document.text or "") if document is not None else ""


def _is_all(text: str, tree: HtmlElement) -> bool:
    """Tell whether a text is about as long as what stands in the page's paragraphs."""
    held = sum(len("".join(one.itertext()).strip()) for one in tree.iter(*_PARAGRAPHS))
    return ENOUGH * held <= len(text) <= TOO_MUCH * held
