"""What a fetched page means for its article: extract it, try again later, or give up."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.models.pages import Failure, Fetched, Response

# After the k-th failure a page is tried again this much later; then the article stays with its
# title and summary. News that could not be had for a day and a half is no news any more.
RETRY_AFTER = (timedelta(minutes=30), timedelta(hours=6), timedelta(hours=30))

# Reasons that will not change by themselves: asking again would only annoy.
FINAL = frozenset({"address", "redirects", "too_large"})
# A host that asked to be left alone is asked again when it said, however late: robots.txt that
# forbids or could not be read, a pause after 429. Beyond this the news is none any more.
PATIENCE = timedelta(days=3)
FINAL_STATUSES = frozenset({401, 402, 403, 404, 410, 451})

HTML_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")


@dataclass(frozen=True, slots=True)
class Setback:
    """Why there is no page, whether it may come later, and when to ask at the earliest."""

    reason: str
    final: bool
    not_before: datetime | None = None


def setback(fetched: Fetched) -> Setback | None:
    """Return why a response holds no page to extract, or None if it holds one."""
    if isinstance(fetched, Failure):
        reason = f"{fetched.reason}: {fetched.detail}"
        return Setback(reason, fetched.reason in FINAL, fetched.retry_at)
    if not 200 <= fetched.status < 300:
        return Setback(f"HTTP {fetched.status}", fetched.status in FINAL_STATUSES)
    if not fetched.body.strip():
        return Setback("the page was empty", final=False)
    return wrong_type(fetched)


def wrong_type(response: Response) -> Setback | None:
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind and kind not in HTML_TYPES:
        return Setback(f"{kind} is no web page", final=True)
    if response.body[:5] == b"%PDF-":
        return Setback("a PDF came as a web page", final=True)
    return None


def next_attempt(attempts: int, problem: Setback, *, now: datetime) -> datetime | None:
    """Return when to ask again after `attempts` failures, or None to give up."""
    if problem.final or attempts > len(RETRY_AFTER):
        return None
    if problem.not_before is not None and problem.not_before > now:
        return problem.not_before if problem.not_before - now <= PATIENCE else None
    return now + RETRY_AFTER[attempts - 1]


def content_hash(text: str) -> str:
    """Return the hash under which copies meet whatever their spacing and case, "" for none."""
    words = " ".join(text.casefold().split())
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest() if words else ""
