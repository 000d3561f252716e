"""C-14 to C-20: how often a feed is asked, how hosts are spared, when an answer is given up."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from pipeline.adapters.http import HttpFetcher
from pipeline.models.feeds import Feed, FeedMemory, FeedOptions, FeedSource
from pipeline.models.pages import Failure, Request
from pipeline.steps import freshness, intervals
from tests.conformance.server import RecordingServer, Seen, reply
from tests.conformance.world import POLICY, URL, Watch, feed_reply, rss, watching
from tests.fakes import TurnedClock

MINUTE = 60.0


def minutes(wait: timedelta) -> float:
    return wait.total_seconds() / 60


@pytest.mark.parametrize(
    ("configured_s", "own_s", "least", "most"),
    [
        pytest.param(3600, None, 54, 66, id="an hour by default"),
        pytest.param(60, None, 5, 5.5, id="never below five minutes for all feeds"),
        pytest.param(3600, 1, 5, 5.5, id="never below five minutes for one feed"),
        pytest.param(3600, 7200, 108, 132, id="a feed's own interval"),
    ],
)
def test_c14_the_interval_is_an_hour_and_never_under_five_minutes(
    configured_s: int, own_s: int | None, least: float, most: float
) -> None:
    policy = replace(POLICY, interval_s=configured_s)
    with RecordingServer() as server:
        server.answers(URL, feed_reply(1))
        watch = Watch(server, TurnedClock(), policy=policy, options=FeedOptions(interval_s=own_s))
        watch.poll()
        assert least <= minutes(watch.wait()) <= most


@pytest.mark.parametrize(
    ("validates", "floor"), [(True, 15), (False, 60)], ids=["after a 304", "without one"]
)
def test_c14_a_busy_feed_is_polled_more_often_down_to_the_floor(
    validates: bool, floor: float
) -> None:
    memory = FeedMemory(validates=validates, last_polled_at=TurnedClock().now())
    source = FeedSource(URL)
    clock = TurnedClock()
    for _ in range(6):
        now = clock.advance(hours=1)
        memory = replace(memory, next_poll_at=now)
        interval = intervals.adapted(source, memory, known=0.0, now=now, policy=POLICY)
        memory = replace(memory, interval_s=int(interval.total_seconds()))
    assert memory.interval_s == floor * MINUTE


@pytest.mark.parametrize(
    ("hint", "least", "most"),
    [
        pytest.param("<ttl>240</ttl>", 216, 264, id="ttl lengthens"),
        pytest.param("<ttl>2</ttl>", 54, 66, id="ttl does not shorten"),
        pytest.param("<ttl>100000</ttl>", 1296, 1440, id="ttl of two months is a day"),
        pytest.param(
            "<skipHours><hour>8</hour><hour>9</hour><hour>10</hour></skipHours>",
            174,
            186,
            id="skipHours, by GMT",
        ),
        pytest.param("<skipDays><day>Monday</day></skipDays>", 960, 1080, id="skipDays"),
    ],
)
def test_c15_the_publishers_hints_lengthen_the_interval_only(
    hint: str, least: float, most: float
) -> None:
    with watching() as watch:  # it is Monday, 08:00 GMT
        watch.server.answers(URL, reply(200, rss(1, extra=hint), etag='"1"'), reply(304))
        watch.poll()
        assert least <= minutes(watch.wait()) <= most
        assert (
            watch.memory.hint_interval_s is not None
            or watch.memory.skip_hours
            or (watch.memory.skip_days or "<ttl>2<" in hint)
        )


def test_c15_skipping_every_hour_there_is_waits_a_day() -> None:
    now = TurnedClock().now()
    memory = FeedMemory(skip_hours=tuple(range(24)))
    day = now + timedelta(hours=24)
    assert intervals.unskipped(now + timedelta(hours=1), memory, latest=day) == day


def learnt(watch: Watch) -> list[int]:
    """Poll five times on time; return the intervals learnt."""
    watch.poll()
    intervals_s = []
    for _ in range(5):
        watch.wait_and_poll()
        intervals_s.append(watch.memory.interval_s)
    return intervals_s


def test_c16_a_feed_that_brings_mostly_known_entries_is_polled_less() -> None:
    with watching() as watch:
        many = range(20)
        watch.server.answers(URL, *(feed_reply(n, *many) for n in range(100, 120)))
        found = learnt(watch)
    assert found == sorted(found)
    assert found[0] > 3600
    assert found[-1] <= 24 * 3600


def test_c16_a_feed_that_brings_mostly_new_entries_is_polled_more() -> None:
    with watching() as watch:
        bodies = [feed_reply(*range(n, n + 20), etag=f'"{n}"') for n in range(0, 200, 20)]
        watch.server.answers(URL, bodies[0], reply(304), *bodies[1:])
        found = learnt(watch)
    assert found[-1] == 15 * 60


def test_c16_polls_that_are_not_on_time_teach_nothing() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(*range(20)))
        watch.poll()
        for seconds in (1, 30 * 3600, 60):
            watch.clock.advance(seconds=seconds)
            watch.poll()
        assert watch.memory.interval_s == 3600


def test_c16_a_quiet_night_does_not_make_an_hourly_feed_a_daily_one() -> None:
    with watching() as watch:
        body = rss(*range(30), newest=watch.clock.now(), every_h=1)
        watch.server.answers(URL, reply(200, body, etag='"1"'), reply(304))
        watch.watch(hours=12)
        assert watch.memory.interval_s <= 2 * 3600


def test_c17_feeds_added_together_spread_over_a_tenth_of_the_interval() -> None:
    now = TurnedClock().now()
    waits = sorted(
        (
            intervals.after_success(
                FeedSource(f"http://{n}.test/feed"),
                FeedMemory(),
                fresh=timedelta(0),
                interval=timedelta(hours=1),
                now=now,
                policy=POLICY,
            )
            - now
        ).total_seconds()
        for n in range(100)
    )
    assert waits[-1] - waits[0] >= 0.1 * 3600
    assert waits[0] >= 0.9 * 3600 - 1
    assert waits[-1] <= 1.1 * 3600 + 1
    assert max(b - a for a, b in pairwise(waits)) < 60


def test_c17_ten_restarts_in_ten_minutes_cause_no_poll() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1))
        watch.poll()
        for _ in range(10):
            now = watch.clock.advance(minutes=1)
            assert not freshness.due(watch.memory, now=now)
        assert len(watch.server.seen) == 1


def fetch_spaced(*urls: str, kind: str = "feed", robots: str = "", **policy: object) -> list[Seen]:
    """Fetch addresses in one call; return the requests with their times by the clock."""
    clock = TurnedClock()
    with RecordingServer(clock=clock) as server:
        for url in urls:
            server.answers(url, feed_reply(1))
        hosts = {url.split("/")[2] for url in urls}
        for host in hosts:
            server.answers(f"http://{host}/robots.txt", reply(200, robots.encode()))
        fetcher = HttpFetcher(
            replace(POLICY, **policy),  # type: ignore[arg-type]
            clock,
            version="1.0",
            resolve=server.resolve,
        )
        requests = [Request(url, kind=kind) for url in urls]  # type: ignore[arg-type]
        assert len(list(fetcher.fetch_all(requests))) == len(urls)
        assert all(server.most_at_once[host] == 1 for host in hosts)
        return list(server.seen)


def starts(seen: list[Seen], host: str) -> list[float]:
    first = seen[0].at
    return [(s.at - first).total_seconds() for s in seen if s.host == host and s.at and first]


@pytest.mark.parametrize(
    ("policy", "delay"),
    [
        pytest.param({}, 2, id="two seconds by default"),
        pytest.param({"host_delay_s": 7.0}, 7, id="as configured"),
        pytest.param({"host_delays": (("a.test", 11.0),)}, 11, id="as configured for the host"),
    ],
)
def test_c18_starts_on_one_host_are_spaced(policy: dict[str, object], delay: float) -> None:
    seen = fetch_spaced(*(f"http://a.test/{n}" for n in range(4)), **policy)
    found = starts(seen, "a.test")
    assert [b - a for a, b in pairwise(found)] == [delay] * 3


@pytest.mark.parametrize(
    ("robots", "delay"),
    [
        pytest.param("User-agent: *\nCrawl-delay: 30", 30, id="as asked"),
        pytest.param("User-agent: *\nCrawl-delay: 9000", 120, id="at most two minutes"),
        pytest.param("User-agent: *\nCrawl-delay: 0.5", 2, id="never below our own"),
    ],
)
def test_c18_crawl_delay_spaces_pages(robots: str, delay: float) -> None:
    urls = [f"http://a.test/{n}" for n in range(3)]
    found = starts(fetch_spaced(*urls, kind="page", robots=robots), "a.test")[1:]
    assert [b - a for a, b in pairwise(found)] == [delay] * 2


def test_c18_a_slow_host_keeps_no_other_waiting() -> None:
    """Each of ten hosts answers only when all ten have been asked."""
    everyone = threading.Barrier(10, timeout=20)

    def together(seen: Seen) -> bytes:
        everyone.wait()
        return feed_reply(1)

    with RecordingServer() as server:
        urls = [f"http://{n}.test/feed" for n in range(10)]
        for url in urls:
            server.answers(url, together)
        fetcher = HttpFetcher(POLICY, TurnedClock(), version="1.0", resolve=server.resolve)
        came = [came for _, came in fetcher.fetch_all(Request(url, kind="feed") for url in urls)]
        assert not [failure for failure in came if isinstance(failure, Failure)]
        assert server.most_at_once[""] == 10


@pytest.mark.parametrize("part", ["headers", "body", "nothing at all"])
def test_c19_a_slow_answer_ends_at_the_deadline(part: str) -> None:
    with watching(policy=replace(POLICY, timeout_s=0.3)) as watch:
        whole = feed_reply(1, etag='"1"')
        cut = {"headers": 0, "body": whole.index(b"\r\n\r\n") + 4, "nothing at all": 0}[part]

        def slowly(seen: Seen) -> Iterator[bytes]:
            yield whole[:cut]
            if part == "nothing at all":
                yield from watch.server.silence()
            yield from watch.server.drip(whole[cut:])

        watch.server.answers(URL, slowly)
        update = watch.poll()
        assert update.outcome == "failed"
        assert update.memory.trouble == "timeout"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 500, 502])
def test_c20_nothing_is_tried_twice_within_a_poll(status: int) -> None:
    with watching() as watch:
        watch.server.answers(URL, reply(status))
        watch.poll()
        assert len(watch.server.seen) == 1


def test_c20_a_refused_connection_is_left_to_the_next_poll() -> None:
    with watching() as watch:
        watch.server.answers(URL, b"")  # closes without a word
        assert watch.poll().memory.trouble == "connect"
        assert len(watch.server.seen) == 1
        assert minutes(watch.wait()) > 60


def test_c20_the_user_agent_never_changes() -> None:
    with watching() as watch:
        watch.server.answers(URL, reply(403), reply(500), reply(406), feed_reply(1))
        for _ in range(4):
            watch.wait_and_poll() if watch.memory.next_poll_at else watch.poll()
        agents = {seen.headers["user-agent"] for seen in watch.server.seen}
    assert agents == {"chipwire/1.0 (+mailto:desk@example.org)"}


def test_due_a_new_feed_is_due_and_one_that_is_gone_never() -> None:
    now = TurnedClock().now()
    assert freshness.due(Feed(1, FeedSource(URL)).memory, now=now)
    assert not freshness.due(FeedMemory(status="gone"), now=now, force=True)
