"""Digests: what is owed to a reader, what one message says, and how its delivery stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of the seed article, shown beside the news that bears on it.

    `day` is when its article appeared, so that a reader sees how old the claim is; None
    where the seed does not say.
    """

    line: int
    text: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a story, as a digest needs it.

    `owed` is False once it stood in a digest of this name, and True again when its text was
    edited since; then `told_text` is the text as it was told. `topics` holds (topic,
    probability) of those that pass the digest's cut, the surest first; it is empty for an
    article that only comes along with its story. `text` is its beginning, or the summary.
    `is_part` says that it was cut out of a page where several articles are glued together.
    """

    article_id: int
    url: str
    title: str
    outlet: str
    text: str
    when: datetime
    seen_at: datetime
    language: str = ""
    topics: tuple[tuple[str, float], ...] = ()
    companies: tuple[str, ...] = ()
    owed: bool = True
    told_at: datetime | None = None
    told_text: str = ""
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story with at least one article that is owed; articles the oldest first.

    `id` is None for an article that no story holds yet. `told_at` is when a digest of this
    name last told it. `owners` counts independent voices, `strength` (similarity times
    novelty) says how much its news bears on `statement`.
    """

    id: int | None
    members: tuple[Member, ...]
    told_at: datetime | None = None
    owners: int = 1
    statement: Statement | None = None
    strength: float = 0.0


@dataclass(frozen=True, slots=True)
class TopicLoad:
    """Articles of one topic per day: the last is the 24 hours that end now."""

    name: str
    title: str
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FailingFeed:
    """A feed that brings nothing, since when and why."""

    title: str
    since: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Material:
    """All a digest is composed from, read from the database in one go."""

    candidates: tuple[Candidate, ...]
    loads: tuple[TopicLoad, ...]
    failing: tuple[FailingFeed, ...] = ()
    unsure: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """An outlet that carries a story, and where."""

    outlet: str
    url: str


@dataclass(frozen=True, slots=True)
class Development:
    """How a story went on within the time of one digest: a sentence, and where it stands."""

    text: str
    url: str
    when: datetime


@dataclass(frozen=True, slots=True)
class DigestStory:
    """One story of a digest: one entry however many outlets ran it.

    `news` is the first sentence the reader has not been told, for an updated story; `latest`
    is what came a day or more after the article that speaks for a new one.
    `article_ids` are all articles that stand in the digest with this entry.
    """

    key: str
    story_id: int | None
    article_id: int
    article_ids: tuple[int, ...]
    kind: Literal["new", "updated"]
    title: str
    url: str
    lead: str
    news: str
    topic: str
    topics: tuple[str, ...]
    probability: float
    voices: tuple[Voice, ...]
    companies: tuple[str, ...]
    language: str
    when: datetime
    told_at: datetime | None
    statement: Statement | None
    score: float
    latest: Development | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One topic of a digest: how busy it is, and its stories, the weightiest first."""

    topic: str
    title: str
    articles: int
    days: tuple[int, ...]
    mean: float
    stories: tuple[DigestStory, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """One composed digest; everything every form of it shows.

    `period` is the local date (with the time where the schedule has several a day) and,
    with the name, its identity. `titles` pairs every topic's name with its title.
    `waiting` counts stories that found no room and stay owed. An alert is a digest, too: its
    `schedule` says its limits in words.
    """

    name: str
    period: str
    created_at: datetime
    since: datetime | None
    timezone: str
    schedule: str
    subject: str
    articles: int
    outlets: int
    stories: int
    waiting: int
    minutes: int
    first: tuple[str, ...]
    sections: tuple[Section, ...]
    failing: tuple[FailingFeed, ...]
    unsure: int
    review_url: str
    cut: float
    titles: tuple[tuple[str, str], ...] = ()
    kind: Literal["digest", "alert"] = "digest"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the outbox: a message for one recipient, and how far it got.

    `recipient` is what may be shown of the address. `error` says why there is no message.
    """

    digest_id: int
    channel: str
    recipient: str
    message_id: str
    message: bytes
    attempts: int = 0
    digest: str = ""
    composed_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class DigestReport:
    """What one run of the digest job did; `refused` needs a person, `put_off` is tried again.

    `news` are sentences on failures that a person should hear once: refusals, and deliveries
    that failed for the first time.
    """

    composed: tuple[Digest, ...] = ()
    delivered: int = 0
    failed: int = 0
    refused: tuple[str, ...] = ()
    alerts: tuple[Digest, ...] = ()
    put_off: tuple[str, ...] = ()
    news: tuple[str, ...] = ()
