"""One GET over the wire: no redirects, no retries, no cookies, no proxy, within every limit.

Proxy variables of the environment are ignored on purpose: through a proxy the address
connected to could not be vetted.
"""

import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from socket import SHUT_RDWR

from urllib3.response import HTTPResponse

from pipeline.adapters.http.body import read_body
from pipeline.adapters.http.connection import (
    Dial,
    GuardedHTTPConnection,
    GuardedHTTPSConnection,
    LimitedSocket,
    LimitedTLSSocket,
    time_left,
)
from pipeline.adapters.http.faults import WIRE_ERRORS, explain
from pipeline.adapters.http.guard import Target
from pipeline.errors import FetchError

Connection = GuardedHTTPConnection | GuardedHTTPSConnection

MAX_HEAD = 256 * 1024
MAX_IDLE = 256  # hosts take turns: fewer than there are hosts, and no connection is ever reused


@dataclass(frozen=True, slots=True)
class Answer:
    """What one GET brought: header names in lower case, the body decoded."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` for everything, `cap` bytes decoded; `cut` keeps the first `cap` of more."""

    seconds: float
    cap: int
    cut: bool = False


class Wire:
    """Holds the idle connections, one per origin, and knows the busy ones, to end them."""

    def __init__(self, dial: Dial, *, tls: Callable[[], ssl.SSLContext]) -> None:
        self._dial = dial
        self._make_tls = tls
        self._tls: ssl.SSLContext | None = None
        self._lock = threading.Lock()
        self._idle: OrderedDict[tuple[str, str, int], Connection] = OrderedDict()

    def get(
        self,
        target: Target,
        headers: Mapping[str, str],
        *,
        limits: Limits,
        sent: Callable[[Connection], None],
    ) -> Answer:
        """Return the answer to a GET; raise FetchError.

        `sent` is called with the connection when it is open, right before the request goes out.
        """
        connection = self._connection(target)
        connection.deadline = time.monotonic() + limits.seconds
        whole = False
        try:
            answer = exchange(connection, target, headers, limits=limits, sent=sent)
            whole = True
            return answer
        except WIRE_ERRORS as error:
            raise explain(error) from error
        finally:
            if whole and connection.sock is not None:
                self._keep(target, connection)
            else:
                connection.close()

    def close_idle(self) -> None:
        with self._lock:
            idle = list(self._idle.values())
            self._idle.clear()
        for connection in idle:
            connection.close()

    def _connection(self, target: Target) -> Connection:
        with self._lock:
            idle = self._idle.pop(target.origin, None)
        if idle is not None:
            if idle.is_connected:  # nothing to read: neither closed nor talking out of turn
                return idle
            idle.close()
        if target.scheme == "http":
            return GuardedHTTPConnection(target.host, target.port, dial=self._dial)
        return GuardedHTTPSConnection(
            target.host, target.port, dial=self._dial, tls=self._tls_context()
        )

    def _tls_context(self) -> ssl.SSLContext:
        with self._lock:
            if self._tls is None:
                self._tls = self._make_tls()  # reads the certificates: 20 ms, so only when needed
            return self._tls

    def _keep(self, target: Target, connection: Connection) -> None:
        with self._lock:
            previous = self._idle.pop(target.origin, None)
            self._idle[target.origin] = connection
            if previous is None and len(self._idle) > MAX_IDLE:
                _, previous = self._idle.popitem(last=False)
        if previous is not None:
            previous.close()


def exchange(
    connection: Connection,
    target: Target,
    headers: Mapping[str, str],
    *,
    limits: Limits,
    sent: Callable[[Connection], None],
) -> Answer:
    if connection.sock is None:
        connection.connect()
    socket = connection.sock
    assert isinstance(socket, (LimitedSocket, LimitedTLSSocket))
    socket.deadline = connection.deadline
    socket.allowance = MAX_HEAD
    connection.timeout = time_left(connection.deadline)
    sent(connection)
    connection.request("GET", target.path, headers=headers, preload_content=False)
    response = connection.getresponse()
    socket.allowance = 2 * limits.cap + MAX_HEAD
    received = {name.lower(): value for name, value in response.headers.items()}
    try:
        return Answer(response.status, received, body_of(response, received, limits=limits))
    finally:
        response.close()  # holds the socket by itself where the server will close it


def body_of(response: HTTPResponse, headers: Mapping[str, str], *, limits: Limits) -> bytes:
    if response.length_remaining == 0:  # 304, 204, or Content-Length: 0
        return b""
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limits.cap and not limits.cut:
        raise FetchError(f"more than {limits.cap / 2**20:g} MiB announced", reason="too_large")

    def read(size: int) -> bytes:
        return response.read(size, decode_content=False)

    return read_body(read, headers.get("content-encoding", ""), cap=limits.cap, cut=limits.cut)


def end(connection: Connection) -> None:
    """Break off an exchange from another thread."""
    socket = connection.sock
    if socket is not None:
        with suppress(OSError):
            socket.shutdown(SHUT_RDWR)
