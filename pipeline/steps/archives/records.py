"""What a WARC record says of itself: whether it is a page, and when it was captured."""

from datetime import UTC, datetime

from pipeline.models.archives import Captured
from pipeline.steps.pages import HTML_TYPES

# ISO 28500:2017, 6: the other types (request, metadata, revisit, warcinfo …) hold no page.
PAGE_TYPES = ("response", "resource")


def not_a_page(url: str, status: int | None, content_type: str) -> str:
    """Return why a record of these types holds no article's page, "" if it may.

    `status` is None where no HTTP answer was kept (a `resource` record).
    """
    if not url.startswith(("http://", "https://")):
        return "no page"
    if status is not None and not 200 <= status < 300:
        return f"HTTP {status}"
    media = content_type.split(";", maxsplit=1)[0].strip().lower()
    if media and media not in HTML_TYPES:
        return "no page"
    if url.rstrip("/").endswith("/robots.txt"):
        return "no page"
    return ""


def captured_at(date: str) -> datetime | None:
    """Return the moment of a WARC-Date, or None where it names no day (WARC 1.1 allows "2016")."""
    try:
        moment = datetime.fromisoformat(date.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def broken(key: str, position: int, reason: str) -> Captured:
    """Return the record that stands for one that cannot be read."""
    return Captured(key, position, reason=reason, faulty=True)
