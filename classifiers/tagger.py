"""Tag articles with topics, and say why: rules and student in one sum of named terms."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from classifiers.arrays import Floats, Integers
from classifiers.document import Document, Part, Summand, document, passage
from classifiers.errors import ModelFileError
from classifiers.evidence import EvidenceRules
from classifiers.features import Vectoriser
from classifiers.files import load as load_files
from classifiers.files import save as save_files
from classifiers.glossary import TopicGlossary
from classifiers.materials import Materials, Review, joined, names
from classifiers.stack import calibrate, trust
from classifiers.student import MAX_CHARS, Student, lessons

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Outcome = Literal["tag", "review", "no"]
Entries = tuple[Integers, Floats]

# Part of every model's identity: raise it when the same materials give another model.
VERSION = "tagger/2"
# Below this probability nobody needs to look.
REVIEW_FROM = 0.2
# Words of the student named in an explanation; the others are one term.
WORDS_NAMED = 8
# Reviews are scored by students that have not seen them: folds.
FOLDS = 3


class Scored(NamedTuple):
    """One topic's score on one text.

    `logit` is the sum of the terms' weights, where there are any, exact to 1e-6; offsets point
    into the title, a line break and the text. `evidence` is the passage that carries the most,
    or "". `parts` are the terms as they are kept, `terms` the same with names.
    """

    topic: str
    probability: float
    logit: float
    tagged: bool
    outcome: Outcome
    evidence: str
    parts: tuple[Part, ...]

    @property
    def terms(self) -> tuple[Summand, ...]:
        """The summands of the logit."""
        return tuple(starmap(Summand, self.parts))


@dataclass(frozen=True, slots=True)
class Learned:
    """What training found: the student, its weight per topic, and the last scale and bias."""

    student: Student
    trust: Floats
    scale: Floats
    bias: Floats


class Tagger:
    """Scores texts on every topic. Deterministic; any text gets an answer.

    Made by `train` or `load`. `model_id` is the hash of all that made it.
    """

    def __init__(
        self, topics: Sequence[TopicGlossary], learned: Learned, *, model_id: str = ""
    ) -> None:
        self.topics = tuple(topics)
        self.learned = learned
        self.model_id = model_id
        self._factors = tuple(
            zip(
                self.topics,
                learned.scale.tolist(),
                learned.trust.tolist(),
                learned.bias.tolist(),
                strict=True,
            )
        )

    @cached_property
    def _rules(self) -> EvidenceRules:
        # a third of a second: whoever only asks which model this is does not pay for it
        return EvidenceRules(self.topics)

    def tag(
        self, texts: Sequence[tuple[str, str]], *, explain_all: bool = False
    ) -> list[list[Scored]]:
        """Return per (title, text) the score of every topic, in the order of `topics`.

        A clear no has neither terms nor evidence, unless `explain_all`: most are a clear no,
        and what nobody reads would be most of the work.
        """
        rows = self._rows(texts)
        words = self.learned.student.scores(rows)
        return [
            self._tag(document(*pair), _entries(rows, place), words[place], explain_all=explain_all)
            for place, pair in enumerate(texts)
        ]

    def logits(self, texts: Sequence[tuple[str, str]]) -> Floats:
        """Return the logits alone, texts × topics."""
        learned = self.learned
        words = learned.student.scores(self._rows(texts))
        return learned.scale * (rule_logits(self._rules, texts) + learned.trust * words) + (
            learned.bias
        )

    def _rows(self, texts: Sequence[tuple[str, str]]) -> "csr_matrix":
        return self.learned.student.rows([joined(*pair)[:MAX_CHARS] for pair in texts])

    def _tag(
        self, doc: Document, row: Entries, words: Floats, *, explain_all: bool
    ) -> list[Scored]:
        scored = []
        found, logits = self._rules.weighed(doc)
        said = words.tolist()
        for place, (topic, scale, trusted, bias) in enumerate(self._factors):
            learnt = scale * trusted * said[place]
            logit = scale * logits[place] + bias + learnt
            probability = 0.5 * (1 + math.tanh(logit / 2))
            tagged = probability >= topic.tag_from
            if not (tagged or explain_all or probability >= REVIEW_FROM):
                scored.append(Scored(topic.name, probability, logit, False, "no", "", ()))
                continue
            parts = [(name, scale * part, at) for name, part, at in found[place]]
            if bias:
                parts.append(("what reviews taught", bias, -1))
            if trusted:
                parts += self._words(row, place, scale * trusted, whole=learnt)
            outcome: Outcome = "tag" if tagged else "review" if probability >= REVIEW_FROM else "no"
            why = passage(doc, parts) if outcome != "no" else ""
            scored.append(
                Scored(topic.name, probability, logit, tagged, outcome, why, tuple(parts))
            )
        return scored

    def _words(self, row: Entries, place: int, weight: float, *, whole: float) -> list[Part]:
        """Return what the student's words add, the heaviest by name."""
        student = self.learned.student
        columns, values = row
        parts = weight * values * student.coef_[place].take(columns)
        heavy = (-np.abs(parts)).argsort(kind="stable")[:WORDS_NAMED]
        tokens = student.vectoriser_.vocabulary_
        named = zip(columns.take(heavy).tolist(), parts.take(heavy).tolist(), strict=True)
        spoken = [(f"word: {tokens[column]}", part, -1) for column, part in named]
        other = whole - sum([part for _, part, _ in spoken])
        return [*spoken, ("other words", other, -1)]

    def save(self, folder: Path) -> None:
        """Write what was learned to a model folder; the topics are not in it."""
        student, learned = self.learned.student, self.learned
        save_files(
            folder,
            {
                "coef": student.coef_.astype(np.float32),
                "intercept": student.intercept_,
                "idf": student.vectoriser_.idf_,
                "trust": learned.trust,
                "scale": learned.scale,
                "bias": learned.bias,
            },
            vocabulary=student.vectoriser_.vocabulary_,
            meta={"version": VERSION, "made_of": self.model_id},
        )


