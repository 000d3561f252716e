"""How long a response may be taken as fresh (RFC 9111, 4.2), and whether it may be remembered."""

import re
from collections.abc import Mapping
from datetime import timedelta

from pipeline.steps.refusals import http_date


def directives(cache_control: str | None) -> dict[str, str]:
    """Return the directives in lower case; the first of a repeated one counts (4.2.1)."""
    found: dict[str, str] = {}
    for name, quoted, plain in re.findall(
        r'([\w-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,]*)))?', cache_control or ""
    ):
        found.setdefault(name.lower(), quoted or plain)
    return found


def may_remember(cache_control: str | None) -> bool:
    """Return whether validators may be kept."""
    return "no-store" not in directives(cache_control)


def fresh_for(
    cache_control: str | None, expires: str | None, headers: Mapping[str, str]
) -> timedelta:
    """Return how long the answer stays fresh; zero for stale, unknown or "no-cache".

    `headers` give the Date and Age of the latest answer; `cache_control` and `expires` may
    stem from an earlier one, which a bare 304 confirmed.
    """
    stated = directives(cache_control)
    if "no-cache" in stated or "no-store" in stated:
        return timedelta(0)
    if "max-age" in stated:
        lifetime = seconds(stated["max-age"]) - seconds(headers.get("age", "0"))
        return timedelta(seconds=max(0, lifetime))
    ends, begins = http_date(expires or ""), http_date(headers.get("date", ""))
    if ends is None or begins is None:  # "0" and other nonsense: stale (5.3)
        return timedelta(0)
    return max(timedelta(0), ends - begins)


def seconds(value: str) -> int:
    """Return delta-seconds, 0 for what is none; at most 2^31 (1.2.2)."""
    return min(int(value[:12]), 2**31) if value.isdecimal() else 0
