"""Servers that mean harm: each ends within its limit and leaves a reason."""

import gzip
import socket
import ssl
import tracemalloc
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.adapters.http import HttpFetcher
from pipeline.adapters.http.connection import limited
from pipeline.models.pages import Failure, Fetched, Request, Response
from tests.conformance.server import RecordingServer, Reply, Seen, reply
from tests.conformance.world import POLICY
from tests.fakes import TurnedClock

URL = "http://a.test/feed"
CERTIFICATES = Path(__file__).parent / "certificates"
HEAD = b"HTTP/1.1 200 OK\r\n"
SHORT = replace(POLICY, timeout_s=0.5, max_mib=1.0)


def fetch(server: RecordingServer, url: str = URL, **policy: object) -> Fetched:
    fetcher = HttpFetcher(
        replace(SHORT, **policy),  # type: ignore[arg-type]
        TurnedClock(),
        version="1",
        resolve=server.resolve,
        tls=trusting,
    )
    [(_, came)] = fetcher.fetch_all([Request(url, kind="feed")])
    return came


def trusting() -> ssl.SSLContext:
    return limited(ssl.create_default_context(cafile=str(CERTIFICATES / "ca.pem")))


def endless(seen: Seen) -> Iterator[bytes]:
    yield HEAD + b"\r\n"
    while True:
        yield b"x" * 65536


def endless_chunks(seen: Seen) -> Iterator[bytes]:
    yield HEAD + b"transfer-encoding: chunked\r\n\r\n"
    while True:
        yield b"1;" + b"e" * 4096 + b"\r\nx\r\n"


def endless_headers(seen: Seen) -> Iterator[bytes]:
    yield HEAD
    while True:
        yield b"x-pad: " + b"x" * 4096 + b"\r\n"


def endless_continue(seen: Seen) -> Iterator[bytes]:
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n" * 100


def squeezed(body: bytes, encoding: str, *, cut: int = 0, length: int | None = None) -> bytes:
    packed = {
        "gzip": lambda: gzip.compress(body),
        "deflate": lambda: zlib.compress(body),
        "raw deflate": lambda: zlib.compress(body)[2:-4],
    }[encoding]()
    packed = packed[: len(packed) - cut]
    name = encoding.removeprefix("raw ")
    size = len(packed) if length is None else length
    return reply(200, packed, content_encoding=name, content_length=str(size))


