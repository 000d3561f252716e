"""A web server on loopback that records what it is asked and can answer with any bytes at all.

    with RecordingServer() as server:
        server.answers("http://a.test/feed", reply(body=b"<rss/>", etag='"1"'), reply(304))
        … fetch with resolve=server.resolve and allow_networks=("127.0.0.0/8",) …
        assert server.seen[1].headers["if-none-match"] == '"1"'

The replies of an address are given out in order; the last one repeats. A reply is bytes
(sent as they are), an iterator of bytes (sent piece by piece), or a function of the request
that returns either. An address without replies answers 404. Any host name leads here.
"""

import socket
import ssl
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol

Pieces = bytes | Iterable[bytes]


class ShowsTime(Protocol):
    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it arrived; header names are lower case. `at` is the given clock's time."""

    url: str
    method: str
    headers: dict[str, str]
    raw: bytes
    at: datetime | None
    monotonic: float

    @property
    def host(self) -> str:
        return self.url.split("/")[2]

    @property
    def path(self) -> str:
        return "/" + self.url.split("/", 3)[3]

    @property
    def conditional(self) -> bool:
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


Reply = Pieces | Callable[[Seen], Pieces]


def reply(status: int = 200, body: bytes = b"", /, **headers: str | None) -> bytes:
    """Return a well-formed response; `etag=` becomes `etag:`, underscores become dashes.

    Content-Length is added unless given; None leaves a header out.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if status not in (204, 304):
        named.setdefault("content-length", str(len(body)))
    lines = [f"HTTP/1.1 {status} Because"]
    lines += [f"{name}: {value}" for name, value in named.items() if value is not None]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class RecordingServer:
    """See the module. A context manager; `close` ends every open answer."""

    def __init__(
        self,
        *,
        clock: ShowsTime | None = None,
        tls: ssl.SSLContext | None = None,
        latency_s: float = 0.0,
        address: str = "127.0.0.1",
    ) -> None:
        self.seen: list[Seen] = []
        self.connections = 0
        self.most_at_once: Counter[str] = Counter()  # by host; "" is the whole server
        self.closing = threading.Event()
        self._clock, self._tls, self._latency = clock, tls, latency_s
        self._replies: dict[str, list[Reply]] = defaultdict(list)
        self._at_once: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server((address, 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]

    def answers(self, url: str, *replies: Reply) -> None:
        """Queue replies for an address; replaces what was queued before."""
        with self._lock:
            self._replies[url] = list(replies)

    def resolve(self, host: str, port: int) -> list[tuple[str, int]]:
        """Lead every name here, whatever the port."""
        return [("127.0.0.1", self.port)]

    def asked(self, url: str) -> list[Seen]:
        """Return the requests for one address, in order of arrival."""
        return [seen for seen in list(self.seen) if seen.url == url]

    def drip(self, data: bytes, *, every_s: float = 0.02) -> Iterator[bytes]:
        """Yield one byte at a time, for as long as the server lives."""
        for position in range(len(data)):
            yield data[position : position + 1]
            if self.closing.wait(every_s):
                return

    def silence(self, first: bytes = b"") -> Iterator[bytes]:
        """Yield `first`, then nothing until the server closes."""
        yield first
        self.closing.wait()

    def __enter__(self) -> "RecordingServer":
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(timeout=5)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        with self._lock:
            self._threads = [known for known in self._threads if known.is_alive()]
            self._threads.append(thread)
            thread.start()

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.add(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain = connection
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection.makefile("rb") as stream:
                while self._answer_one(connection, stream.readline):
                    pass
        except (OSError, ValueError):
            pass  # the client went away, or refused our certificate: what the test wanted
        finally:
            with self._lock:
                self._open.discard(plain)
            connection.close()

    def _answer_one(self, connection: socket.socket, readline: Callable[[], bytes]) -> bool:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = readline()
            if not line:
                return False
            head += line
        seen = self._record(head)
        hosts = ("", seen.host)
        self._count(hosts, 1)
        try:
            if self._latency:
                self.closing.wait(self._latency)
            whole = self._send(connection, self._reply_to(seen))
        finally:
            self._count(hosts, -1)
        return whole

    def _record(self, head: bytes) -> Seen:
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        pairs = [line.split(":", 1) for line in lines if ":" in line]
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        scheme = "https" if self._tls else "http"
        url = f"{scheme}://{headers.get('host', '')}{path}"
        at = self._clock.now() if self._clock else None
        seen = Seen(url, method, headers, head, at, time.monotonic())
        with self._lock:
            self.seen.append(seen)
        return seen

    def _count(self, hosts: Iterable[str], by: int) -> None:
        with self._lock:
            for host in hosts:
                self._at_once[host] += by
                self.most_at_once[host] = max(self.most_at_once[host], self._at_once[host])

    def _reply_to(self, seen: Seen) -> Pieces:
        with self._lock:
            queue = self._replies.get(seen.url, [])
            answer = queue.pop(0) if len(queue) > 1 else (queue or [reply(404)])[0]
        return answer(seen) if callable(answer) else answer

    def _send(self, connection: socket.socket, pieces: Pieces) -> bool:
        """Return whether the connection can serve another request."""
        if isinstance(pieces, bytes):
            connection.sendall(pieces)
            framed = b"content-length:" in pieces[:4096].lower()
            return framed or pieces.startswith((b"HTTP/1.1 304", b"HTTP/1.1 204"))
        for piece in pieces:
            connection.sendall(piece)
        return False
