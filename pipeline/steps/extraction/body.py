"""The tree to the article's text: trafilatura's choice of blocks."""

from copy import copy
from functools import cache
from typing import Any

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.baseline import basic_cleaning
from trafilatura.external import try_justext
from trafilatura.settings import JUSTEXT_LANGUAGES, Extractor

from pipeline.steps.extraction.language import by_script, short
from pipeline.steps.extraction.normalising import normalise_text

# trafilatura's defaults ask two more extractors (readability, jusText) and take their text where
# its own is poor: a third of the time, for another text on 6 of 132 real pages. So its quick way
# is tried first, on a slimmed tree, and stands where its text is an article's length and about
# what the slimmed page's paragraphs hold: on 127 of the 132. Any lower bound from .25 to .6 gives
# the same F1; trafilatura itself takes another's text from half of it on. Of the other five, three
# are what jusText finds by the stop words of the page's language, the same text as trafilatura has
# from it in a tenth of the time: that weighs by the words of a hundred languages (.16 s to load,
# .02 s a page).
ENOUGH, TOO_MUCH = 0.25, 2.0
# Some pages are not written in paragraphs: there the text is most of what the page says at all.
MOST = 0.6
# Any focus but trafilatura's three follows the rules of "balanced" without its last stage, which
# asks of every third page what it holds in all (2 ms a page) to try again where that is far more:
# what `ENOUGH` asks here for a tenth of it.
FIRST_LOOK = "first look"
SHORTEST = 250  # characters; below, trafilatura itself goes on looking
_PARAGRAPHS = ("p", "blockquote", "pre", "td")


@cache
def _options(*, fast: bool) -> Any:
    # Comments on cost .007 of F1 on 181 pages; dropping tables costs .003 and buys no speed.
    return Extractor(output_format="python", comments=False, tables=True, fast=fast)


def main_text(tree: HtmlElement, slimmed: HtmlElement, url: str, *, language: str = "") -> str:
    """Return the article's text, one paragraph a line, or "" where there is none.

    Takes comments and the like out of `slimmed`, the tree as `slim` leaves it. `language` is what
    the page says it is written in, as in `lang="en-GB"`.
    """
    held = _held(slimmed)
    most = MOST * _said(slimmed) if held < SHORTEST else 0.0
    text = _run(slimmed, url, fast=True)
    if not _is_enough(len(text), held=held, most=most):
        if by_script(text):  # nothing parts its words: neither of the others can count them
            return normalise_text(_run(tree, url, fast=True))
        text = _by_stop_words(slimmed, url, language)
    if not _is_enough(len(text), held=held, most=most):
        text = _run(tree, url, fast=False)
    return normalise_text(text)


def _is_enough(length: int, *, held: int, most: float) -> bool:
    if length < SHORTEST:
        return False
    return length >= most if most else ENOUGH * held <= length <= TOO_MUCH * held


def _run(tree: HtmlElement, url: str, *, fast: bool) -> str:
    options = copy(_options(fast=fast))
    options.source = options.url = url
    if fast:
        options.focus = FIRST_LOOK
    document: Any = bare_extraction(tree, url=url, options=options)
    return (document.text or "") if document is not None else ""


def _by_stop_words(slimmed: HtmlElement, url: str, language: str) -> str:
    """Return the paragraphs that are long, and rich in the words any text of a language has."""
    known = short(language) if short(language) in JUSTEXT_LANGUAGES else "en"
    found = try_justext(basic_cleaning(copy(slimmed)), url, known)
    return "\n".join(paragraph.text or "" for paragraph in found)


def _held(tree: HtmlElement) -> int:
    """Return how many characters stand in the page's paragraphs."""
    return sum(len("".join(one.itertext()).strip()) for one in tree.iter(*_PARAGRAPHS))


def _said(tree: HtmlElement) -> int:
    """Return how many characters the page's body says outside links."""
    body = tree.find("body")
    if body is None:
        return 0
    linked = sum(len("".join(link.itertext()).strip()) for link in body.iter("a"))
    return sum(len(text.strip()) for text in body.itertext()) - linked
