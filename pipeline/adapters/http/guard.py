"""Which URLs may be asked for and which addresses may be connected to.

Names are not judged, only what they resolve to at the moment of connecting: a resolver
that answers public first and loopback second gains nothing.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import quote, urlsplit

from pipeline.errors import FetchError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_URL = 8192
PORTS = {"http": 80, "https": 443}
# RFC 3986 pchar, "/", "?" and "%": what stands in a URL as it is; all else is percent-encoded.
CONTROLS = re.compile(r"[\x00-\x20\x7f]")
HOST = re.compile(r"[A-Za-z0-9._-]+")
KEPT = "!$&'()*+,-./:;=?@_~%[]|"

# What `ipaddress.is_global` of Python 3.11 lets through although it leads nowhere public.
NOT_PUBLIC: tuple[Network, ...] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # "this host": Linux connects to loopback
        "100.64.0.0/10",  # shared by carriers, RFC 6598
        "192.0.0.0/24",  # protocol assignments, RFC 6890
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved
        "::/96",  # IPv4-compatible, RFC 4291
        "64:ff9b:1::/48",  # local NAT64, RFC 8215
        "2001::/23",  # Teredo and other protocol assignments
        "2002::/16",  # 6to4 carries any IPv4 address, RFC 7526
        "3fff::/20",  # documentation, RFC 9637
        "5f00::/16",  # segment routing, RFC 9602
        "fc00::/7",  # unique local
        "fe80::/10",  # link local
        "fec0::/10",  # site local
        "ff00::/8",  # multicast
    )
)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked for, taken apart. `host` is ASCII, `path` has the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        return (self.scheme, self.host, self.port)

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def target(url: str) -> Target:
    """Take a URL apart, without its fragment.

    Raises FetchError ("address") for what is no plain http(s) URL: other schemes, user names,
    control characters, more than 8 KiB, numeric hosts in anything but their usual spelling.
    """
    if len(url) > MAX_URL:
        refuse(f"a URL of {len(url)} characters")
    if CONTROLS.search(url):
        refuse("a URL with blanks or control characters")
    try:
        parts = urlsplit(url)
        port = parts.port
        scheme, host = parts.scheme.lower(), parts.hostname or ""
    except ValueError as error:
        raise FetchError(f"not a URL: {error}", reason="address") from error
    if scheme not in PORTS:
        refuse(f"only http and https are fetched, not {scheme or 'a relative URL'}")
    if "@" in parts.netloc:
        refuse("a URL with a user name")
    path = quote(parts.path or "/", safe=KEPT)
    query = "?" + quote(parts.query, safe=KEPT) if parts.query else ""
    return Target(scheme, host_name(host), PORTS[scheme] if port is None else port, path + query)


def host_name(host: str) -> str:
    """Return the host in ASCII; raise FetchError for an empty, malformed or disguised one."""
    if not host:
        refuse("a URL without a host")
    if ":" in host:
        if "%" in host:
            refuse(f"an address with a zone: {host}")
        return host
    try:
        ascii_host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError as error:
        raise FetchError(f"not a host name: {host!r}", reason="address") from error
    last = ascii_host.rstrip(".").rpartition(".")[2]
    if last.isdigit() or last.startswith("0x"):
        # WHATWG URL, "ends in a number": such a host is an IPv4 address in some spelling, and
        # resolvers read 0x7f.1, 0177.0.0.1 and 2130706433 as loopback.
        require_dotted_quad(ascii_host)
    if not HOST.fullmatch(ascii_host):
        refuse(f"not a host name: {host!r}")
    return ascii_host


def require_dotted_quad(host: str) -> None:
    try:
        ipaddress.IPv4Address(host)
    except ValueError as error:
        raise FetchError(f"an address in disguise: {host}", reason="address") from error


def refuse(what: str) -> NoReturn:
    raise FetchError(f"refused: {what}", reason="address")


class Guard:
    """Vets addresses against the networks the configuration allows ("*" allows all)."""

    def __init__(self, allow_networks: Iterable[str] = ()) -> None:
        allowed = set(allow_networks)
        self._all = "*" in allowed
        self._allowed = tuple(
            ipaddress.ip_network(network, strict=False) for network in sorted(allowed - {"*"})
        )

    def vet(self, host: str, answers: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        """Return a resolver's answers if every one of them may be connected to.

        Raises FetchError ("address") if one may not: a public and a private answer together are
        how a name is made to lead inside.
        """
        for address, _ in answers:
            if not self.permits(address):
                refuse(f"{host} leads to {address}, which is not public (fetch.allow_networks)")
        return list(answers)

    def permits(self, text: str) -> bool:
        """Return whether an address may be connected to."""
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        if self._all or self._is_allowed(address):
            return True
        carried = embedded(address)
        if carried is not None:
            return is_public(carried) or self._is_allowed(carried)
        return is_public(address)

    def _is_allowed(self, address: Address) -> bool:
        return any(address in network for network in self._allowed)


def embedded(address: Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address a v4-mapped or NAT64 (RFC 6052) one stands for."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:  # the only way out to IPv4 in a network that has IPv6 alone
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def is_public(address: Address) -> bool:
    # IPv6 outside 2000::/3 is reserved, and "global" to Python all the same
    if address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in NOT_PUBLIC)
