"""Tag articles with topics, and say why: evidence rules that need no labelled article."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from classifiers.evidence import EvidenceRules, Summand, document, passage
from classifiers.glossary import TopicGlossary

Outcome = Literal["tag", "review", "no"]

# Below this probability nobody needs to look; a digest wants surer tags than the queue.
REVIEW_FROM = 0.2
TAG_FROM = 0.5
DIGEST_FROM = 0.6


@dataclass(frozen=True, slots=True)
class Scored:
    """One topic's score on one text.

    `logit` is the sum of the terms' weights, exact to 1e-6; offsets point into the title, a
    line break and the text. `evidence` is the passage that carries the most, or "".
    """

    topic: str
    probability: float
    logit: float
    tagged: bool
    outcome: Outcome
    evidence: str
    terms: tuple[Summand, ...]


class Tagger:
    """Scores texts on every topic. Deterministic; any text gets an answer."""

    def __init__(self, topics: Sequence[TopicGlossary]) -> None:
        self.topics = tuple(topics)
        self._rules = EvidenceRules(self.topics)

    def tag(self, texts: Sequence[tuple[str, str]]) -> list[list[Scored]]:
        """Return per (title, text) the score of every topic, in the order of `topics`."""
        return [self._tag(title, text) for title, text in texts]

    def _tag(self, title: str, text: str) -> list[Scored]:
        doc = document(title, text)
        return [
            self._scored(topic, passage(doc, summands), summands)
            for topic, summands in zip(self.topics, self._rules.score(doc), strict=True)
        ]

    def _scored(self, topic: TopicGlossary, evidence: str, summands: list[Summand]) -> Scored:
        logit = math.fsum(summand.weight for summand in summands)
        probability = 1 / (1 + math.exp(-logit))
        threshold = TAG_FROM if topic.threshold is None else topic.threshold
        tagged = probability >= threshold
        outcome: Outcome = "tag" if tagged else "review" if probability >= REVIEW_FROM else "no"
        return Scored(topic.name, probability, logit, tagged, outcome, evidence, tuple(summands))


def train(topics: Sequence[TopicGlossary]) -> Tagger:
    """Return a tagger for these topics."""
    return Tagger(topics)
