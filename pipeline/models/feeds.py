"""A feed, what we know about it, and the entries it announces."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.models.pages import Fetched, Request

FeedStatus = Literal["active", "paused", "gone", "challenged"]
DateSource = Literal["feed", "guess", "page", "first_seen"]


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """What the OPML line of one feed asks for beyond the defaults.

    `headers` maps a header's name to the environment variable that holds its value.
    """

    interval_s: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    text: Literal["auto", "feed", "page"] = "auto"
    paused: bool = False


@dataclass(frozen=True, slots=True)
class FeedSource:
    """A feed as the configuration names it."""

    url: str
    title: str = ""
    site_url: str = ""
    category: str = ""
    options: FeedOptions = FeedOptions()


@dataclass(frozen=True, slots=True)
class FeedMemory:
    """What we knew of a feed before this poll and know after it.

    Times are aware UTC. `validators_url` is the final URL the validators belong to
    (RFC 9110: a validator never crosses to another resource). Every field is a plain
    value, so that a store can keep those without a column of their own as JSON.
    """

    status: FeedStatus = "active"
    etag: str | None = None
    last_modified: str | None = None
    validators_url: str | None = None
    body_hash: str | None = None
    interval_s: int = 3600
    next_poll_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    failures: int = 0
    last_error: str | None = None
    failing_since: datetime | None = None
    # what kind of failure the last one was: a FetchReason, "html", "http_404", …
    trouble: str = ""
    reported_at: datetime | None = None  # when a person was told of this row of failures
    gone_since: datetime | None = None  # the first 410 of a row
    refusals: int = 0  # 429 and 503 in a row
    not_before: datetime | None = None  # the server's own wish; holds under --force too
    # freshness as the server states it, kept over a bare 304
    cache_control: str | None = None
    expires: str | None = None
    validates: bool = False  # it has answered 304 to our validators
    only_304_since: datetime | None = None
    distrust: bool = False  # the last body was unusable: ask for a whole one
    unconditional_at: datetime | None = None  # the last request that left our validators out
    # how the publisher publishes
    hint_interval_s: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    usual_gap_s: int | None = None
    last_new_at: datetime | None = None
    # a permanent redirect that is not yet believed
    moved_to: str | None = None
    moved_since: datetime | None = None
    moved_times: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """One row of `feeds`: where it is, how it is read, what we know of it."""

    id: int
    source: FeedSource
    memory: FeedMemory = FeedMemory()

    @property
    def url(self) -> str:
        return self.source.url


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as one feed announces it.

    `summary` is plain text; `body` is the feed's own full text as HTML, or empty.
    `outlet` is set where an aggregator names the real publisher. `opaque` marks a link
    that does not lead to the publisher's page (Google News).
    """

    guid: str
    url: str
    title: str
    summary: str = ""
    body: str = ""
    author: str = ""
    outlet: str = ""
    published_at: datetime | None = None
    date_source: DateSource = "first_seen"
    raw_date: str = ""
    opaque: bool = False


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's bytes, understood. Entries in the order the feed gives them.

    `hint_interval_s` is the longest of ttl and sy:update*; `skip_hours` (0 to 23, GMT)
    and `skip_days` (0 = Monday) are when the publisher asks not to be polled.
    `notes` say what was repaired or cut. `truncated`: the end was missing, so the body's
    validators must not be kept (C-10).
    """

    format: str
    entries: tuple[Entry, ...]
    title: str = ""
    site_url: str = ""
    language: str = ""
    hint_interval_s: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class FeedTask:
    """A body to parse: plain values only, so that it can travel to a worker.

    `url` is where the body finally came from.
    """

    feed_id: int
    body: bytes
    content_type: str
    url: str
    now: datetime


@dataclass(frozen=True, slots=True)
class ParseProblem:
    """Why a body is no feed, in the words of the ParseError it was."""

    what: str
    why: str = ""
    fix: str = ""


PollOutcome = Literal["entries", "unchanged", "failed", "paused"]


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll: what was asked, what came, and what reading it brought.

    `parsed` is None where there was nothing to read. `new` counts its entries that were
    not known before.
    """

    request: Request
    came: Fetched
    parsed: ParsedFeed | ParseProblem | None = None
    new: int = 0


@dataclass(frozen=True, slots=True)
class FeedUpdate:
    """What a poll changes, to be stored in one transaction with the entries it brought.

    `outcome` "entries" says to store them; "paused", that no request was sent. `url` is the
    address that replaces the feed's. `report` is news for a person, said once.
    """

    memory: FeedMemory
    outcome: PollOutcome
    reason: str = ""
    url: str | None = None
    report: str = ""