def _entries(rows: "csr_matrix", place: int) -> Entries:
    """Return columns and values of one row; scipy's own slicing costs ten times as much."""
    span = slice(rows.indptr[place], rows.indptr[place + 1])
    return rows.indices[span], rows.data[span]


def rule_logits(rules: EvidenceRules, texts: Sequence[tuple[str, str]]) -> Floats:
    """Return what the rules alone say, texts × topics."""
    logits = [
        [math.fsum([weight for _, weight, _ in found]) for found in rules.parts(document(*pair))]
        for pair in texts
    ]
    return np.array(logits, dtype=np.float64).reshape(len(texts), len(rules.topics))


def train(materials: Materials) -> Tagger:
    """Return the tagger these materials make; the same materials make the same tagger."""
    rules = EvidenceRules(materials.topics)
    sure = rule_logits(rules, materials.unlabelled)
    taught = lessons(materials, sure)
    weight = trust(taught.positives)
    scale, bias = _learn_from_reviews(materials, rules, sure)
    learned = Learned(Student().fit(taught), weight, scale, bias)
    return Tagger(materials.topics, learned, model_id=identity(materials))


def _learn_from_reviews(
    materials: Materials, rules: EvidenceRules, sure: Floats
) -> tuple[Floats, Floats]:
    """Return scale and bias, each review scored by a student that has not seen its article."""
    order = names(materials.topics)
    articles = sorted({(review.title, review.text) for review in materials.reviews})
    logits = rule_logits(rules, articles)
    verdicts = np.full(logits.shape, np.nan)
    place_of = {article: place for place, article in enumerate(articles)}
    for review in materials.reviews:
        if review.topic in order:
            row = place_of[review.title, review.text]
            verdicts[row, order.index(review.topic)] = float(review.verdict)
    for fold in range(FOLDS if articles else 0):
        held = articles[fold::FOLDS]
        if not held:
            continue
        taught = lessons(_without(materials, set(held)), sure)
        student = Student().fit(taught)
        words = student.scores(student.rows([joined(*pair)[:MAX_CHARS] for pair in held]))
        logits[fold::FOLDS] += trust(taught.positives) * words
    return calibrate(logits, verdicts)


def _without(materials: Materials, held: set[tuple[str, str]]) -> Materials:
    kept: tuple[Review, ...] = tuple(
        review for review in materials.reviews if (review.title, review.text) not in held
    )
    return Materials(
        materials.topics, materials.baseline, materials.examples, materials.unlabelled, kept
    )


def identity(materials: Materials) -> str:
    """Return the id of the model these materials make with this code and its libraries."""
    made_of = (VERSION, version("scikit-learn"), np.__version__, materials.fingerprint())
    return hashlib.sha256("\n".join(made_of).encode()).hexdigest()


def load(folder: Path, topics: Sequence[TopicGlossary], *, model_id: str) -> Tagger:
    """Return the tagger saved in a model folder.

    Raises ModelFileError when the files are damaged, or were not made of what `model_id` is
    the hash of: then train again.
    """
    saved = load_files(folder, expected={"version": VERSION, "made_of": model_id})
    try:
        student = Student()
        student.vectoriser_ = Vectoriser.restore(
            saved.vocabulary, saved.arrays["idf"], bigrams=True, max_chars=MAX_CHARS, min_df=1
        )
        student.coef_ = saved.arrays["coef"].astype(np.float64)
        student.intercept_ = saved.arrays["intercept"]
        learned = Learned(
            student, *(saved.arrays[name].copy() for name in ("trust", "scale", "bias"))
        )
    except KeyError as error:
        raise ModelFileError(f"the model file lacks {error}") from error
    per_topic = (student.intercept_, learned.trust, learned.scale, learned.bias)
    if (
        student.coef_.shape != (len(topics), len(saved.vocabulary))
        or any(array.shape != (len(topics),) for array in per_topic)
        or student.vectoriser_.idf_.shape != (len(saved.vocabulary),)
    ):
        raise ModelFileError("the model file holds other topics")
    return Tagger(topics, learned, model_id=model_id)


def load_or_train(folder: Path, materials: Materials, *, made_of: str) -> tuple[Tagger, str]:
    """Return the tagger of these materials, and why it was trained anew ("" if loaded).

    `made_of` is their `identity`, which takes a tenth of a second. A model folder is a cache:
    what does not fit is trained again and saved in its place.
    Raises OSError when the folder cannot be written.
    """
    try:
        return load(folder, materials.topics, model_id=made_of), ""
    except ModelFileError as error:
        tagger = train(materials)
        tagger.save(folder)
        return tagger, error.reason
