"""The daemon over HTTP, for monitors: /healthz, /readyz and /metrics; reads, never writes."""

import ipaddress
import json
import logging
import os
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pipeline.daemon.pulse import Pulse
from pipeline.daemon.vitals import Vitals, is_alive
from pipeline.errors import ConfigError

logger = logging.getLogger(__name__)

ASK_WITHIN_S = 5  # a client that dawdles over its request is hung up on
MOST_CLIENTS = 8
JSON = "application/json"


class Listener(ThreadingHTTPServer):
    """Answers a few clients at once, each in a thread that ends with the daemon."""

    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], *, look: Callable[[], Vitals], pulse: Pulse
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.look = look
        self.pulse = pulse
        self.loopback = is_loopback(address[0])
        self._room = threading.BoundedSemaphore(MOST_CLIENTS)
        super().__init__(address, Page)

    def process_request(self, request: object, client_address: object) -> None:
        """Answer in a thread of its own; a ninth client at once is hung up on."""
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)  # type: ignore[arg-type]  # as socketserver passes it
            return
        super().process_request(request, client_address)  # type: ignore[arg-type]  # as above

    def process_request_thread(self, request: object, client_address: object) -> None:
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]  # as above
        finally:
            self._room.release()

    def server_bind(self) -> None:
        # HTTPServer's own looks the host's name up, which can wait for a resolver
        super(ThreadingHTTPServer, self).server_bind()

    def handle_error(self, request: object, client_address: object) -> None:
        logger.debug("client_went_away", exc_info=True)


class Page(BaseHTTPRequestHandler):
    """One request: GET or HEAD of three addresses."""

    server: Listener
    timeout = ASK_WITHIN_S
    server_version = "chipwire"
    sys_version = ""

    def do_GET(self) -> None:
        pages = {"/healthz": self.health, "/readyz": self.readiness, "/metrics": self.metrics}
        page = pages.get(self.path.partition("?")[0])
        if self.server.loopback and not is_loopback(host_of(self.headers.get("Host", ""))):
            # a web page whose name was bent to 127.0.0.1 (DNS rebinding) learns nothing
            self.answer(HTTPStatus.BAD_REQUEST, "text/plain", b"ask for a loopback address\n")
        elif page is None:
            self.answer(HTTPStatus.NOT_FOUND, "text/plain", b"/healthz /readyz /metrics\n")
        else:
            page()

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def health(self) -> None:
        silent = round(self.server.pulse.silent_s)
        self.answer_json(is_alive(self.server.pulse), {"silent_s": silent})

    def readiness(self) -> None:
        faults = self.server.look().faults
        self.answer_json(not faults, {"faults": faults})

    def metrics(self) -> None:
        from pipeline.daemon.metrics import exposition  # 3 MB resident: at the first scrape

        body, content_type = exposition(
            self.server.look(), self.server.pulse, self.headers.get("Accept", "")
        )
        self.answer(HTTPStatus.OK, content_type, body)

    def answer_json(self, well: bool, more: dict[str, object]) -> None:
        status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
        body = json.dumps({"status": "ok" if well else "unwell", **more}) + "\n"
        self.answer(status, JSON, body.encode())

    def answer(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: a scrape every fifteen seconds would drown the log."""


@contextmanager
def listening(where: str, *, look: Callable[[], Vitals], pulse: Pulse) -> Iterator[tuple[str, int]]:
    """Answer at HOST:PORT while the block runs; give the address that was bound.

    Raises:
        ConfigError: the address makes no sense or is taken.
    """
    host, port = parse(where)
    try:
        server = Listener((host, port), look=look, pulse=pulse)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f"{where} cannot be listened on", why=why, fix="give --listen another HOST:PORT"
        ) from error
    bound = str(server.server_address[0]), int(server.server_address[1])
    if not is_loopback(bound[0]):
        logger.warning("listening_to_others at=%s:%d no_password_and_no_encryption", *bound)
    readable, writable = os.pipe()
    serving = threading.Thread(target=serve, args=(server, readable), name="listen")
    serving.start()
    try:
        yield bound
    finally:
        os.close(writable)
        serving.join()
        os.close(readable)
        server.server_close()


def serve(server: Listener, stop: int) -> None:
    """Answer until the other end of `stop` is closed.

    serve_forever wakes up on a timer to see whether it should end; this sleeps.
    """
    while True:
        ready, _, _ = select.select([server.fileno(), stop], [], [])
        if stop in ready:
            return
        server.handle_request()


def parse(where: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT`, `:PORT` or `PORT`; loopback where none is named."""
    host, _, port = where.rpartition(":")
    if not port.isdigit():
        raise ConfigError(f"--listen {where!r} is no HOST:PORT", fix="for example 127.0.0.1:9464")
    return host.strip("[]") or "127.0.0.1", int(port)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def host_of(header: str) -> str:
    """Return the name in a Host header, without its port."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]