HOSTILE: dict[str, tuple[Reply, str]] = {
    "an endless body": (endless, "too_large"),
    "endless chunk extensions": (endless_chunks, "protocol"),
    "endless headers": (endless_headers, "protocol"),
    "20 MB of headers": (HEAD + (b"x-pad: " + b"x" * 60000 + b"\r\n") * 350, "protocol"),
    "one header of a megabyte": (HEAD + b"x: " + b"x" * 2**20 + b"\r\n\r\n", "protocol"),
    "10,000 headers": (HEAD + b"x: y\r\n" * 10000 + b"\r\n", "protocol"),
    "endless 100 Continue": (endless_continue, "protocol"),
    "a length over the cap": (reply(200, b"x", content_length="2000000"), "too_large"),
    "a body shorter than its length": (
        lambda seen: iter([reply(200, b"abc", content_length="9")]),
        "protocol",
    ),
    "two lengths": (HEAD + b"content-length: 3, 5\r\n\r\nabc", "protocol"),
    "a length that is no number": (
        lambda seen: iter([HEAD + b"content-length: 3x\r\n\r\nabc"]),
        "",
    ),
    "a negative length": (lambda seen: iter([HEAD + b"content-length: -3\r\n\r\nabc"]), ""),
    "a bad chunk": (HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n", "protocol"),
    "chunks cut short": (HEAD + b"transfer-encoding: chunked\r\n\r\nff\r\nabc", "protocol"),
    "no HTTP at all": (b"\x00\x01\x02SSH-2.0-OpenSSH\r\n\r\n", "protocol"),
    "a status that is no number": (b"HTTP/1.1 abc OK\r\n\r\n", "protocol"),
    "a status line of 70 KB": (b"HTTP/1.1 200 " + b"x" * 70000 + b"\r\n\r\n", "protocol"),
    "a closed connection": (b"", "connect"),
    "a redirect to a broken URL": (reply(302, location="http://[::1"), "address"),
    "a redirect of 64 KB": (reply(302, location="/" + "x" * 60000), "address"),
    "a redirect to a user name": (reply(302, location="http://root@b.test/"), "address"),
    "brotli, unasked": (reply(200, b"\x8b\x00", content_encoding="br"), "encoding"),
    "zstd, unasked": (reply(200, b"(\xb5/\xfd", content_encoding="zstd"), "encoding"),
    "two encodings": (reply(200, b"x", content_encoding="gzip, gzip"), "encoding"),
    "2,000 encodings": (reply(200, b"x", content_encoding="gzip," * 2000 + "gzip"), "encoding"),
    "gzip that is none": (reply(200, b"hello", content_encoding="gzip"), "encoding"),
    "gzip cut short": (squeezed(b"hello" * 99, "gzip", cut=12), "encoding"),
    "gzip without its trailer": (squeezed(b"hello" * 99, "gzip", cut=8), "encoding"),
    "gzip with a wrong sum": (
        reply(200, gzip.compress(b"hello")[:-8] + bytes(8), content_encoding="gzip"),
        "encoding",
    ),
    "gzip of 1,000 members": (
        reply(200, gzip.compress(b"") * 1000, content_encoding="gzip"),
        "encoding",
    ),
    "deflate cut short": (squeezed(b"hello" * 99, "deflate", cut=6), "encoding"),
    "a gzip bomb": (squeezed(bytes(2**25), "gzip"), "too_large"),
    "a deflate bomb": (squeezed(bytes(2**25), "raw deflate"), "too_large"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_answer_ends_with_a_reason(case: str) -> None:
    answer, reason = HOSTILE[case]
    with RecordingServer() as server:
        server.answers(URL, answer)
        came = fetch(server, timeout_s=5.0)
    if reason:
        assert isinstance(came, Failure)
        assert came.reason == reason
        assert came.detail
    else:  # lenient: http.client reads to the end where a length makes no sense, as browsers do
        assert isinstance(came, Response)
        assert (came.status, came.body) == (200, b"abc")


@pytest.mark.parametrize("part", ["the first byte", "headers", "body", "chunks", "gzip"])
def test_a_drip_or_silence_ends_at_the_deadline(part: str) -> None:
    chunked = HEAD + b"transfer-encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 500
    packed = squeezed(bytes(range(256)) * 20, "gzip")
    whole = {"chunks": chunked, "gzip": packed}.get(part, reply(200, b"x" * 2000))
    start = 0 if part in ("headers", "the first byte") else whole.index(b"\r\n\r\n") + 4

    def slowly(seen: Seen) -> Iterator[bytes]:
        yield whole[:start]
        if part == "the first byte":
            yield from server.silence()
        yield from server.drip(whole[start:])

    with RecordingServer() as server:
        server.answers(URL, slowly)
        came = fetch(server, timeout_s=0.3)
    assert isinstance(came, Failure)
    assert came.reason == "timeout"


def test_the_deadline_covers_all_redirects_together() -> None:
    def late(to: str) -> Reply:
        def answer(seen: Seen) -> Iterator[bytes]:
            server.closing.wait(0.15)
            yield reply(302, location=to)

        return answer

    with RecordingServer() as server:
        for n in range(5):
            server.answers(f"http://{n}.test/", late(f"http://{n + 1}.test/"))
        server.answers("http://5.test/", reply(200, b"x"))
        came = fetch(server, "http://0.test/", timeout_s=0.4)
        assert isinstance(came, Failure)
        assert came.reason == "timeout"
        assert len(server.seen) < 5


def test_a_resolver_that_hangs_ends_at_the_connect_timeout() -> None:
    with RecordingServer() as server:

        def hangs(host: str, port: int) -> list[tuple[str, int]]:
            server.closing.wait()
            return []

        policy = replace(SHORT, connect_timeout_s=0.1)
        fetcher = HttpFetcher(policy, TurnedClock(), version="1", resolve=hangs)
        [(_, came)] = fetcher.fetch_all([Request(URL, kind="feed")])
    assert isinstance(came, Failure)
    assert came.reason == "timeout"


def test_a_handshake_that_never_comes_ends_at_the_connect_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the kernel takes the connection

        def there(_host: str, _port: int) -> list[tuple[str, int]]:
            return [("127.0.0.1", silent.getsockname()[1])]

        policy = replace(SHORT, connect_timeout_s=0.2, timeout_s=3600.0)
        fetcher = HttpFetcher(policy, TurnedClock(), version="1", resolve=there, tls=trusting)
        [(_, came)] = fetcher.fetch_all([Request("https://a.test/feed", kind="feed")])
    assert isinstance(came, Failure)
    assert came.reason == "timeout"


def test_a_bomb_costs_less_than_30_mib_of_memory() -> None:
    bomb = squeezed(bytes(600 * 2**20), "gzip")
    with RecordingServer() as server:
        server.answers(URL, bomb)
        tracemalloc.start()
        try:
            came = fetch(server, timeout_s=20.0, max_mib=10.0)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert isinstance(came, Failure)
    assert came.reason == "too_large"
    assert peak < 30 * 2**20


GOOD = bytes(range(256)) * 3000


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(squeezed(GOOD, "gzip"), id="gzip"),
        pytest.param(squeezed(GOOD, "deflate"), id="deflate"),
        pytest.param(squeezed(GOOD, "raw deflate"), id="deflate without its header"),
        pytest.param(reply(200, GOOD, content_encoding="identity"), id="identity"),
        pytest.param(reply(200, GOOD, content_encoding=""), id="an empty encoding"),
        pytest.param(
            reply(200, gzip.compress(GOOD[:9]) + gzip.compress(GOOD[9:]), content_encoding="gzip"),
            id="gzip in two members",
        ),
        pytest.param(
            reply(200, gzip.compress(GOOD) + bytes(64), content_encoding="x-gzip"),
            id="gzip with padding",
        ),
        pytest.param(HEAD + b"\r\n" + GOOD, id="no length, closed at the end"),
        pytest.param(
            HEAD + b"transfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(GOOD), GOOD),
            id="chunked",
        ),
    ],
)
def test_a_good_answer_arrives_whole(answer: bytes) -> None:
    with RecordingServer() as server:

        def sent(seen: Seen) -> Iterator[bytes]:
            yield answer

        server.answers(URL, sent)
        came = fetch(server, timeout_s=5.0)
    assert isinstance(came, Response)
    assert came.body == GOOD


def over_tls(certificate: str, url: str) -> tuple[Fetched, int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / certificate)
    with RecordingServer(tls=context) as server:
        server.answers(url, reply(200, b"x"))
        return fetch(server, url, timeout_s=5.0), len(server.seen)


def test_a_certificate_that_verifies_is_taken_for_its_name() -> None:
    came, asked = over_tls("good.pem", "https://a.test/feed")
    assert isinstance(came, Response)
    assert asked == 1


@pytest.mark.parametrize(
    ("certificate", "url"),
    [
        pytest.param("expired.pem", "https://a.test/feed", id="expired"),
        pytest.param("self-signed.pem", "https://a.test/feed", id="self-signed"),
        pytest.param("good.pem", "https://b.test/feed", id="another host's"),
    ],
)
def test_a_certificate_that_does_not_verify_is_refused_without_fallback(
    certificate: str, url: str
) -> None:
    came, asked = over_tls(certificate, url)
    assert isinstance(came, Failure)
    assert came.reason == "tls"
    assert asked == 0


def test_a_plain_server_at_the_tls_port_is_refused() -> None:
    with RecordingServer() as server:
        came = fetch(server, "https://a.test/feed", timeout_s=5.0)
    assert isinstance(came, Failure)
    assert came.reason in ("tls", "timeout", "connect")


def test_a_feed_that_falls_back_to_http_is_refused_and_a_page_followed() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "good.pem")
    with RecordingServer(tls=context) as secure, RecordingServer() as plain:
        for path in ("feed", "page"):
            secure.answers(f"https://a.test/{path}", reply(302, location="http://b.test/x"))
        plain.answers("http://b.test/x", reply(200, b"x"))

        def resolve(host: str, port: int) -> list[tuple[str, int]]:
            return (secure if port == 443 else plain).resolve(host, port)

        policy = replace(SHORT, timeout_s=5.0)
        fetcher = HttpFetcher(policy, TurnedClock(), version="1", resolve=resolve, tls=trusting)
        feed = Request("https://a.test/feed", kind="feed")
        page = Request("https://a.test/page", kind="page")
        came = dict(fetcher.fetch_all([feed, page]))
    refused, followed = came[feed], came[page]
    assert isinstance(refused, Failure)
    assert refused.reason == "redirects"
    assert isinstance(followed, Response)
    assert [hop.url for hop in followed.hops] == ["https://a.test/page"]


def test_one_hostile_host_harms_no_other() -> None:
    with RecordingServer() as server:
        server.answers("http://bomb.test/", squeezed(bytes(2**25), "gzip"))
        server.answers("http://endless.test/", endless)
        server.answers("http://silent.test/", lambda seen: server.silence())
        good = [f"http://{n}.test/" for n in range(20)]
        for url in good:
            server.answers(url, reply(200, b"x"))
        bad = ["http://bomb.test/", "http://endless.test/", "http://silent.test/"]
        fetcher = HttpFetcher(SHORT, TurnedClock(), version="1", resolve=server.resolve)
        requests = [Request(url, kind="feed") for url in [*bad, *good]]
        came = {request.url: came for request, came in fetcher.fetch_all(requests)}
    assert all(isinstance(came[url], Response) for url in good)
    assert all(isinstance(came[url], Failure) for url in bad)
