"""Archives: pages somebody captured earlier, and which of them are wanted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Unit = Literal["bytes", "pages"]


@dataclass(frozen=True, slots=True)
class Captured:
    """One record of an archive: a page as it was captured, or why there is none.

    `key` names the record within its archive; `position` is where the next one begins, in the
    archive's unit. `reason` says why a record holds no page: a fault of the record where
    `faulty`, else something no reader asks about (a request, an image, a DNS answer).
    `settled` is False where a later run should try the record again. `url` may be "": the page
    itself has to tell its address. The feed fields are what a stored feed says of the article.
    """

    key: str
    position: int
    url: str = ""
    captured_at: datetime | None = None
    content_type: str = ""
    body: bytes = b""
    reason: str = ""
    faulty: bool = False
    settled: bool = True
    feed_title: str = ""
    feed_body: str = ""
    feed_author: str = ""
    feed_published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which archived articles are stored; an empty filter leaves its facet open.

    An article counts as published when its page says so, else when it was captured; `since`
    is included, `until` is not. A host means its subdomains too.
    """

    since: datetime | None = None
    until: datetime | None = None
    languages: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walked:
    """How far a backfill has come in one archive; `done` and `size` in its unit."""

    source: str
    unit: Unit
    done: int
    size: int
    records: int
    stored: int
