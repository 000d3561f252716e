"""Scores extracted texts as the public article-extraction benchmark does: 4-word shingles.

Each page's true positives, false positives and false negatives (multisets of four
successive words) are normalised by their sum; precision and recall are means over pages.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"\w+")
_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Score:
    """Means over pages, each in [0, 1]."""

    precision: float
    recall: float
    pages: int

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(pairs: Iterable[tuple[str, str]]) -> Score:
    """Return how well found texts match, from pairs of (truth, found)."""
    counted = [_count(truth, found) for truth, found in pairs]
    if not counted:
        return Score(0.0, 0.0, 0)
    precision = sum(_share(right, wrong, missed) for right, wrong, missed in counted)
    recall = sum(_share(right, missed, wrong) for right, wrong, missed in counted)
    return Score(precision / len(counted), recall / len(counted), len(counted))


def _count(truth: str, found: str) -> tuple[int, int, int]:
    expected, got = _shingles(truth), _shingles(found)
    return (expected & got).total(), (got - expected).total(), (expected - got).total()


def _share(right: int, against: int, other: int) -> float:
    """Return right / (right + against); pages with nothing on either side are right."""
    if against == other == 0:
        return 1.0
    return right / (right + against) if right else 0.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    starts = range(max(1, len(words) - _LENGTH + 1))
    return Counter(tuple(words[at : at + _LENGTH]) for at in starts)
