"""An article as the rules read it: one string, its parts, its sentences, its best passage."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from classifiers.sentences import Sentence, split

# Passing mentions are the main fault of keyword lists: what stands after the opening counts
# little, what stands beyond MOST_CHARS not at all (which also bounds the work per text).
HEAD_CHARS = 200
OPENING_CHARS = 700
MOST_CHARS = 20_000
BLANKS = re.compile(r"\s+")


class Summand(NamedTuple):
    """A named part of a logit, and the character it stems from (-1: none)."""

    name: str
    weight: float
    offset: int = -1


# A summand in inner loops and in what is kept: plain tuples of text and numbers are made four
# times as fast as a NamedTuple, and the garbage collector forgets them.
Part = tuple[str, float, int]


class Document:
    """Title and text as one string; where its parts end, and its opening's sentences."""

    def __init__(self, text: str, title_end: int) -> None:
        self.text = text
        self.title_end = title_end
        self.head_end = title_end + HEAD_CHARS
        self.opening_end = title_end + OPENING_CHARS

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of the opening; the last may be cut off."""
        return split(self.text[: self.opening_end])

    @cached_property
    def sentence_at(self) -> Callable[[int], int]:
        """The function from an offset to the opening's sentence; -1 between and after them."""
        return _locator(self.sentences)


def document(title: str, text: str) -> Document:
    """Return title and text joined by a line break; offsets of a score point into it.

    A text without a title lends its first sentence.
    """
    title = BLANKS.sub(" ", title).strip()
    if title:
        return Document(f"{title}\n{text}"[:MOST_CHARS], len(title))
    text = text[:MOST_CHARS]
    first = next(iter(split(text[:OPENING_CHARS])), None)
    return Document(text, first.end if first and len(first.text) <= HEAD_CHARS else 0)


def passage(doc: Document, parts: Sequence[Part]) -> str:
    """Return the sentence that carries the most of a score, "" when nothing in the text does."""
    placed = [(offset, weight) for _, weight, offset in parts if offset >= 0 and weight > 0]
    if not placed:
        return ""
    if max(placed)[0] < doc.opening_end:
        sentences, at = doc.sentences, doc.sentence_at
    else:
        sentences = split(doc.text)
        at = _locator(sentences)
    carried: dict[int, float] = {}
    for offset, weight in placed:
        number = at(offset)
        carried[number] = carried.get(number, 0.0) + weight
    carried.pop(-1, None)
    if not carried:
        return ""
    best = min(carried, key=lambda number: (-carried[number], number))
    return sentences[best].text


def _locator(sentences: Sequence[Sentence]) -> Callable[[int], int]:
    """Return a function from an offset to the number of its sentence, -1 between them."""
    return _Places(sentences).__getitem__


class _Places(dict[int, int]):
    """Offsets' sentences, each looked for once: several topics ask for the same term."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._sentences = sentences
        self._starts = [sentence.start for sentence in sentences]

    def __missing__(self, offset: int) -> int:
        place = bisect_right(self._starts, offset) - 1
        inside = place >= 0 and offset < self._sentences[place].end
        self[offset] = number = place if inside else -1
        return number
