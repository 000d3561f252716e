"""Connections that open only to vetted addresses and end at a deadline, whatever the server does.

The deadline is kept where bytes arrive: every read asks how much time is left. So one byte a
second, in headers or body, ends in time without a thread that watches.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from pipeline.adapters.http.guard import Guard
from pipeline.errors import FetchError

Resolve = Callable[[str, int], Sequence[tuple[str, int]]]


class LimitedSocket(socket.socket):
    """A socket with a deadline (monotonic seconds) and a number of bytes it may receive."""

    deadline = 0.0
    allowance = 0

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        self.settimeout(time_left(self.deadline))
        received = super().recv_into(buffer, nbytes, flags)
        self.allowance = spend(self.allowance, received)
        return received


class LimitedTLSSocket(ssl.SSLSocket):
    """The same over TLS."""

    deadline = 0.0
    allowance = 0

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(time_left(self.deadline))
        received = super().recv_into(buffer, nbytes, flags)
        self.allowance = spend(self.allowance, received)
        return received


def time_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("deadline")
    return left


def spend(allowance: int, received: int) -> int:
    if received > allowance:
        raise FetchError("headers or framing larger than any page needs", reason="protocol")
    return allowance - received


@dataclass(frozen=True, slots=True)
class Dial:
    """How sockets are opened: resolve the name, vet every answer, connect to what was vetted."""

    resolve: Resolve
    guard: Guard
    timeout_s: float

    def open(self, host: str, port: int, *, deadline: float) -> LimitedSocket:
        """Return a connected socket; raise FetchError ("address", "dns") or OSError."""
        until = min(deadline, time.monotonic() + self.timeout_s)
        answers = resolve_within(self.resolve, host, port, seconds=time_left(until))
        if not answers:
            raise FetchError(f"name not found: {host}", reason="dns")
        vetted = self.guard.vet(host, answers)
        failed: OSError = OSError("no address")
        for position, address in enumerate(vetted):
            # an address that swallows packets leaves time for the next one
            share = time_left(until) / (len(vetted) - position)
            try:
                return connect(address, timeout=share)
            except OSError as error:
                failed = error
        raise failed


def connect(address: tuple[str, int], *, timeout: float) -> LimitedSocket:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    opened = LimitedSocket(family, socket.SOCK_STREAM)
    try:
        opened.settimeout(timeout)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.connect(address)
    except BaseException:
        opened.close()
        raise
    return opened


def system_resolve(host: str, port: int) -> list[tuple[str, int]]:
    """Ask the system's resolver; raise OSError if it knows no address."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [(str(address[0]), int(address[1])) for *_, address in found]
    return list(dict.fromkeys(addresses))


def resolve_within(
    resolve: Resolve, host: str, port: int, *, seconds: float
) -> Sequence[tuple[str, int]]:
    """Resolve in a thread that is left behind when it takes too long: getaddrinfo cannot be ended.

    Raises what `resolve` raises, TimeoutError after `seconds`.
    """
    answers: list[Sequence[tuple[str, int]]] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            answers.append(resolve(host, port))
        except (OSError, ValueError) as error:  # ValueError: a label over 63 characters
            failures.append(error)

    asking = threading.Thread(target=ask, daemon=True, name=f"resolve {host}")
    asking.start()
    asking.join(seconds)
    if failures:
        raise FetchError(f"name not found: {host}", reason="dns") from failures[0]
    if not answers:
        raise TimeoutError("resolver")
    return answers[0]


class GuardedHTTPConnection(HTTPConnection):
    """urllib3's connection, with our way of opening sockets. Set `deadline` before use."""

    def __init__(self, host: str, port: int, *, dial: Dial) -> None:
        super().__init__(host, port)
        self.dial = dial
        self.deadline = 0.0

    def _new_conn(self) -> socket.socket:
        return self.dial.open(self._dns_host, self.port, deadline=self.deadline)


class GuardedHTTPSConnection(HTTPSConnection):
    """The same over TLS: server name and certificate are those of the name, not the address."""

    def __init__(self, host: str, port: int, *, dial: Dial, tls: ssl.SSLContext) -> None:
        super().__init__(host, port, ssl_context=tls)
        self.dial = dial
        self.deadline = 0.0

    def _new_conn(self) -> socket.socket:
        until = min(self.deadline, time.monotonic() + self.dial.timeout_s)
        opened = self.dial.open(self._dns_host, self.port, deadline=self.deadline)
        # The handshake belongs to connecting (C-19); OpenSSL keeps its timeout as a whole.
        opened.settimeout(time_left(until))
        return opened


def tls_context() -> ssl.SSLContext:
    """Return a context that verifies against the system's certificates."""
    return limited(ssl.create_default_context())


def limited(context: ssl.SSLContext) -> ssl.SSLContext:
    """Make a context's sockets keep deadlines."""
    context.sslsocket_class = LimitedTLSSocket
    return context
