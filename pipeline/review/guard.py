"""Who may write: a decision on a request's headers alone.

Trusting loopback would let any web page a reviewer visits write labels: her browser sends the
request. What a page cannot forge is what the browser itself adds.
"""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

FAR = "from another machine a label needs the token: it stands in review/token of the home"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status and the words that go with it."""

    status: int
    words: str


def refuse_host(host: str, hosts: Collection[str]) -> Refusal | None:
    """Refuse a Host that is not ours: a name a stranger points at this machine (DNS rebinding)."""
    if host_name(host) in hosts:
        return None
    return Refusal(400, "this address is not one chipwire answers to; see [review] url")


def refuse_write(
    headers: Mapping[str, str], *, hosts: Collection[str], token: str, near: bool = True
) -> Refusal | None:
    """Refuse a write without the token, unless the browser vouches it comes from our own page.

    `headers` are in lower case. What does not come from this machine (`near`) needs the token
    always: there a program may forge what a browser would not.
    """
    given = headers.get("authorization", "")
    if given:
        expected = f"Bearer {token}"
        if token and hmac.compare_digest(given.encode(), expected.encode()):
            return None
        return Refusal(401 if not near else 403, "the bearer token is wrong")
    if not near:
        return Refusal(401, FAR)
    host = headers.get("host", "")
    refusal = refuse_host(host, hosts)
    if refusal:
        return refusal
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return Refusal(403, "a label comes as application/json, not as a form")
    if headers.get("sec-fetch-site") not in ("same-origin", "none"):
        return Refusal(403, "only the review page itself may write; programs send the bearer token")
    if origin_host(headers.get("origin", "")) != host.lower():
        return Refusal(403, "the request comes from another origin")
    return None


def host_name(host: str) -> str:
    """Return the name in a Host header without its port, or "" for what is none."""
    if not host or any(character in host for character in "/@?#\\ "):
        return ""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def origin_host(origin: str) -> str:
    """Return host and port of an Origin header in lower case, or "" for none or an opaque one."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""
