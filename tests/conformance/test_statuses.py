"""C-21 to C-27: what each status means for a feed, over days of a turned clock."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from pipeline.adapters.http import HttpFetcher
from pipeline.models.pages import Failure, Request, Response
from pipeline.steps import freshness
from pipeline.steps.health import health
from tests.conformance.server import RecordingServer, reply
from tests.conformance.world import POLICY, URL, Watch, feed_reply, watching
from tests.fakes import TurnedClock

ELSEWHERE = "http://b.test/feed"


@pytest.mark.parametrize("status", [301, 308])
def test_c21_a_permanent_move_is_believed_after_three_sightings_over_a_day(status: int) -> None:
    with watching() as watch:
        watch.server.answers(URL, reply(status, location=ELSEWHERE))
        watch.server.answers(ELSEWHERE, feed_reply(1, etag='"b"'), reply(304))
        begun = watch.clock.now()
        assert watch.poll().outcome == "entries"  # followed now
        while watch.feed.url == URL:
            watch.wait_and_poll()
        taken_over = watch.clock.now()
        assert (taken_over - begun).total_seconds() >= 24 * 3600
        assert len(watch.server.asked(URL)) >= 3
        assert watch.updates[-1].report == f"moved for good from {URL} to {ELSEWHERE}"
        watch.wait_and_poll()
        assert watch.last.url == ELSEWHERE
        assert watch.last.headers["if-none-match"] == '"b"'
        assert watch.server.seen[-2].url == ELSEWHERE  # the old address is not asked any more


@pytest.mark.parametrize("status", [302, 303, 307])
def test_c21_a_temporary_redirect_is_followed_and_never_stored(status: int) -> None:
    with watching() as watch:
        watch.server.answers(URL, reply(status, location=ELSEWHERE))
        watch.server.answers(ELSEWHERE, feed_reply(1))
        watch.watch(hours=96)
        assert watch.feed.url == URL
        assert watch.memory.moved_to is None


def test_c21_a_permanent_move_to_something_that_is_no_feed_is_not_believed() -> None:
    with watching() as watch:
        watch.server.answers(URL, reply(301, location="http://b.test/"))
        watch.server.answers("http://b.test/", reply(200, b"<html>Parked</html>"))
        watch.watch(hours=96)
        assert watch.feed.url == URL


def test_c21_the_permanent_part_of_a_chain_is_what_counts() -> None:
    with watching() as watch:
        watch.server.answers(URL, reply(301, location=ELSEWHERE))
        watch.server.answers(ELSEWHERE, reply(302, location="http://cdn.test/x"))
        watch.server.answers("http://cdn.test/x", feed_reply(1))
        watch.poll()
        assert watch.memory.moved_to == ELSEWHERE


def test_c21_another_target_starts_the_count_anew() -> None:
    with watching() as watch:
        watch.server.answers(
            URL, reply(301, location=ELSEWHERE), reply(301, location="http://c.test/feed")
        )
        watch.server.answers(ELSEWHERE, feed_reply(1))
        watch.server.answers("http://c.test/feed", feed_reply(1))
        watch.poll()
        watch.wait_and_poll()
        assert (watch.memory.moved_to, watch.memory.moved_times) == ("http://c.test/feed", 1)


def test_c21_a_loop_stops_at_the_first_repeat() -> None:
    with watching() as watch:
        watch.server.answers(URL, reply(302, location=ELSEWHERE))
        watch.server.answers(ELSEWHERE, reply(302, location=URL))
        assert watch.poll().memory.trouble == "redirects"
        assert len(watch.server.seen) == 2


def test_c21_five_hops_are_followed_and_a_sixth_is_not() -> None:
    with watching() as watch:
        for n in range(6):
            watch.server.answers(f"http://a.test/{n}", reply(302, location=f"/{n + 1}"))
        watch.server.answers("http://a.test/6", feed_reply(1))
        fetcher, policy = watch.fetcher, Request("http://a.test/1", kind="feed")
        [(_, five)] = fetcher.fetch_all([policy])
        [(_, six)] = fetcher.fetch_all([Request("http://a.test/0", kind="feed")])
    assert isinstance(five, Response)
    assert [hop.url[-1] for hop in five.hops] == ["1", "2", "3", "4", "5"]
    assert isinstance(six, Failure)
    assert six.reason == "redirects"


def test_c22_two_410_a_day_apart_end_a_feed_and_say_so() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1), reply(410))
        watch.poll()
        watch.watch(hours=23)
        assert watch.memory.status == "active"
        asked = watch.watch(hours=72)
        assert watch.memory.status == "gone"
        assert [update.report for update in watch.updates if update.report]
        assert "gone for good" in watch.updates[-1].report
        assert asked <= 2
        assert not freshness.due(watch.memory, now=watch.clock.now(), force=True)
        assert health(watch.feed, now=watch.clock.now()).act


def test_c22_a_404_is_a_soft_failure_and_one_success_forgets_it() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1), reply(404), reply(404), feed_reply(1, 2))
        for _ in range(3):
            watch.poll()
        assert (watch.memory.status, watch.memory.failures) == ("active", 2)
        assert watch.poll().outcome == "entries"
        assert (watch.memory.failures, watch.memory.failing_since) == (0, None)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("wish", "least_h", "most_h"),
    [
        pytest.param("7200", 2, 2.2, id="in seconds"),
        pytest.param("date+5", 5, 5.2, id="as a date"),
        pytest.param("864000", 168, 168.1, id="ten days are seven"),
        pytest.param("999999999999999999999", 168, 168.1, id="for ever is seven days"),
        pytest.param("date+87600", 168, 168.1, id="ten years are seven days"),
        pytest.param(None, 1, 1.2, id="without a wish an hour"),
        pytest.param("later", 1, 1.2, id="nonsense is no wish"),
        pytest.param("date-5", 1, 1.2, id="the past is no wish"),
    ],
)
def test_c23_no_request_before_the_server_wants_one(
    status: int, wish: str | None, least_h: float, most_h: float
) -> None:
    with watching() as watch:
        if wish and wish.startswith("date"):
            moment = watch.clock.advance()
            hours = float(wish.removeprefix("date"))
            wish = format_datetime(moment + timedelta(hours=hours), usegmt=True)
        watch.server.answers(URL, reply(status, retry_after=wish))
        watch.poll()
        assert least_h <= watch.wait().total_seconds() / 3600 <= most_h
        just_before = watch.clock.advance(seconds=least_h * 3600 - 5)
        assert not freshness.due(watch.memory, now=just_before, force=True)


def test_c23_without_a_wish_the_pause_doubles() -> None:
    with watching() as watch:
        watch.server.answers(URL, reply(503))
        watch.poll()
        waits = []
        for _ in range(7):
            waits.append(round(watch.wait().total_seconds() / 3600))
            watch.wait_and_poll()
    assert waits == [1, 2, 4, 8, 16, 24, 24]


def test_c24_eight_hours_of_404_bring_at_most_four_requests() -> None:
    with watching() as watch:
        watch.server.answers(URL, reply(404))
        assert watch.watch(hours=8) <= 4


def test_c24_failures_back_off_to_a_day_then_a_week_and_never_stop() -> None:
    with watching() as watch:
        watch.server.answers(URL, reply(500))
        watch.poll()
        waits = []
        for _ in range(30):
            waits.append(watch.wait().total_seconds() / 3600)
            watch.wait_and_poll()
        assert [round(wait) for wait in waits[:4]] == pytest.approx([2, 4, 8, 16], rel=0.15)
        assert max(waits[4:10]) <= 24
        assert waits[-1] == 168
        watch.server.answers(URL, feed_reply(1))
        watch.wait_and_poll()
        assert watch.wait().total_seconds() / 3600 <= 1.1


def test_c24_a_dead_feed_is_reported_once_after_a_day() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1), reply(500))
        watch.poll()
        watch.watch(hours=24)
        assert not [update for update in watch.updates if update.report]
        watch.watch(hours=24 * 20)
        reports = [update.report for update in watch.updates if update.report]
    assert len(reports) == 1
    assert "HTTP 500" in reports[0]


@pytest.mark.parametrize("status", [401, 403])
def test_c25_a_refusal_is_not_argued_with(status: int) -> None:
    with watching() as watch:
        watch.server.answers(URL, reply(status))
        watch.poll()
        assert len(watch.server.seen) == 1
        assert watch.memory.status == "active"
        assert watch.wait().total_seconds() > 3600


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(reply(403, b"<html>", cf_mitigated="challenge"), id="403"),
        pytest.param(reply(503, b"<html>", cf_mitigated="challenge"), id="503"),
        pytest.param(reply(200, b"<html>", cf_mitigated="challenge"), id="200"),
        pytest.param(reply(202, b"", x_amzn_waf_action="challenge"), id="another wall's 202"),
    ],
)
def test_c25_a_challenge_is_a_state_of_its_own(answer: bytes) -> None:
    with watching() as watch:
        watch.server.answers(URL, answer, feed_reply(1))
        watch.poll()
        assert watch.memory.status == "challenged"
        assert health(watch.feed, now=watch.clock.now()).state == "challenged"
        watch.wait_and_poll()
        assert watch.memory.status == "active"


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        pytest.param(reply(200, b"<!doctype html><title>Hi</title>"), "html", id="a web page"),
        pytest.param(reply(200, b""), "empty", id="nothing"),
        pytest.param(reply(200, b" \r\n"), "empty", id="blanks"),
        pytest.param(reply(200, b"\x89PNG\r\n\x1a\n" + bytes(200)), "parse", id="a picture"),
        pytest.param(reply(200, b'{"error": 1}'), "parse", id="JSON of another kind"),
        pytest.param(reply(204), "http_204", id="204"),
        pytest.param(reply(206, b"<rss>"), "http_206", id="a part"),
        pytest.param(reply(301), "http_301", id="a redirect to nowhere"),
        pytest.param(reply(304), "protocol", id="304 to the first poll"),
    ],
)
def test_c26_what_is_no_feed_is_a_failure_and_not_an_empty_feed(
    answer: bytes, trouble: str
) -> None:
    with watching() as watch:
        watch.server.answers(URL, answer)
        update = watch.poll()
        assert (update.outcome, update.memory.trouble) == ("failed", trouble)
        assert update.memory.last_error


def test_c26_a_working_feed_keeps_its_validators_through_it() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1, etag='"1"'), reply(200, b"<html></html>"))
        watch.poll()
        before = watch.memory
        watch.wait_and_poll()
        assert watch.memory.etag == before.etag
        assert watch.memory.body_hash == before.body_hash


def fetch_one_after_another(statuses: dict[str, int], urls: list[str]) -> tuple[int, list[object]]:
    clock = TurnedClock()
    with RecordingServer(clock=clock) as server:
        for url in urls:
            status = statuses.get(url, 200)
            server.answers(url, feed_reply(1) if status == 200 else reply(status))
        fetcher = HttpFetcher(POLICY, clock, version="1.0", resolve=server.resolve)
        requests = [Request(url, kind="feed") for url in urls]
        came = {request.url: came for request, came in fetcher.fetch_all(requests)}
        return len(server.seen), [came[url] for url in urls]


URLS = [f"http://a.test/{n}" for n in range(4)]


def test_c27_two_urls_with_429_pause_the_whole_host() -> None:
    asked, came = fetch_one_after_another({URLS[0]: 429, URLS[1]: 429}, URLS)
    assert asked == 2
    for failure in came[2:]:
        assert isinstance(failure, Failure)
        assert failure.reason == "paused"
        assert failure.retry_at is not None


@pytest.mark.parametrize(
    "statuses",
    [
        pytest.param({URLS[0]: 429}, id="one URL with 429"),
        pytest.param({URLS[0]: 503, URLS[1]: 503}, id="two with 503"),
        pytest.param({URLS[0]: 500, URLS[1]: 502, URLS[2]: 429}, id="5xx beside one 429"),
    ],
)
def test_c27_anything_less_pauses_its_url_alone(statuses: dict[str, int]) -> None:
    asked, _ = fetch_one_after_another(statuses, URLS)
    assert asked == len(URLS)


def test_c27_a_pause_of_the_host_is_no_failure_of_the_feed() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1, etag='"1"'))
        watch.poll()
        before = watch.memory
        now = watch.clock.now()
        asked = freshness.request(watch.feed, now=now)
        until = watch.clock.advance(hours=2)
        update = Watch.decide(watch, asked, Failure(URL, "paused", "host", retry_at=until))
    assert update.outcome == "paused"
    assert (update.memory.failures, update.memory.etag) == (0, before.etag)
    assert update.memory.next_poll_at == until
