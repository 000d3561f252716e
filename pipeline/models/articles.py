"""Articles: what a page says once everything around it is gone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.models.feeds import DateSource

TextSource = Literal["page", "feed", "none"]
# new: its page is due. ok: has its text. stub: a paywall, cookie wall, challenge, gallery or
# soft 404 stood where the article should be. failed: no page yet, or none
# after the last attempt; the title and the feed's summary stand for it.
ArticleStatus = Literal["new", "ok", "stub", "failed"]


@dataclass(frozen=True, slots=True)
class Extracted:
    """The article found on a page.

    `text` has one paragraph a line. `language` is an ISO 639-1 code ("zh" for either
    script), or empty. `stub` names what stood there instead of an article ("paywall",
    "cookie_wall", "challenge", "soft_404", "gallery", "empty"), else "". `parts` are
    the further articles of a glued page, without an address of their own.
    """

    title: str = ""
    text: str = ""
    author: str = ""
    site: str = ""
    language: str = ""
    published_at: datetime | None = None
    date_source: DateSource = "first_seen"
    canonical_url: str = ""
    text_source: TextSource = "page"
    stub: str = ""
    parts: tuple["Extracted", ...] = ()


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to extract: plain values only, so that it can travel to a worker.

    `feed_body` is the feed's own full text (HTML) or empty; `feed_title`, `feed_author`
    and `feed_published_at` serve where the page is silent; `fetched_at` is what "3 hours
    ago" on it counts from. `site_lines` are lines that the site repeats, as
    `pipeline.steps.extraction.boilerplate` counts them: (hash, pages).
    """

    article_id: int
    url: str
    html: bytes
    content_type: str = ""
    feed_title: str = ""
    feed_body: str = ""
    feed_author: str = ""
    feed_published_at: datetime | None = None
    fetched_at: datetime | None = None
    site_lines: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One row of `articles`. Times are aware UTC; `text` is "" until there is one."""

    id: int
    url: str
    title: str
    first_seen_at: datetime
    author: str = ""
    site: str = ""
    language: str = ""
    published_at: datetime | None = None
    fetched_at: datetime | None = None
    text: str = ""
    text_source: TextSource = "none"
    status: ArticleStatus = "new"
    story_id: int | None = None
    content_hash: str = ""

    @property
    def when(self) -> datetime:
        """Publication, else first sight: never empty, for sorting."""
        return self.published_at or self.first_seen_at
