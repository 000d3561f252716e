"""Tags: a topic on an article, how sure, and why."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["tag", "review", "no"]


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of a score: what matched, how much it weighs, where (character offset, or -1)."""

    name: str
    weight: float
    offset: int = -1


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic's score on one article.

    `probability` is calibrated; `logit` is the sum of the terms' weights, exact to 1e-6.
    `evidence` is the passage that carries the most. `tagged` is True at or over the
    topic's threshold; `outcome` tells the unsure from the clear no.
    """

    article_id: int
    topic: str
    probability: float
    tagged: bool
    outcome: Outcome
    evidence: str = ""
    terms: tuple[Term, ...] = ()
    model_id: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A class of the classifier, as a person reads it."""

    name: str
    title: str
    description: str
    threshold: float = 0.5
