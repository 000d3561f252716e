"""What goes over the wire: a request, and the response or the failure it brought."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

FetchReason = Literal[
    "address",  # refused: not public, not http(s), or not a URL
    "dns",
    "connect",
    "tls",
    "timeout",
    "too_large",
    "encoding",  # truncated, stacked or undecodable content encoding
    "redirects",  # loop, too many hops, or a downgrade to http
    "protocol",  # broken framing, wrong length, headers too large
    "robots",
    "paused",  # not sent: the host asked to be left alone until `retry_at`
]


@dataclass(frozen=True, slots=True)
class Request:
    """A GET. Header names are lower case.

    `headers` go to the origin of `url` only. `validators` (If-None-Match, If-Modified-Since)
    go to `validators_url` only, wherever in a chain of redirects it comes.
    """

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    kind: Literal["feed", "page", "robots"] = "page"
    validators: tuple[tuple[str, str], ...] = ()
    validators_url: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect that was followed: from `url` with `status` to the next."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response: `body` is decoded and no longer than the policy's cap.

    Header names are lower case; a repeated header's values are joined by ", ".
    """

    url: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    hops: tuple[Hop, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """No usable response: `reason` for the program, `detail` for a person.

    `retry_at` is set where asking earlier would be rude ("robots", "paused").
    """

    url: str
    reason: FetchReason
    detail: str
    hops: tuple[Hop, ...] = ()
    retry_at: datetime | None = None


Fetched = Response | Failure
