"""One hop of a request on its way: which headers it carries and where it leads next."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from pipeline.adapters.http.guard import Target, target
from pipeline.errors import FetchError
from pipeline.models.pages import Hop, Request

REDIRECTS = frozenset({301, 302, 303, 307, 308})

ACCEPT = {
    # HTML last: a page in place of a feed is found out by the parser, a 406 helps nobody
    "feed": "application/atom+xml, application/rss+xml, application/rdf+xml, "
    "application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, "
    "text/html;q=0.3, */*;q=0.1",
    "page": "text/html, application/xhtml+xml, application/xml;q=0.8, */*;q=0.5",
    "robots": "text/plain, */*;q=0.5",
}


@dataclass(frozen=True, slots=True)
class Leg:
    """A request at one of its addresses. `spent_s` is what earlier hops took of its time.

    `about` is the host whose robots.txt this leg asks for, else "".
    """

    request: Request
    target: Target
    hops: tuple[Hop, ...] = ()
    spent_s: float = 0.0
    about: str = ""

    @property
    def host(self) -> str:
        """Return the name under which requests are spaced: http and https are one host."""
        return host_key(self.target)


def host_key(address: Target) -> str:
    return address.host if address.port in (80, 443) else address.authority


def headers_of(leg: Leg, *, user_agent: str) -> dict[str, str]:
    """Return the headers to send at this hop.

    Configured headers may be credentials: they go to the origin they were configured for and
    nowhere else. Validators go to the very URL that issued them (RFC 9110, 8.8).
    """
    headers = {
        "user-agent": user_agent,
        "accept": ACCEPT[leg.request.kind],
        "accept-encoding": "gzip, deflate",
    }
    asked = leg.request
    if asked.headers and leg.target.origin == target(asked.url).origin:
        headers.update(asked.headers)
    if asked.validators and leads_to(leg, asked.validators_url):
        headers.update(asked.validators)
    return headers


def leads_to(leg: Leg, url: str) -> bool:
    """Return whether a leg asks for a URL, in whatever spelling; no parsing in the usual case."""
    if url == leg.target.url or (url == leg.request.url and not leg.hops):
        return True
    try:
        return target(url).url == leg.target.url
    except FetchError:
        return False


def next_leg(leg: Leg, status: int, headers: Mapping[str, str], *, most_hops: int) -> Leg | None:
    """Return the hop a redirect leads to, None for an answer that is none.

    Raises FetchError: "redirects" for a loop, too many hops or a feed that falls back from
    https to http; "address" for a location that may not be asked for.
    """
    location = headers.get("location", "").strip()
    if status not in REDIRECTS or not location:
        return None
    onward = target(joined(leg.target.url, repaired(location)))
    if onward.url in {leg.target.url, *(hop.url for hop in leg.hops)}:
        raise FetchError(f"redirect loop at {onward.url}", reason="redirects")
    if len(leg.hops) >= most_hops:
        raise FetchError(f"more than {most_hops} redirects", reason="redirects")
    if leg.request.kind == "feed" and (leg.target.scheme, onward.scheme) == ("https", "http"):
        raise FetchError(f"redirect from https to {onward.url}", reason="redirects")
    return replace(leg, target=onward, hops=(*leg.hops, Hop(leg.target.url, status)))


def joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise FetchError(f"redirect to no URL: {location[:100]}", reason="address") from error


def repaired(location: str) -> str:
    """Undo http.client's reading of UTF-8 as Latin-1; encode the blanks some servers send."""
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    return location.replace(" ", "%20")
