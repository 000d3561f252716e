"""A linear model of words that learns what the glossary does not say.

Trained on the seed's passages, written examples, pseudo-documents made of glossary terms,
articles the rules are sure about, and what people reviewed. Alone it ranks; beside the rules
it corrects them, the more the more it has seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from classifiers.arrays import Floats, Mask
from classifiers.features import Vectoriser
from classifiers.glossary import TopicGlossary
from classifiers.materials import Materials, joined, names

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Beyond this the TF-IDF of a news article only gets noisier (CLASSIFYING: ~1,200 for TF-IDF).
MAX_CHARS = 1_200
INVERSE_REGULARISATION = 5.0
TERMS_PER_DOCUMENT = 12
# The rules are sure of an unlabelled article from here on, up and down, in logits.
SURELY_ABOUT, SURELY_NOT = 1.0, -2.0
WEAK_WEIGHT, PSEUDO_WEIGHT, REVIEW_WEIGHT = 0.5, 1.0, 3.0


@dataclass(frozen=True, slots=True)
class Lessons:
    """Texts × topics: 1 about it, 0 not, nan unknown; how much each text counts.

    `real` tells the texts that someone judged or that were published from pseudo-documents.
    """

    texts: tuple[str, ...]
    cells: Floats
    weights: Floats
    real: Mask

    @property
    def positives(self) -> Floats:
        """Return per topic the weight of the real texts about it."""
        about = (self.cells == 1.0) & self.real[:, np.newaxis]
        found: Floats = (about * np.minimum(self.weights, 1.0)[:, np.newaxis]).sum(axis=0)
        return found


def lessons(materials: Materials, sure: Floats) -> Lessons:
    """Return everything the student may learn from, in a fixed order.

    `sure` holds the rules' logits of the unlabelled articles, texts × topics.
    """
    order = names(materials.topics)
    pseudo = list(_pseudo(materials.topics))
    rows = [
        *_judged(materials, order),
        *_weak(materials, sure, order),
        *pseudo,
    ]
    return Lessons(
        texts=tuple(text for text, _, _ in rows),
        cells=np.array([cells for _, cells, _ in rows]).reshape(len(rows), len(order)),
        weights=np.array([weight for _, _, weight in rows]),
        real=np.arange(len(rows)) < len(rows) - len(pseudo),
    )


def _weak(
    materials: Materials, sure: Floats, order: Sequence[str]
) -> Iterator[tuple[str, Floats, float]]:
    """Yield the unlabelled articles with what the rules are sure of and nobody has judged.

    The rules' own yes beside a person's no took more than half of it back: the student's
    logit of the judged article fell by 1.4 instead of 3.1 (medians of 4 newsroom tags).
    """
    judged: dict[str, list[int]] = {}
    for review in materials.reviews:
        if review.topic in order:
            places = judged.setdefault(joined(review.title, review.text), [])
            places.append(order.index(review.topic))
    for pair, logits in zip(materials.unlabelled, sure, strict=True):
        cells = _sure_cells(logits)
        cells[judged.get(joined(*pair), [])] = np.nan
        yield joined(*pair), cells, WEAK_WEIGHT


def _sure_cells(logits: Floats) -> Floats:
    unsure = np.where(logits <= SURELY_NOT, 0.0, np.nan)
    return np.where(logits >= SURELY_ABOUT, 1.0, unsure)


def _judged(materials: Materials, order: Sequence[str]) -> Iterator[tuple[str, Floats, float]]:
    for passage in materials.baseline:
        if passage.trains:
            yield passage.text, _cells(passage.topics, order), 1.0
    for example in materials.examples:
        yield joined(example.title, example.text), _cells(example.labels, order), 1.0
    reviewed: dict[str, Floats] = {}
    for review in materials.reviews:
        if review.topic in order:
            text = joined(review.title, review.text)
            row = reviewed.setdefault(text, np.full(len(order), np.nan))
            row[order.index(review.topic)] = float(review.verdict)
    for text, row in reviewed.items():
        yield text, row, REVIEW_WEIGHT


def _cells(labels: Sequence[str], order: Sequence[str]) -> Floats:
    return np.array([float(name in labels) for name in order])


def _pseudo(topics: Sequence[TopicGlossary]) -> Iterator[tuple[str, Floats, float]]:
    """Yield documents made of a topic's terms, and of those that speak against it."""
    for place, topic in enumerate(topics):
        about = np.zeros(len(topics))
        about[place] = 1.0
        unknown = np.full(len(topics), np.nan)
        unknown[place] = 0.0
        for strength, cells in (("strong", about), ("excluding", unknown)):
            terms = [term.strip("=*") for term, kind in topic.terms if kind == strength]
            for start in range(0, len(terms), TERMS_PER_DOCUMENT):
                text = ", ".join(terms[start : start + TERMS_PER_DOCUMENT])
                yield text, cells, PSEUDO_WEIGHT


class Student:
    """Logistic regression over words, word pairs and CJK n-grams, one topic at a time.

    Learned: `vectoriser_`, `coef_` (topics × tokens), `intercept_`. A topic without texts for
    and against it has weights of zero: it says nothing.
    """

    def fit(self, taught: Lessons) -> Self:
        """Learn from the known cells; deterministic."""
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        self.vectoriser_ = Vectoriser(bigrams=True, max_chars=MAX_CHARS, min_df=1)
        rows = self.vectoriser_.fit_transform(taught.texts)
        topics = taught.cells.shape[1]
        self.coef_ = np.zeros((topics, rows.shape[1]))
        self.intercept_ = np.zeros(topics)
        # liblinear asks BLAS for thousands of short products; on a busy machine its threads
        # wait for each other: .39 s a topic with two, .03 with one (two cores, one taken)
        with threadpool_limits(1, user_api="blas"):
            for place in range(topics):
                known = np.flatnonzero(~np.isnan(taught.cells[:, place]))
                about = taught.cells[known, place]
                if len(np.unique(about)) < 2:
                    continue
                # balanced: a topic's share of the examples says nothing about its share of the news
                model = LogisticRegression(
                    C=INVERSE_REGULARISATION,
                    class_weight="balanced",
                    solver="liblinear",  # 0.03 s a topic; lbfgs needs 2 s
                    intercept_scaling=10.0,  # the intercept is regularised, too: hardly
                    random_state=0,
                )
                model.fit(rows[known], about, sample_weight=taught.weights[known])
                # rounded as a model file holds it: a loaded student says the very same
                self.coef_[place] = model.coef_[0].astype(np.float32)
                self.intercept_[place] = model.intercept_[0]
        return self

    def rows(self, texts: Sequence[str]) -> "csr_matrix":
        """Return the TF-IDF rows of texts."""
        return self.vectoriser_.transform(texts)

    def scores(self, rows: "csr_matrix") -> Floats:
        """Return logits, texts × topics."""
        logits: Floats = rows @ self.coef_.T + self.intercept_
        return logits
