"""Texts to TF-IDF rows: words, word pairs and, for CJK, character pairs and triples.

One vocabulary serves all languages. Needs numpy and scipy only, so a trained model predicts
without importing scikit-learn.
"""

import re
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, pairwise
from operator import add
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from classifiers.columns import Columns, Stretch
from classifiers.folding import plain

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Raise it whenever the same text gives other tokens: models of another number are built again.
TOKENS_VERSION = 2
# A first line longer than this is a paragraph, not a title.
TITLE_CHARS = 300
# Below this many texts every token is kept: min_df would drop most of a small vocabulary.
SMALL_COLLECTION = 100
# Texts looked up at once: enough to spread numpy's cost a call, few enough to stay in memory.
BATCH = 500

# Kana, Han (with extension A and compatibility forms, iteration mark), Hangul syllables
_CJK_CLASS = (
    "\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
)
_CJK_RUN = re.compile(f"[{_CJK_CLASS}]+")
_WORD = re.compile(rf"[^\W_{_CJK_CLASS}]{{2,}}")
# ASCII to lower case, all but letters and digits to blanks
_ASCII_WORDS = bytes(ord(chr(b).lower()) if chr(b).isalnum() else 32 for b in range(128))
_ASCII_WORDS += bytes(32 for _ in range(128))


def tokens(text: str, *, bigrams: bool = True) -> list[str]:
    """Return the features of one text in order of kind: words, word pairs, CJK 2- and 3-grams.

    Words are lower-cased runs of two or more letters or digits; a pair is two words joined by
    a space, whatever stood between them. A lone CJK character is its own feature. Full-width
    forms, decomposed Hangul and traditional Chinese are folded first.
    """
    words, runs = pieces(text)
    found = [*words, *map(" ".join, pairwise(words))] if bigrams else words
    for run in runs:
        if len(run) == 1:
            found.append(run)
        pairs = list(map(add, run, run[1:]))
        found += pairs
        found += map(add, pairs, run[2:])
    return found


def pieces(text: str) -> tuple[list[str], list[str]]:
    """Return the words and the CJK runs of a text, folded as `tokens` has them."""
    if text.isascii():
        # a third of the time of a regular expression
        words = text.encode().translate(_ASCII_WORDS).decode().split()
        return [word for word in words if len(word) > 1], []
    text = unicodedata.normalize("NFKC", plain(text)).lower()
    return _WORD.findall(text), _CJK_RUN.findall(text)


def weighted_tokens(
    text: str, *, bigrams: bool = True, title_weight: int = 2, max_chars: int | None = None
) -> list[str]:
    """Return the tokens of a text, those of its title `title_weight` times in all.

    The title is the first line, when more text follows it. Only the first `max_chars`
    characters are read.
    """
    return [
        token
        for times, part in _weighted(text[:max_chars], title_weight)
        for token in tokens(part, bigrams=bigrams) * times
    ]


def _weighted(text: str, title_weight: int) -> list[tuple[int, str]]:
    """Return title and body of a text and how often each counts."""
    text = text.strip()
    title, _, body = text.partition("\n")
    if title_weight < 2 or not body or len(title) > TITLE_CHARS:
        return [(1, text)]
    return [(title_weight, title), (1, body)]


