"""A multi-label text classifier with scikit-learn's conventions: one linear SVM per topic."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import sklearn
from sklearn.base import BaseEstimator
from sklearn.svm import LinearSVC
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from classifiers.arrays import Floats, Mask
from classifiers.calibration import shrunk_sigmoids, sigmoid
from classifiers.errors import ModelFileError
from classifiers.features import TOKENS_VERSION, Vectoriser
from classifiers.files import load, save
from classifiers.thresholds import folds, shrunk_cuts

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_ARRAYS = ("coef", "intercept", "thresholds", "sigmoids")
_MADE_BY = {
    "kind": "TopicClassifier",
    "tokens_version": TOKENS_VERSION,
    "scikit_learn": sklearn.__version__,
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text got a score: `bias` and the weights of `terms` add up to `score`.

    `terms` are (token, weight), heaviest first, whichever sign. A score above 0 is over the
    topic's threshold.
    """

    topic: str
    score: float
    bias: float
    terms: tuple[tuple[str, float], ...]


class TopicClassifier(BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """Tag texts with any number of topics, learned from labelled texts of any kind.

    TF-IDF, one linear SVM per topic, and a threshold per topic that maximises F1 over
    out-of-fold scores, pulled for rare topics to where topics of their size are cut.

    Drawbacks: linear, so no phrase means more than the sum of its words; probabilities of a
    topic with a handful of positives are a guess borrowed from the frequent topics; training
    time grows with texts × topics × folds.

    Args:
        title_weight: how often the title counts; the title is a first line with text after it.
        bigrams: whether word pairs are features, too.
        max_chars: read only so much of each text.
        min_df: drop tokens that fewer texts have (in collections of 100 texts or more).
        C: the SVM's inverse regularisation.
        n_folds: folds of the out-of-fold scores; more cost time.
        shrinkage: positives at which a topic's own threshold counts half.
        at_least_one: give the best topic to a text when no topic reaches its threshold; "auto"
            does so if every training text had a topic. A text without any known token stays
            without topics.
        random_state: seed of the solver; the same input gives the same model.

    Learned attributes: `classes_` (sorted topic names), `vectoriser_`, `coef_` (topics ×
    tokens), `intercept_`, `thresholds_` (on the SVM's scale), `sigmoids_` (slope and offset).
    """

    def __init__(  # noqa: PLR0913 # scikit-learn's conventions: one argument per parameter
        self,
        *,
        title_weight: int = 2,
        bigrams: bool = False,
        max_chars: int | None = None,
        min_df: int = 2,
        C: float = 1.0,  # noqa: N803 # scikit-learn's name for it
        n_folds: int = 5,
        shrinkage: float = 10.0,
        at_least_one: bool | str = "auto",
        random_state: int = 0,
    ) -> None:
        self.title_weight = title_weight
        self.bigrams = bigrams
        self.max_chars = max_chars
        self.min_df = min_df
        self.C = C
        self.n_folds = n_folds
        self.shrinkage = shrinkage
        self.at_least_one = at_least_one
        self.random_state = random_state

    def fit(self, texts: Sequence[str], labels: Sequence[Collection[str]]) -> Self:
        """Learn from texts and, for each, the names of its topics (none is fine).

        Raises ValueError when there is no text or the lengths differ, TypeError for what is no
        text or no collection of names.
        """
        texts = _checked_texts(texts)
        self.classes_, labelled = _label_matrix(labels, len(texts))
        self.vectoriser_ = Vectoriser(**self._vectoriser_settings())
        rows = self.vectoriser_.fit_transform(texts)
        self.coef_, self.intercept_ = self._fit_svms(rows, labelled)
        scores = self._out_of_fold(rows, labelled)
        self.thresholds_ = shrunk_cuts(scores, labelled, shrinkage=self.shrinkage)
        self.sigmoids_ = shrunk_sigmoids(
            scores - self.thresholds_, labelled, shrinkage=self.shrinkage
        )
        self.at_least_one_ = (
            bool(labelled.any(axis=1).all()) if self.at_least_one == "auto" else self.at_least_one
        )
        return self

    def decision_function(self, texts: Sequence[str]) -> Floats:
        """Return scores, texts × topics in the order of `classes_`; above 0 is over threshold."""
        check_is_fitted(self)
        return self._scores(self.vectoriser_.transform(_checked_texts(texts, least=0)))

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Return probabilities, texts × topics in the order of `classes_`.

        Each topic stands alone: rows do not add up to 1. The threshold of `predict` maximises
        F1 and need not lie at .5.
        """
        scores = self.decision_function(texts)
        return sigmoid(scores * self.sigmoids_[:, 0] + self.sigmoids_[:, 1])

    def predict(self, texts: Sequence[str]) -> list[frozenset[str]]:
        """Return the topics of each text."""
        check_is_fitted(self)
        rows = self.vectoriser_.transform(_checked_texts(texts, least=0))
        scores = self._scores(rows)
        tagged = scores > 0
        if self.at_least_one_ and len(self.classes_):
            orphans = ~tagged.any(axis=1) & (np.diff(rows.indptr) > 0)
            # The topic nearest to its threshold. By the SVM's own score Reuters-21578 loses (micro
            # .892 for .895, macro .606 for .621; its training texts alone, split by time, .872 for
            # .878 and .614 for .644); two made-up collections gain .001 in micro F1.
            best = scores[orphans].argmax(axis=1)
            tagged[orphans, best] = True
        return [frozenset(self.classes_[row].tolist()) for row in tagged]

    def explain(self, text: str, topic: str) -> Explanation:
        """Return the summands of a text's score for a topic.

        Raises KeyError for a topic that was not in training.
        """
        check_is_fitted(self)
        places = np.flatnonzero(self.classes_ == topic)
        if not len(places):
            raise KeyError(f"{topic!r} is none of the {len(self.classes_)} topics learned")
        place = int(places[0])
        row = self.vectoriser_.transform(_checked_texts([text]))
        weights = row.data * self.coef_[place, row.indices]
        names = [self.vectoriser_.vocabulary_[column] for column in row.indices]
        terms = sorted(
            zip(names, weights.tolist(), strict=True), key=lambda term: (-abs(term[1]), term[0])
        )
        bias = float(self.intercept_[place] - self.thresholds_[place])
        return Explanation(topic, bias + float(weights.sum()), bias, tuple(terms))

    def save(self, folder: Path) -> str:
        """Write the fitted model to a folder (see `classifiers.files`) and return its id."""
        check_is_fitted(self)
        arrays = {name: getattr(self, f"{name}_") for name in _ARRAYS}
        meta = {
            **_MADE_BY,
            "params": self.get_params(),
            "topics": self.classes_.tolist(),
            "at_least_one": self.at_least_one_,
        }
        vocabulary = self.vectoriser_.vocabulary_
        return save(
            folder, {**arrays, "idf": self.vectoriser_.idf_}, vocabulary=vocabulary, meta=meta
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the model that `save` wrote; it predicts the same numbers.

        Raises ModelFileError for a folder that is damaged, foreign or written by other versions.
        """
        saved = load(folder, expected=_MADE_BY)
        try:
            model = cls(**saved.meta["params"])
            model.classes_ = np.array(saved.meta["topics"], dtype=np.str_)
            model.at_least_one_ = bool(saved.meta["at_least_one"])
            for name in _ARRAYS:
                setattr(model, f"{name}_", saved.arrays[name])
            model.vectoriser_ = Vectoriser.restore(
                saved.vocabulary, saved.arrays["idf"], **model._vectoriser_settings()
            )
        except (KeyError, TypeError) as error:
            raise ModelFileError(f"the model lacks a part: {error}") from error
        model._check_shapes()
        return model

    def _check_shapes(self) -> None:
        topics, tokens = len(self.classes_), len(self.vectoriser_.vocabulary_)
        shapes = {"coef": (topics, tokens), "intercept": (topics,), "thresholds": (topics,)}
        for name, shape in {**shapes, "sigmoids": (topics, 2)}.items():
            if getattr(self, f"{name}_").shape != shape:
                raise ModelFileError(f"{name} does not fit {topics} topics and {tokens} tokens")
        if self.vectoriser_.idf_.shape != (tokens,):
            raise ModelFileError(f"idf does not fit {tokens} tokens")

    def _vectoriser_settings(self) -> dict[str, Any]:
        names = ("bigrams", "title_weight", "max_chars", "min_df")
        return {name: getattr(self, name) for name in names}

    def _scores(self, rows: "csr_matrix") -> Floats:
        scores: Floats = rows @ self.coef_.T + (self.intercept_ - self.thresholds_)
        return scores

    def _fit_svms(self, rows: "csr_matrix", labelled: Mask) -> tuple[Floats, Floats]:
        coef = np.zeros((labelled.shape[1], rows.shape[1]))
        intercept = np.zeros(labelled.shape[1])
        with threadpool_limits(1, user_api="blas"):  # see `student`
            for j, positive in enumerate(labelled.T):
                if positive.all() or not positive.any() or not rows.shape[1]:
                    # nothing to tell apart: the majority, as sure as a support vector
                    intercept[j] = 1.0 if positive.mean() > 0.5 else -1.0
                    continue
                svm = LinearSVC(C=self.C, random_state=self.random_state, max_iter=10_000)
                svm.fit(rows, positive)
                coef[j], intercept[j] = svm.coef_[0], svm.intercept_[0]
        return coef, intercept

    def _out_of_fold(self, rows: "csr_matrix", labelled: Mask) -> Floats:
        """Return each text's scores by models that never saw it; nan where a model had no yes."""
        scores = np.full(labelled.shape, np.nan)
        fold = folds(labelled, self.n_folds)
        for held in range(self.n_folds):
            out = fold == held
            if not out.any() or out.all():
                continue
            coef, intercept = self._fit_svms(rows[~out], labelled[~out])
            learned = labelled[~out].any(axis=0)
            scores[np.ix_(out, learned)] = rows[out] @ coef[learned].T + intercept[learned]
        return scores

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.target_tags.required = True
        return tags


def _checked_texts(texts: Iterable[str], *, least: int = 1) -> list[str]:
    if isinstance(texts, str):
        raise TypeError("texts must be a sequence of strings, not one string")
    listed = list(texts)
    for place, text in enumerate(listed):
        if not isinstance(text, str):
            raise TypeError(f"texts[{place}] is {type(text).__name__}, not a string")
    if len(listed) < least:
        raise ValueError("no texts to learn from")
    return listed


def _label_matrix(labels: Sequence[Collection[str]], count: int) -> tuple[np.ndarray, Mask]:
    """Return the sorted topic names and texts × topics; a bare string is one topic."""
    named = [{names} if isinstance(names, str) else set(names) for names in labels]
    if len(named) != count:
        raise ValueError(f"{count} texts, but labels for {len(named)}")
    every: set[str] = set().union(*named)
    for topic in every:
        if not isinstance(topic, str):
            raise TypeError(f"a topic is a string, not {type(topic).__name__}: {topic!r}")
    topics = sorted(every)
    column = {topic: place for place, topic in enumerate(topics)}
    labelled = np.zeros((count, len(topics)), dtype=np.bool_)
    for row, names in enumerate(named):
        labelled[row, [column[name] for name in names]] = True
    return np.array(topics, dtype=np.str_), labelled
