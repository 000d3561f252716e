"""Reads and writes the settings of one feed, which are attributes in a namespace of our own.

OPML 2.0 allows attributes of other namespaces and readers ignore them. With
`xmlns:cw="urn:chipwire:opml"`: cw:interval ("45", "45m", "2h", "1d"; a bare number is
minutes), cw:headers ("Authorization=ENV_VAR; …"), cw:text (auto, feed, page), cw:paused
(true, false).
"""

import difflib
import re
from dataclasses import replace

from pipeline.models.feeds import FeedOptions

NAMESPACE = "urn:chipwire:opml"
_OURS = f"{{{NAMESPACE}}}"
_KEYS = ("interval", "headers", "text", "paused")
_UNITS = {"": 60, "s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400}


def read_options(attributes: tuple[tuple[str, str], ...]) -> tuple[FeedOptions, tuple[str, ...]]:
    """Return the settings among an outline's attributes, and what is wrong with them."""
    options, faults = FeedOptions(), []
    for key, value in attributes:
        if not key.startswith(_OURS):
            continue
        try:
            options = _with_option(options, key.removeprefix(_OURS), value.strip())
        except ValueError as error:
            faults.append(str(error))
    return options, tuple(faults)


def write_options(options: FeedOptions) -> tuple[tuple[str, str], ...]:
    """Return the attributes that say what differs from the defaults."""
    attributes: list[tuple[str, str]] = []
    if options.interval_s is not None:
        attributes.append((f"{_OURS}interval", _duration(options.interval_s)))
    if options.headers:
        pairs = "; ".join(f"{name}={variable}" for name, variable in options.headers)
        attributes.append((f"{_OURS}headers", pairs))
    if options.text != "auto":
        attributes.append((f"{_OURS}text", options.text))
    if options.paused:
        attributes.append((f"{_OURS}paused", "true"))
    return tuple(attributes)


def _duration(seconds: int) -> str:
    for unit in ("d", "h", "m"):
        if seconds % _UNITS[unit] == 0:
            return f"{seconds // _UNITS[unit]}{unit}"
    return f"{seconds}s"


def _with_option(options: FeedOptions, key: str, value: str) -> FeedOptions:
    if key == "interval":
        return replace(options, interval_s=_interval(value))
    if key == "headers":
        return replace(options, headers=_headers(value))
    if key == "text":
        if value not in ("auto", "feed", "page"):
            raise ValueError(f"cw:text={value!r} is none of auto, feed, page")
        return replace(options, text=value)  # type: ignore[arg-type]  # narrowed by the test above
    if key == "paused":
        if value.lower() not in ("true", "false"):
            raise ValueError(f"cw:paused={value!r} is neither true nor false")
        return replace(options, paused=value.lower() == "true")
    nearest = difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.0)[0]
    raise ValueError(f"unknown setting cw:{key}; did you mean cw:{nearest}?")


def _interval(value: str) -> int:
    found = re.fullmatch(r"(\d{1,6})\s*(s|m|min|h|d)?", value)
    if not found or int(found[1]) == 0:
        raise ValueError(f"cw:interval={value!r} is no duration such as 45m, 2h or 1d")
    return int(found[1]) * _UNITS[found[2] or ""]


def _headers(value: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for part in filter(None, (part.strip() for part in value.split(";"))):
        found = re.fullmatch(r"([A-Za-z0-9-]{1,64})\s*=\s*([A-Za-z_][A-Za-z0-9_]{0,127})", part)
        if not found:
            raise ValueError(
                f"cw:headers={part[:60]!r} is not Name=ENV_VARIABLE (a value never stands here)"
            )
        pairs.append((found[1], found[2]))
    return tuple(pairs)
