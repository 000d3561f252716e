"""A quiet threaded HTTP server that answers from a table of resources and keeps a record."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from pipeline.adapters.newsroom.replies import Reply, reply
from pipeline.steps.newsroom.values import Resource

NOT_FOUND = Reply(
    404,
    (("Content-Type", "text/html; charset=utf-8"),),
    b"<!doctype html><title>Not found</title><h1>We could not find that page</h1>",
)
Find = Callable[[str, str], Resource | None]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as the server saw it, and its status.

    Header names are lower case. `started` and `ended` are seconds of a monotonic clock:
    they tell which requests overlapped, not when they were.
    """

    method: str
    host: str
    path: str
    headers: dict[str, str]
    status: int
    started: float
    ended: float

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"


class LoopbackServer(ThreadingHTTPServer):
    """Serves what `find(host, path)` returns on an ephemeral port of 127.0.0.1.

    `latency_s` passes before each answer. Closing ends open connections, so no thread is
    left waiting for a keep-alive client.
    """

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128  # the default of 5 refuses a poll of many feeds at once

    def __init__(self, find: Find, *, latency_s: float = 0.0) -> None:
        self.find = find
        self.latency_s = latency_s
        self.closing = threading.Event()
        self.exchanges: list[Exchange] = []
        self.connections: set[socket.socket] = set()
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        """Bind without asking the resolver for our own name, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "newsroom.test", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.lock:
            self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.lock:
            self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet: a client that hangs up is its own affair."""

    def server_close(self) -> None:
        self.closing.set()
        with self.lock:
            for connection in self.connections:
                # Only ends the conversation; the connection's own thread closes it.
                with suppress(OSError):  # the client may have gone already
                    connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    server: LoopbackServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        started = time.monotonic()
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = headers.get("host", "").split(":")[0].lower()
        resource = self.server.find(host, self.path)
        if self.server.latency_s:
            self.server.closing.wait(self.server.latency_s)
        answer = reply(resource, headers) if resource else NOT_FOUND
        exchange = Exchange(
            self.command, host, self.path, headers, answer.status, started, time.monotonic()
        )
        with self.server.lock:
            self.server.exchanges.append(exchange)
        self._send(answer, body=body)

    def _send(self, answer: Reply, *, body: bool) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if body:
            self.wfile.write(answer.body)

    def version_string(self) -> str:
        return "newsroom"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Stay quiet: the record is `exchanges`."""
