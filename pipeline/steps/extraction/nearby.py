"""The lines around a page's headline, where by-lines and dates stand."""

from collections import deque
from collections.abc import Iterator
from itertools import chain, islice

from lxml.html import HtmlElement

from pipeline.steps.extraction.blocks import lines_of
from pipeline.steps.extraction.normalising import normalise_line

_BEFORE, _AFTER = 3, 14  # lines
_LONGEST = 200  # characters; a longer line is the article's own


def lines_near_headline(tree: HtmlElement) -> tuple[str, ...]:
    """Return the short lines behind the page's <h1>, then those before it; () without an <h1>."""
    heading = next((normalise_line("".join(h.itertext())) for h in tree.iter("h1")), "")
    if not heading:
        return ()
    lines = (line for line, _ in lines_of(tree))
    before = deque(_until(heading, lines), maxlen=_BEFORE)
    near = chain(islice(lines, _AFTER), before)
    return tuple(line for line in near if len(line) <= _LONGEST)


def _until(heading: str, lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line == heading:
            return
        yield line
