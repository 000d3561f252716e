"""Sketches texts so that copies, cuts and glued pages meet by a few shared hashes.

FracMinHash (Irber et al. 2022, doi.org/10.1101/2022.01.11.475838): of the hashes of all
shingles keep those below a fixed fraction of the range. Unlike MinHash it measures
containment, so it also tells which of two texts lies in the other.
"""

import re
from typing import TYPE_CHECKING, Literal
from zlib import crc32

if TYPE_CHECKING:
    from numpy import uint64
    from numpy.typing import NDArray

Relation = Literal["same", "contains", "contained", "none"]

# A shingle is five units, each a word or one ideograph. Eight ideographs, five words' worth in
# length, lost one 15 % edit in eight on short Chinese items (five: one in thirty), for no fewer
# false hits.
SHINGLE = 5
# One hash in eight: an article of 800 words keeps about 100. Short texts keep more, so that
# three lines still have some thirty: the fraction doubles until the sketch is large enough.
# (64 instead of 96 lost one 15 % edit of short articles in a hundred to chance.)
FRACTION = 8
ENOUGH = 96
# Below this many words a text says too little to call another one its copy.
SHORTEST = 12
# Share of the smaller text that must stand in the other. Replacing 15 % of the words leaves
# .85 ** 5 = .44 of the shingles; unrelated articles of usual length shared none (132 real
# pages), but two registrations of companies in one set form, 90 words each, shared .35. So the
# share asked for rises as texts get short: .22 at 800 words, .29 at 150, .36 at 80, .6 at 33.
CONTAINMENT = 0.2
SET_PHRASES = 13  # words
MOST_ASKED = 0.6
SHARED = 3  # hashes: fewer are chance, whatever their share
# A text less than this share of the other is a part of it, not a copy cut short.
PART = 0.5

RANGE = 1 << 63  # so that a hash fits SQLite's signed integer

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNIT = re.compile(rf"[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]+")


def sketch(text: str) -> frozenset[int]:
    """Return the hashes that stand for a text, each in [0, 2**63).

    Counts neither case nor punctuation nor spacing. Empty for a text too short to judge. The
    same on every machine and in every run.
    """
    units = _UNIT.findall(text.casefold())
    if len(units) < SHORTEST:
        return frozenset()
    hashes = _shingle_hashes(units)
    fraction = FRACTION
    while fraction > 1 and len(hashes) < ENOUGH * fraction:
        fraction //= 2
    return frozenset(hashes[hashes < RANGE // fraction].tolist())


def _shingle_hashes(units: list[str]) -> "NDArray[uint64]":
    """Return a 63-bit hash of every shingle, in the order of the text."""
    import numpy as np

    words = np.array([crc32(unit.encode("utf-8", "replace")) for unit in units], dtype=np.uint64)
    count = len(units) - SHINGLE + 1
    hashes: NDArray[uint64] = np.zeros(count, dtype=np.uint64)
    for offset in range(SHINGLE):
        # Multiply and add modulo 2**64; the constant is the multiplier of Knuth's MMIX generator.
        hashes = hashes * np.uint64(6364136223846793005) + words[offset : offset + count]
    # The finaliser of splitmix64 (Steele et al. 2014): every bit depends on every other.
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (hashes ^ (hashes >> np.uint64(31))) >> np.uint64(1)


def fraction(hashes: frozenset[int]) -> int:
    """Return the n of the strictest 1/n of the range that holds the whole sketch."""
    highest = max(hashes, default=0)
    strictest = FRACTION
    while strictest > 1 and highest >= RANGE // strictest:
        strictest //= 2
    return strictest


def _scale(one: frozenset[int], other: frozenset[int]) -> int:
    return max(fraction(one), fraction(other))


def containment(inner: frozenset[int], outer: frozenset[int]) -> float:
    """Return which share of the text of `inner` also stands in `outer`, in [0, 1]."""
    own, _, shared = _sizes(inner, outer)
    return shared / own if shared >= SHARED else 0.0


def _sizes(one: frozenset[int], other: frozenset[int]) -> tuple[int, int, int]:
    """Return the size of each and of what they share, where both are complete."""
    bound = RANGE // _scale(one, other)
    return (
        sum(1 for value in one if value < bound),
        sum(1 for value in other if value < bound),
        sum(1 for value in one & other if value < bound),
    )


def relation(text: frozenset[int], other: frozenset[int]) -> Relation:
    """Return how a sketched text stands to another.

    "same": a copy, up to edits and cuts. "contains": the other lies in the text, among much
    else, as in a page of glued articles; "contained": the reverse.
    """
    own, theirs, shared = _sizes(text, other)
    smaller = min(own, theirs)
    asked = CONTAINMENT * smaller + SET_PHRASES / _scale(text, other)
    if shared < SHARED or shared <= min(asked, MOST_ASKED * smaller):
        return "none"
    if own < PART * theirs:
        return "contained"
    return "contains" if theirs < PART * own else "same"