class Vectoriser:
    """TF-IDF with sublinear term frequency, smoothed idf and rows of length one.

    The same numbers as scikit-learn's TfidfVectorizer(sublinear_tf=True) over the same tokens.
    Rows have sorted indices: liblinear in threads fails on large matrices without them.
    Learned: `vocabulary_` (tokens in column order) and `idf_`.
    """

    def __init__(
        self,
        *,
        bigrams: bool = True,
        title_weight: int = 2,
        max_chars: int | None = None,
        min_df: int = 2,
    ) -> None:
        self.bigrams = bigrams
        self.title_weight = title_weight
        self.max_chars = max_chars
        self.min_df = min_df
        self._columns: Columns | None = None

    @classmethod
    def restore(cls, vocabulary: Sequence[str], idf: np.ndarray, **settings: Any) -> Self:
        """Return a fitted vectoriser from what `vocabulary_` and `idf_` held."""
        vectoriser = cls(**settings)
        vectoriser._learn(vocabulary, np.asarray(idf, dtype=np.float64))
        return vectoriser

    def fit(self, texts: Sequence[str]) -> Self:
        """Learn vocabulary and idf; see `fit_transform`."""
        self.fit_transform(texts)
        return self

    def fit_transform(self, texts: Sequence[str]) -> "csr_matrix":
        """Learn vocabulary and idf from texts and return their rows.

        Tokens in fewer than `min_df` texts are dropped, from SMALL_COLLECTION texts on.
        """
        seen: defaultdict[str, int] = defaultdict()
        seen.default_factory = seen.__len__
        counts = _counts(
            (list(map(seen.__getitem__, self.tokens(text))) for text in texts), lambda: len(seen)
        )
        frequency = np.bincount(counts.indices, minlength=len(seen))
        least = self.min_df if len(texts) >= SMALL_COLLECTION else 1
        names = list(seen)
        kept = sorted(np.flatnonzero(frequency >= least).tolist(), key=names.__getitem__)
        idf = np.log((1 + len(texts)) / (1 + frequency[kept])) + 1
        self._learn([names[column] for column in kept], idf)
        return self._weigh(counts[:, kept])

    def transform(self, texts: Iterable[str]) -> "csr_matrix":
        """Return one row per text; a text without any known token is an empty row."""
        from scipy.sparse import vstack

        listed = list(texts)
        starts = range(0, len(listed) or 1, BATCH)
        batches = [self._rows(listed[start : start + BATCH]) for start in starts]
        return batches[0] if len(batches) == 1 else vstack(batches, format="csr")

    def _rows(self, texts: Sequence[str]) -> "csr_matrix":
        stretches = [
            Stretch(row, times, *pieces(part))
            for row, text in enumerate(texts)
            for times, part in _weighted(text[: self.max_chars], self.title_weight)
        ]
        # not when loading: it takes longer than reading a model's files
        if self._columns is None:
            self._columns = Columns(self.vocabulary_, cjk=_CJK_RUN)
        return self._weigh(self._columns.count(stretches, len(texts)))

    def tokens(self, text: str) -> list[str]:
        """Return the tokens of one text under this vectoriser's settings."""
        return weighted_tokens(
            text,
            bigrams=self.bigrams,
            title_weight=self.title_weight,
            max_chars=self.max_chars,
        )

    def unknown_rate(self, texts: Iterable[str]) -> float:
        """Return the share of the texts' tokens that the vocabulary lacks; 0 without tokens."""
        known = frozenset(self.vocabulary_)
        found = list(chain.from_iterable(map(self.tokens, texts)))
        unknown = sum(token not in known for token in found)
        return unknown / len(found) if found else 0.0

    def _learn(self, vocabulary: Sequence[str], idf: np.ndarray) -> None:
        self.vocabulary_ = tuple(vocabulary)
        self.idf_ = idf
        self._columns = None

    def _weigh(self, counts: "csr_matrix") -> "csr_matrix":
        rows = counts.astype(np.float64)
        rows.sort_indices()
        rows.data = (np.log(rows.data) + 1) * self.idf_[rows.indices]
        lengths = np.diff(rows.indptr)
        squares = np.add.reduceat(
            np.append(rows.data**2, 0.0), np.minimum(rows.indptr[:-1], rows.nnz)
        )
        norms = np.sqrt(np.where(lengths > 0, squares, 1.0))
        rows.data /= np.repeat(norms, lengths)
        return rows


def _counts(rows: Iterable[list[int]], width: Callable[[], int]) -> "csr_matrix":
    """Return the matrix of how often each column is named in each row, indices sorted.

    The width is asked for after the last row: fitting learns it on the way.
    """
    from scipy.sparse import csr_matrix

    columns, ends = array("i"), [0]
    for row in rows:
        columns.extend(row)
        ends.append(len(columns))
    indices = np.frombuffer(columns, dtype=np.int32) if columns else np.empty(0, dtype=np.int32)
    counts = csr_matrix(
        (np.ones(len(indices), dtype=np.int32), indices.copy(), np.array(ends, dtype=np.int32)),
        shape=(len(ends) - 1, width()),
    )
    counts.sum_duplicates()
    return counts
