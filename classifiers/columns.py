"""Count a vocabulary's words, word pairs and CJK n-grams in many texts at once.

Words and characters become numbers by one look-up each; pairs and triples are numbers found in
a sorted array. None of them is ever spelled, which took three quarters of the time.
"""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from classifiers.arrays import Integers

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

UNKNOWN = -1
BEYOND = np.iinfo(np.int64).max
LONGEST = 3

# Where something was found in an array, and the columns found there.
Found = tuple[Integers, Integers]


class Stretch(NamedTuple):
    """A part of the text of a row, which counts `times`: its words, and its runs of CJK."""

    row: int
    times: int
    words: Sequence[str]
    runs: Sequence[str]


class Columns:
    """Where a vocabulary's tokens stand in a row.

    A token is a word, two words joined by a blank, or one to three CJK characters, as `cjk`
    matches them; a single character is found only where it is a whole run.
    """

    def __init__(self, tokens: Sequence[str], *, cjk: re.Pattern[str]) -> None:
        self._width = len(tokens)
        words: dict[Sequence[str], int] = {}
        grams: dict[Sequence[str], int] = {}
        for column, token in enumerate(tokens):
            if token.isascii() or not cjk.fullmatch(token):
                words[tuple(token.split(" "))] = column
            else:
                grams[token] = column
        self._words, self._grams = _Sequences(words), _Sequences(grams)
        self._characters = np.full(2**16, UNKNOWN, dtype=np.int64)
        for character, number in self._grams.numbers.items():
            self._characters[ord(character)] = number

    def count(self, stretches: Sequence[Stretch], rows: int) -> "csr_matrix":
        """Return how often each column is named in each row; indices are sorted, none twice."""
        from scipy.sparse import csr_matrix

        found = [*self._find_words(stretches), *self._find_grams(stretches)]
        stretch = np.concatenate([places for places, _ in found])
        column = np.concatenate([columns for _, columns in found])
        row = np.array([each.row for each in stretches], dtype=np.int64)[stretch]
        times = np.array([each.times for each in stretches], dtype=np.int64)[stretch]
        counts = csr_matrix((times, (row, column)), shape=(rows, self._width))
        counts.sum_duplicates()
        return counts

    def _find_words(self, stretches: Sequence[Stretch]) -> list[Found]:
        """Return stretches and columns of words and of pairs."""
        find = self._words.numbers.get
        numbers = array("q")
        for stretch in stretches:
            numbers.extend(map(find, stretch.words, repeat(UNKNOWN)))
            numbers.append(UNKNOWN)  # no pair reaches over the end of a stretch
        owners = _owners(len(stretch.words) for stretch in stretches)
        listed = np.frombuffer(numbers, dtype=np.int64) if numbers else np.empty(0, np.int64)
        found = [self._words.find(listed, length) for length in (1, 2)]
        return [(owners[places], columns) for places, columns in found]

    def _find_grams(self, stretches: Sequence[Stretch]) -> list[Found]:
        """Return stretches and columns of pairs and triples of characters, and lone ones."""
        joined = [" ".join(stretch.runs) for stretch in stretches]
        if not any(joined):
            return []
        text = " ".join([*joined, ""])
        units = np.frombuffer(text.encode("utf-16-le"), dtype="<u2")
        owners = _owners(map(len, joined))
        numbers = self._characters[units]
        blank = np.concatenate([[True], units == ord(" "), [True]])
        alone = np.where(blank[:-2] & blank[2:], numbers, UNKNOWN)
        found = [
            self._grams.find(alone, 1),
            self._grams.find(numbers, 2),
            self._grams.find(numbers, 3),
        ]
        return [(owners[places], columns) for places, columns in found]


class _Sequences:
    """Finds fixed sequences of one to three symbols where the symbols stand as numbers."""

    def __init__(self, columns: Mapping[Sequence[str], int]) -> None:
        every = dict.fromkeys(chain.from_iterable(columns))
        self.numbers = {symbol: number for number, symbol in enumerate(every)}
        listed: list[list[Sequence[str]]] = [[] for _ in range(LONGEST + 1)]
        for symbols in columns:
            listed[min(len(symbols), LONGEST + 1) - 1].append(symbols)
        self._keys = [self._sorted(listed[place], columns) for place in range(LONGEST)]

    def _sorted(
        self, listed: Sequence[Sequence[str]], columns: Mapping[Sequence[str], int]
    ) -> Found:
        """Return sequences of one length as sorted keys, and their columns; one key is beyond."""
        keys = np.zeros(len(listed), dtype=np.int64)
        for symbols in zip(*listed, strict=True):
            keys *= len(self.numbers)
            keys += [self.numbers[symbol] for symbol in symbols]
        places = np.array([columns[symbols] for symbols in listed], dtype=np.int64)
        order = np.argsort(keys)
        return np.append(keys[order], BEYOND), np.append(places[order], UNKNOWN)

    def find(self, numbers: Integers, length: int) -> Found:
        """Return where the sequences of this length begin, and their columns."""
        last = max(len(numbers) - length + 1, 0)
        possible = numbers[:last] >= 0
        for distance in range(1, length):
            possible &= numbers[distance : last + distance] >= 0
        starts = np.flatnonzero(possible)
        wanted = numbers[starts]
        for distance in range(1, length):
            wanted = wanted * len(self.numbers) + numbers[starts + distance]
        keys, columns = self._keys[length - 1]
        at = np.searchsorted(keys, wanted)
        known = keys[at] == wanted
        return starts[known], columns[at[known]]


def _owners(lengths: Iterable[int]) -> Integers:
    """Return the number of the stretch each place belongs to; one place ends a stretch."""
    sizes = np.fromiter(lengths, dtype=np.int64) + 1
    return np.repeat(np.arange(len(sizes)), sizes)
