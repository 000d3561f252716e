"""Stories, mentions and updates: articles seen together."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Mention:
    """A company, agency or product named in an article, and how often."""

    article_id: int
    company: str
    count: int


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that tell the same event; `article_id` is the one that leads it.

    `outlets` counts owners: ten copies of one wire story are one voice.
    """

    id: int
    title: str
    article_id: int
    first_seen_at: datetime
    last_seen_at: datetime
    article_ids: tuple[int, ...]
    outlets: int


@dataclass(frozen=True, slots=True)
class BaselineLine:
    """A statement of the seed article: what was so on the day it appeared."""

    line: int
    article: str
    kind: str
    topics: tuple[str, ...]
    text: str
    day: date | None = None


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
