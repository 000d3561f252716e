"""The baseline, and what articles bring news about."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class BaselineLine:
    """A statement of the seed article: what was so on the day it appeared.

    Where it claims how things stand, `says` is the claim in a few of its words, and an article
    bears on it only if it names a mark of each group of `about`; else both are empty.
    """

    line: int
    article: str
    kind: str
    topics: tuple[str, ...]
    text: str
    day: date | None = None
    says: str = ""
    about: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """Which statement of the baseline an article brings news about.

    `similarity` and `novelty` lie in [0, 1]; novelty is what the store did not hold before.
    """

    article_id: int
    topic: str
    baseline_line: int
    similarity: float
    novelty: float
