"""Decides how an HTTP server answers for one resource: validators, 304, gzip."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from pipeline.steps.newsroom.values import Resource

MINIMUM_GZIP_BYTES = 500  # below, the gzip frame eats what is saved


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers in their order, and the body as it goes over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


def reply(resource: Resource, request: Mapping[str, str]) -> Reply:
    """Answer a GET for the resource; header names of the request are lower case.

    If-None-Match decides alone where both conditions are sent (RFC 9110, 13.2.2). A 304
    repeats the validators and Cache-Control and has no body (15.4.5).
    """
    zipped = len(resource.body) >= MINIMUM_GZIP_BYTES and _takes_gzip(request)
    headers = _caching(resource, zipped=zipped)
    if resource.status == 200 and _unchanged(dict(headers), request):
        return Reply(304, headers)
    headers = (("Content-Type", resource.content_type), *headers)
    if not zipped:
        return Reply(resource.status, headers, resource.body)
    body = gzip.compress(resource.body, 6, mtime=0)
    return Reply(resource.status, (*headers, ("Content-Encoding", "gzip")), body)


def _takes_gzip(request: Mapping[str, str]) -> bool:
    for offer in request.get("accept-encoding", "").lower().split(","):
        coding, _, quality = offer.partition(";")
        if coding.strip() == "gzip":
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _caching(resource: Resource, *, zipped: bool) -> tuple[tuple[str, str], ...]:
    found = [("Vary", "Accept-Encoding")]
    digest = hashlib.sha256(resource.body).hexdigest()[:20]
    if resource.validators == "weak":
        found.append(("ETag", f'W/"{digest}"'))
    if resource.validators == "both":
        # A strong tag names exact bytes, so each coding has its own (RFC 9110, 8.8.3.3).
        found.append(("ETag", f'"{digest}-gzip"' if zipped else f'"{digest}"'))
    if resource.validators != "weak":
        found.append(("Last-Modified", http_date(resource.modified_at)))
    if resource.cache_control:
        found.append(("Cache-Control", resource.cache_control))
    return tuple(found)


def http_date(moment: datetime) -> str:
    """Return the moment as HTTP writes it (RFC 9110, 5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _unchanged(headers: Mapping[str, str], request: Mapping[str, str]) -> bool:
    if "if-none-match" in request:
        return _matches(request["if-none-match"], headers.get("ETag"))
    if "if-modified-since" not in request or "Last-Modified" not in headers:
        return False
    try:
        since = parsedate_to_datetime(request["if-modified-since"])
    except ValueError:
        return False  # an invalid date is ignored (RFC 9110, 13.1.3)
    if since.tzinfo is None:
        return False
    return parsedate_to_datetime(headers["Last-Modified"]) <= since


def _matches(condition: str, etag: str | None) -> bool:
    if condition.strip() == "*":
        return True
    if etag is None:
        return False
    # Weak comparison (RFC 9110, 8.8.3.2); our own tags hold no comma.
    offered = {tag.strip().removeprefix("W/") for tag in condition.split(",")}
    return etag.removeprefix("W/") in offered
