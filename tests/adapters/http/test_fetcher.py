"""The fetcher as its callers see it: streaming, closing early, spacing over runs and redirects."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.http import HttpFetcher
from pipeline.adapters.http.outbox import Outbox
from pipeline.models.pages import Failure, Request, Response
from tests.conformance.server import RecordingServer, Seen, reply
from tests.conformance.world import POLICY
from tests.fakes import TurnedClock


def fetcher_of(server: RecordingServer, clock: TurnedClock, **policy: object) -> HttpFetcher:
    return HttpFetcher(
        replace(POLICY, **policy),  # type: ignore[arg-type]
        clock,
        version="1",
        resolve=server.resolve,
    )


def requests(*urls: str) -> list[Request]:
    return [Request(url, kind="feed") for url in urls]


def test_no_requests_is_no_work() -> None:
    with RecordingServer() as server:
        assert list(fetcher_of(server, TurnedClock()).fetch_all([])) == []


def test_the_same_request_twice_comes_back_twice() -> None:
    with RecordingServer() as server:
        twice = requests("http://a.test/") * 2
        assert len(list(fetcher_of(server, TurnedClock()).fetch_all(twice))) == 2


def test_results_wait_until_they_are_taken() -> None:
    """A slow taker holds few bodies, not five hundred: here at most 4 waiting and 4 in hand."""
    with RecordingServer() as server:
        urls = [f"http://{n}.test/" for n in range(60)]
        for url in urls:
            server.answers(url, reply(200, b"x"))
        results = fetcher_of(server, TurnedClock(), concurrency=4).fetch_all(requests(*urls))
        next(results)
        settled = threading.Event()
        while not settled.wait(0.05):  # until no more requests arrive
            before = len(server.seen)
            settled.wait(0.1)
            if len(server.seen) == before:
                settled.set()
        assert len(server.seen) <= 1 + 4 + 4
        assert len(list(results)) == 59


def test_closing_early_breaks_off_what_is_in_flight() -> None:
    with RecordingServer() as server:
        server.answers("http://quick.test/", reply(200, b"x"))
        asked = threading.Barrier(6, timeout=10)

        def never(seen: Seen) -> Iterator[bytes]:
            asked.wait()
            yield from server.silence(b"HTTP/1.1 200 OK\r\n")

        silent = [f"http://{n}.test/" for n in range(5)]
        waiting = [f"http://{n}.test/more" for n in range(5)]
        for url in silent:
            server.answers(url, never)
        fetcher = fetcher_of(server, TurnedClock(), timeout_s=60.0)
        results = fetcher.fetch_all(requests(*silent, "http://quick.test/", *waiting))
        request, _ = next(results)
        assert request.url == "http://quick.test/"
        asked.wait()
        results.close()  # type: ignore[attr-defined]
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("fetch")]
        assert len(server.seen) == 6


def test_slow_hosts_get_all_threads_there_may_be() -> None:
    with RecordingServer(latency_s=0.05) as server:
        results = fetcher_of(server, TurnedClock()).fetch_all(
            requests(*(f"http://{n}.test/" for n in range(120)))
        )
        started = {
            thread.name
            for _ in results
            for thread in threading.enumerate()
            if thread.name.startswith("fetch")
        }
    assert len(started) == POLICY.concurrency


def test_threads_are_started_only_where_nothing_comes() -> None:
    outbox: Outbox[int] = Outbox(room=4)
    outbox.join()
    for number in range(4):
        outbox.put(number)
    asked = 0

    def starved() -> bool:
        nonlocal asked
        asked += 1
        if asked == 3:
            outbox.put(4)
            outbox.leave()
        return asked < 3

    taken = outbox.taken(starved)
    assert [next(taken) for _ in range(4)] == [0, 1, 2, 3]
    assert asked == 0
    assert list(taken) == [4]
    assert asked == 3


def test_a_host_is_spaced_over_two_calls_of_one_fetcher() -> None:
    clock = TurnedClock()
    with RecordingServer(clock=clock) as server:
        fetcher = fetcher_of(server, clock)
        for _ in range(2):
            list(fetcher.fetch_all(requests("http://a.test/")))
        first, second = (seen.at for seen in server.seen)
        assert first and second
        assert (second - first).total_seconds() >= 2


def test_two_calls_side_by_side_never_meet_at_a_host() -> None:
    with RecordingServer(latency_s=0.02) as server:
        fetcher = fetcher_of(server, TurnedClock(), host_delay_s=0.0)
        urls = [f"http://{n % 3}.test/{n}" for n in range(12)]
        threads = [
            threading.Thread(target=lambda: list(fetcher.fetch_all(requests(*urls))))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(server.seen) == 24
        assert all(server.most_at_once[f"{n}.test"] == 1 for n in range(3))


def test_a_redirect_waits_its_turn_at_the_host_it_leads_to() -> None:
    clock = TurnedClock()
    with RecordingServer(clock=clock) as server:
        for n in range(3):
            server.answers(f"http://{n}.test/", reply(302, location=f"http://hub.test/{n}"))
            server.answers(f"http://hub.test/{n}", reply(200, b"x"))
        came = list(fetcher_of(server, clock).fetch_all(
            requests(*(f"http://{n}.test/" for n in range(3)))
        ))  # fmt: skip
        assert all(isinstance(response, Response) for _, response in came)
        at = sorted(seen.at for seen in server.seen if seen.host == "hub.test" and seen.at)
        assert [(b - a).total_seconds() for a, b in pairwise(at)] == [2, 2]


def test_http_and_https_of_a_name_are_one_host() -> None:
    """Nothing listens for TLS here: only the times matter."""
    clock = TurnedClock()
    with RecordingServer(clock=clock) as server:
        fetcher = fetcher_of(server, clock, timeout_s=0.3)
        list(fetcher.fetch_all(requests("http://a.test/", "https://a.test/")))
        assert server.most_at_once["a.test"] <= 1


def test_a_connection_serves_the_next_request_of_its_host() -> None:
    with RecordingServer() as server:
        urls = [f"http://a.test/{n}" for n in range(5)]
        for url in urls:
            server.answers(url, reply(200, b"x"))
        list(fetcher_of(server, TurnedClock()).fetch_all(requests(*urls)))
        assert server.connections == 1


def test_a_clock_set_back_an_hour_holds_nobody_up() -> None:
    clock = TurnedClock()
    with RecordingServer(clock=clock) as server:
        fetcher = fetcher_of(server, clock)
        list(fetcher.fetch_all(requests("http://a.test/")))
        clock.advance(hours=-1)
        clock.slept.clear()
        list(fetcher.fetch_all(requests("http://a.test/")))
        assert sum(clock.slept) <= 2


@given(
    hosts=st.lists(st.integers(0, 4), min_size=1, max_size=15),
    concurrency=st.integers(1, 6),
    delay=st.sampled_from([0.0, 1.0, 2.5, 0.01]) | st.floats(0, 3),
)
@settings(max_examples=25, deadline=None)
def test_every_request_is_answered_once_one_at_a_time_and_spaced(
    hosts: list[int], concurrency: int, delay: float
) -> None:
    clock = TurnedClock()
    with RecordingServer(clock=clock) as server:
        asked = requests(*(f"http://{host}.test/{n}" for n, host in enumerate(hosts)))
        fetcher = fetcher_of(server, clock, concurrency=concurrency, host_delay_s=delay)
        came = [request for request, _ in fetcher.fetch_all(asked)]
        assert sorted(came, key=str) == sorted(asked, key=str)
        for host in set(hosts):
            assert server.most_at_once[f"{host}.test"] == 1
            at = [seen.at for seen in server.seen if seen.host == f"{host}.test" and seen.at]
            gaps = [(b - a).total_seconds() for a, b in pairwise(at)]
            assert all(gap >= delay - 1e-5 for gap in gaps)  # a datetime holds microseconds


def test_a_bug_in_the_memory_of_hosts_is_raised_and_not_swallowed() -> None:
    class Broken:
        def get(self, host: str) -> None:
            raise LookupError(host)

        def put(self, record: object) -> None: ...

    with RecordingServer() as server:
        fetcher = HttpFetcher(POLICY, TurnedClock(), version="1", hosts=Broken(),
                              resolve=server.resolve)  # fmt: skip
        with pytest.raises(LookupError):
            list(fetcher.fetch_all(requests("http://a.test/")))


def test_a_failure_names_the_hop_it_happened_at() -> None:
    with RecordingServer() as server:
        server.answers("http://a.test/", reply(302, location="http://b.test/x"))
        server.answers("http://b.test/x", b"")
        [(_, came)] = fetcher_of(server, TurnedClock()).fetch_all(requests("http://a.test/"))
    assert isinstance(came, Failure)
    assert (came.url, came.reason) == ("http://b.test/x", "connect")
    assert [(hop.url, hop.status) for hop in came.hops] == [("http://a.test/", 302)]
