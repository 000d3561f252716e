"""C-28 to C-30: what a request carries, what robots.txt allows, which addresses are refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.adapters.http import ForgetfulHosts, HttpFetcher
from pipeline.models.pages import Failure, Fetched, Request, Response
from tests.conformance.server import RecordingServer, reply
from tests.conformance.world import POLICY, feed_reply
from tests.fakes import TurnedClock

PAGE = "http://a.test/story"
ROBOTS = "http://a.test/robots.txt"


def fetch(server: RecordingServer, *requests: Request, **policy: object) -> list[Fetched]:
    """Fetch in one call; return what came in the order of the requests."""
    fetcher = HttpFetcher(
        replace(POLICY, **policy),  # type: ignore[arg-type]
        TurnedClock(),
        version="1.0",
        resolve=server.resolve,
    )
    came = dict(fetcher.fetch_all(requests))
    return [came[request] for request in requests]


def test_c28_a_request_says_who_we_are_and_nothing_about_the_reader() -> None:
    with RecordingServer() as server:
        server.answers("http://a.test/feed?b=2&a=1", feed_reply(1, set_cookie="id=1"))
        asked = Request("http://a.test/feed?b=2&a=1#top", kind="feed")
        fetch(server, asked)
        fetch(server, asked)
    for seen in server.seen:
        assert seen.path == "/feed?b=2&a=1"
        assert seen.headers["user-agent"] == "chipwire/1.0 (+mailto:desk@example.org)"
        assert "application/atom+xml" in seen.headers["accept"]
        assert "application/rss+xml" in seen.headers["accept"]
        assert seen.headers["accept-encoding"] == "gzip, deflate"
        assert set(seen.headers) == {"host", "user-agent", "accept", "accept-encoding"}


def test_c28_cookies_are_not_sent_back_within_a_chain_of_redirects() -> None:
    with RecordingServer() as server:
        server.answers("http://a.test/", reply(302, location="/2", set_cookie="id=1"))
        server.answers("http://a.test/2", feed_reply(1))
        fetch(server, Request("http://a.test/", kind="feed"))
    assert not any("cookie" in seen.headers or "referer" in seen.headers for seen in server.seen)


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        pytest.param("http://a.test/other", True, id="the same origin"),
        pytest.param("http://b.test/other", False, id="another host"),
        pytest.param("http://a.test:8080/other", False, id="another port"),
        pytest.param("http://www.a.test/other", False, id="another name of the same site"),
    ],
)
def test_c28_configured_headers_stay_with_their_origin(target: str, kept: bool) -> None:
    with RecordingServer() as server:
        server.answers("http://a.test/feed", reply(302, location=target))
        server.answers(target, feed_reply(1))
        secret = (("authorization", "Bearer secret"), ("x-key", "secret"))
        fetch(server, Request("http://a.test/feed", headers=secret, kind="feed"))
    first, second = server.seen
    assert first.headers["authorization"] == "Bearer secret"
    assert ("authorization" in second.headers, "x-key" in second.headers) == (kept, kept)


def test_c29_robots_is_fetched_once_a_day_and_obeyed() -> None:
    clock = TurnedClock()
    memory = ForgetfulHosts()
    with RecordingServer(clock=clock) as server:
        server.answers(ROBOTS, reply(200, b"User-agent: *\nDisallow: /private"))
        server.answers(PAGE, reply(200, b"text"))
        pages = [Request(PAGE), Request("http://a.test/private/1")]
        for _ in range(3):  # a new program each time: the day outlives it
            fetcher = HttpFetcher(
                POLICY, clock, version="1.0", hosts=memory, resolve=server.resolve
            )
            came = dict(fetcher.fetch_all(pages))
            assert isinstance(came[pages[0]], Response)
            refused = came[pages[1]]
            assert isinstance(refused, Failure)
            assert refused.reason == "robots"
            assert refused.retry_at is not None
            assert refused.retry_at - clock.now() <= timedelta(days=1)
            clock.advance(hours=7)
        assert len(server.asked(ROBOTS)) == 1
        assert not server.asked("http://a.test/private/1")
        clock.advance(hours=7)
        list(fetcher.fetch_all(pages))
        assert len(server.asked(ROBOTS)) == 2


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        pytest.param(reply(404), True, id="404 allows"),
        pytest.param(reply(403), True, id="403 allows"),
        pytest.param(reply(429), True, id="429 allows"),
        pytest.param(reply(500), False, id="500 disallows"),
        pytest.param(reply(503), False, id="503 disallows"),
        pytest.param(reply(200, b""), True, id="an empty one allows"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nUser-", False, id="cut short"),
        pytest.param(
            reply(200, b"User-agent: *\nDisallow: /\n" + b"#" * 2**20), False, id="a huge one"
        ),
        pytest.param(
            reply(200, b"#" * 600_000 + b"\nUser-agent: *\nDisallow: /\n"),
            True,
            id="what stands after 500 KiB is not read",
        ),
    ],
)
def test_c29_what_an_answer_to_robots_means(robots: bytes, allowed: bool) -> None:
    with RecordingServer() as server:
        server.answers(ROBOTS, robots)
        server.answers(PAGE, reply(200, b"text"))
        [came] = fetch(server, Request(PAGE))
        assert isinstance(came, Response) == allowed
        assert len(server.asked(PAGE)) == int(allowed)
        if isinstance(came, Failure):
            assert came.reason == "robots"


def test_c29_a_robots_that_never_ends_costs_its_own_page_and_no_other() -> None:
    with RecordingServer() as server:
        server.answers(ROBOTS, lambda _: server.drip(reply(200, b"User-agent: *\n" * 500)))
        server.answers("http://b.test/story", reply(200, b"text"))
        slow, other = fetch(server, Request(PAGE), Request("http://b.test/story"), timeout_s=0.5)
        assert isinstance(slow, Failure)
        assert slow.reason in ("timeout", "robots")
        assert not server.asked(PAGE)
        assert isinstance(other, Response)


def test_c29_robots_that_moved_to_another_host_is_followed_and_pages_wait_for_it() -> None:
    with RecordingServer() as server:
        server.answers(ROBOTS, reply(301, location="http://www.a.test/robots.txt"))
        server.answers(
            "http://www.a.test/robots.txt", reply(200, b"User-agent: chipwire\nDisallow: /story")
        )
        page, other = Request(PAGE), Request("http://a.test/other")
        server.answers(other.url, reply(200, b"text"))
        refused, came = fetch(server, page, other)
        assert isinstance(refused, Failure)
        assert isinstance(came, Response)
        assert [seen.url for seen in server.seen][:2] == [ROBOTS, "http://www.a.test/robots.txt"]


def test_c29_a_page_that_redirects_to_another_host_obeys_that_hosts_robots() -> None:
    with RecordingServer() as server:
        server.answers(PAGE, reply(302, location="http://b.test/story"))
        server.answers("http://b.test/robots.txt", reply(200, b"User-agent: *\nDisallow: /"))
        [came] = fetch(server, Request(PAGE))
        assert isinstance(came, Failure)
        assert came.reason == "robots"
        assert [hop.url for hop in came.hops] == [PAGE]
        assert not server.asked("http://b.test/story")


def test_c29_an_unreachable_host_says_so_and_not_robots() -> None:
    with RecordingServer() as server:
        server.answers(ROBOTS, b"")
        came = fetch(server, Request(PAGE), Request("http://a.test/other"))
    assert [failure.reason for failure in came if isinstance(failure, Failure)] == ["connect"] * 2


def test_c29_feeds_the_user_typed_are_exempt() -> None:
    with RecordingServer() as server:
        server.answers("http://a.test/feed", feed_reply(1))
        server.answers(ROBOTS, reply(200, b"User-agent: *\nDisallow: /"))
        [came] = fetch(server, Request("http://a.test/feed", kind="feed"))
        assert isinstance(came, Response)
        assert not server.asked(ROBOTS)


PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "192.168.1.1",
    "100.64.0.1", "169.254.169.254", "192.0.0.8", "198.18.0.1", "203.0.113.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::1", "::", "fd00::1", "fe80::1", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1",
    "fe80::1%eth0", "no address",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_c30_a_name_that_leads_inside_is_refused_before_connecting(address: str) -> None:
    with RecordingServer() as server:

        def inside(host: str, port: int) -> Sequence[tuple[str, int]]:
            return [(address, server.port)]

        fetcher = HttpFetcher(replace(POLICY, allow_networks=()), TurnedClock(), version="1",
                              resolve=inside)  # fmt: skip
        [(_, came)] = fetcher.fetch_all([Request("http://a.test/feed", kind="feed")])
        assert isinstance(came, Failure)
        assert came.reason == "address"
        assert server.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://a.test/feed", "gopher://a.test/", "//a.test/feed", "feed",
        "http:///feed", "http://user@a.test/", "http://user:secret@a.test/", "http://a.test/a b",
        "http://a.test/a\r\nX-Evil: 1", "http://a.test\r\n/", "http://a.test/\x00",
        "http://a.test:99999/", "http://a.test:port/", "http://[::1/", "http://[fe80::1%25eth0]/",
        "http://0x7f.1/", "http://0177.0.0.1/", "http://2130706433/", "http://127.1/",
        "http://0x7f000001/", "http://127.0.0.0x1/", "http://127.0.0.1./", "http://a_b c.test/",
        "http://a.test\\@b.test/", "http://" + "a" * 70 + ".test/", "http://a.test/" + "x" * 65536,
    ],
    ids=lambda url: repr(url[:40]),
)  # fmt: skip
def test_c30_what_is_no_plain_url_is_refused_unasked(url: str) -> None:
    with RecordingServer() as server:
        asked: list[str] = []

        def resolve(host: str, port: int) -> Sequence[tuple[str, int]]:
            asked.append(host)
            if max(map(len, host.split("."))) > 63:
                raise UnicodeError("label too long")
            return server.resolve(host, port)

        fetcher = HttpFetcher(POLICY, TurnedClock(), version="1", resolve=resolve)
        [(_, came)] = fetcher.fetch_all([Request(url, kind="feed")])
        assert isinstance(came, Failure)
        assert came.reason in ("address", "dns")
        assert not server.seen


LITERALS = [
    "http://127.0.0.1/", "http://[::1]/", "http://0.0.0.0/", "http://10.0.0.1/",
    "http://100.64.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[fd00::1]/",
    "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
    "http://localhost/", "http://127.1/", "http://2130706433/", "file:///etc/passwd",
]  # fmt: skip


def public_server() -> RecordingServer:
    """Return a server at a loopback address of its own, which a test may call public."""
    try:
        return RecordingServer(address="127.1.1.1")
    except OSError:
        pytest.skip("this machine has no loopback address but 127.0.0.1")


@pytest.mark.parametrize("location", LITERALS)
def test_c30_a_redirect_inside_is_refused_at_its_hop(location: str) -> None:
    with public_server() as server, RecordingServer() as inner:
        server.answers("http://a.test/feed", reply(302, location=location))

        def resolve(host: str, port: int) -> Sequence[tuple[str, int]]:
            if host == "a.test":
                return [("127.1.1.1", server.port)]
            return [(host if host != "localhost" else "127.0.0.1", inner.port)]

        policy = replace(POLICY, allow_networks=("127.1.1.1/32",))
        fetcher = HttpFetcher(policy, TurnedClock(), version="1", resolve=resolve)
        [(_, came)] = fetcher.fetch_all([Request("http://a.test/feed", kind="feed")])
        assert isinstance(came, Failure)
        assert came.reason == "address"
        assert len(server.seen) == 1
        assert inner.connections == 0


def test_c30_a_resolver_that_answers_public_first_and_loopback_second_gains_nothing() -> None:
    """One look-up a connection, and the address it gave is the one connected to."""
    asked: list[str] = []
    with public_server() as server, RecordingServer() as inner:
        server.answers("http://a.test/feed", feed_reply(1, connection="close"))

        def rebinding(host: str, port: int) -> Sequence[tuple[str, int]]:
            asked.append(host)
            return [("127.1.1.1", server.port) if len(asked) == 1 else ("127.0.0.1", inner.port)]

        policy = replace(POLICY, allow_networks=("127.1.1.1/32",))
        fetcher = HttpFetcher(policy, TurnedClock(), version="1", resolve=rebinding)
        [(_, first)] = fetcher.fetch_all([Request("http://a.test/feed", kind="feed")])
        assert isinstance(first, Response)
        assert len(asked) == 1
        [(_, second)] = fetcher.fetch_all([Request("http://a.test/feed", kind="feed")])
        assert isinstance(second, Failure)
        assert second.reason == "address"
        assert inner.connections == 0


def test_c30_one_private_answer_among_public_ones_refuses_them_all() -> None:
    def mixed(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [("93.184.216.34", 80), ("127.0.0.1", 80)]

    policy = replace(POLICY, allow_networks=())
    fetcher = HttpFetcher(policy, TurnedClock(), version="1", resolve=mixed)
    [(_, came)] = fetcher.fetch_all([Request("http://a.test/feed", kind="feed")])
    assert isinstance(came, Failure)
    assert came.reason == "address"


@pytest.mark.parametrize("networks", [("127.0.0.0/8",), ("*",)], ids=["its network", "everything"])
def test_c30_the_configuration_can_allow_a_network(networks: tuple[str, ...]) -> None:
    with RecordingServer() as server:
        server.answers("http://a.test/feed", feed_reply(1))
        [came] = fetch(server, Request("http://a.test/feed", kind="feed"), allow_networks=networks)
        assert isinstance(came, Response)


def test_c30_proxies_of_the_environment_are_ignored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with RecordingServer() as server, RecordingServer() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        server.answers("http://a.test/feed", feed_reply(1))
        [came] = fetch(server, Request("http://a.test/feed", kind="feed"))
        assert isinstance(came, Response)
        assert proxy.connections == 0


def test_c29_two_hosts_whose_robots_lead_to_each_other_do_not_wait_for_ever() -> None:
    with RecordingServer() as server:
        for host, other in (("a", "b"), ("b", "a")):
            server.answers(
                f"http://{host}.test/robots.txt", reply(301, location=f"http://{other}.test/robots")
            )
            server.answers(f"http://{host}.test/robots", reply(200, b"User-agent: *\nDisallow: /x"))
            server.answers(f"http://{host}.test/", reply(200, b"text"))
        came = fetch(server, Request("http://a.test/"), Request("http://b.test/"), concurrency=2)
        assert all(isinstance(response, Response) for response in came)
        assert len(server.seen) == 6
