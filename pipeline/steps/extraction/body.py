"""The tree to the article's text: trafilatura's choice of blocks."""

from copy import copy
from functools import cache
from typing import Any

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import JUSTEXT_LANGUAGES, Extractor

from pipeline.steps.extraction.language import identify
from pipeline.steps.extraction.normalising import normalise_text

# trafilatura's defaults ask two more extractors (readability, jusText) and take their text where
# its own is poor: a third of the time, for another text on 6 of 132 real pages. So its quick way
# is tried first, on a slimmed tree, and stands where its text is an article's length and about
# what the slimmed page's paragraphs hold: on 127 of the 132. Any lower bound from .25 to .6 gives
# the same F1 (.968, as with all three on every page); trafilatura itself takes another's text from
# half of it on.
ENOUGH, TOO_MUCH = 0.25, 2.0
# Some pages are not written in paragraphs: there the text is most of what the page says at all.
MOST = 0.6
# Any focus but trafilatura's three follows the rules of "balanced" without its last stage, which
# asks of every third page what it holds in all (2 ms a page) to try again where that is far more:
# what `ENOUGH` asks here for a tenth of it.
FIRST_LOOK = "first look"
SHORTEST = 250  # characters; below, trafilatura itself goes on looking
_PARAGRAPHS = ("p", "blockquote", "pre", "td")


class _Weighed(str):
    """The language whose stop words jusText weighs, unheard by the rest of trafilatura.

    Told a language, that classifies each text by statistics and throws away what is in another;
    told none, jusText weighs by the words of a hundred languages: .16 s to load, .02 s a page.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


@cache
def _options(*, fast: bool) -> Any:
    # Comments on cost .007 of F1 on 181 pages; dropping tables costs .003 and buys no speed.
    return Extractor(output_format="python", comments=False, tables=True, fast=fast)


def main_text(tree: HtmlElement, slimmed: HtmlElement, url: str, *, declared: str = "") -> str:
    """Return the article's text, one paragraph a line, or "" where there is none.

    Takes comments and the like out of `slimmed`, the tree as `slim` leaves it. `declared` is what
    the page says it is written in, as in `lang="en-GB"`.
    """
    held = _held(slimmed)
    most = MOST * _said(slimmed) if held < SHORTEST else 0.0
    text = _text(slimmed, url, _quick())
    if not _is_enough(len(text), held=held, most=most):
        language = identify(text or " ".join(slimmed.itertext()), declared)
        # an unclosed <button>, or a <nav> around it all, and slimming left nothing
        read = tree if len(text) < SHORTEST else slimmed
        text = _text(read, url, _thorough(language))
    return normalise_text(text)


def _is_enough(length: int, *, held: int, most: float) -> bool:
    if length < SHORTEST:
        return False
    return length >= most if most else ENOUGH * held <= length <= TOO_MUCH * held


def _quick() -> Any:
    options = copy(_options(fast=True))
    options.focus = FIRST_LOOK
    return options


def _thorough(language: str) -> Any:
    options = copy(_options(fast=False))
    # Chinese and Japanese do not part their words: whose are weighed is all one there.
    weighed = "en" if language in ("zh", "ja") else language
    options.lang = _Weighed(weighed) if weighed in JUSTEXT_LANGUAGES else None
    return options


def _text(tree: HtmlElement, url: str, options: Any) -> str:
    options.source = options.url = url
    document: Any = bare_extraction(tree, url=url, options=options)
    return (document.text or "") if document is not None else ""


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
