"""C-1 to C-13: validators and caching, poll by poll against a recording server."""

from dataclasses import replace

import pytest

from tests.conformance.server import reply
from tests.conformance.world import POLICY, URL, Watch, feed_reply, rss, watching

DATE = "Mon, 02 Mar 2026 07:00:00 GMT"


def test_c01_the_first_poll_is_one_plain_get() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1, etag='"1"', last_modified=DATE))
        assert watch.poll().outcome == "entries"
        [seen] = watch.server.seen
    assert seen.method == "GET"
    assert not seen.conditional


@pytest.mark.parametrize(
    "etag",
    ['"1"', 'W/"1"', '"a,b, c"', "unquoted", '"Ã¼"', '""', "W/unquoted", '"a""b"', '"â\x82¬"'],
)
@pytest.mark.parametrize("modified", [DATE, "yesterday at noon", "2026-03-02T07:00:00Z"])
def test_c02_the_next_poll_echoes_validators_byte_for_byte(etag: str, modified: str) -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1, etag=etag, last_modified=modified), reply(304))
        watch.poll()
        assert watch.wait_and_poll().outcome == "unchanged"
        assert f"if-none-match: {etag}\r\n".encode("latin-1") in watch.last.raw
        assert f"if-modified-since: {modified}\r\n".encode("latin-1") in watch.last.raw


def test_c03_both_validators_received_are_both_sent() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1, etag='"1"', last_modified=DATE))
        watch.poll()
        watch.wait_and_poll()
        assert watch.last.headers["if-none-match"] == '"1"'
        assert watch.last.headers["if-modified-since"] == DATE


def test_c02_validators_are_never_made_up() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1, date=DATE), feed_reply(1, 2, last_modified=DATE))
        watch.poll()
        watch.wait_and_poll()
        assert not watch.last.conditional
        watch.wait_and_poll()
        assert watch.last.headers["if-modified-since"] == DATE
        assert "if-none-match" not in watch.last.headers


def test_c04_a_new_etag_beside_the_same_date_is_taken_over() -> None:
    with watching() as watch:
        watch.server.answers(
            URL,
            feed_reply(1, etag='"1"', last_modified=DATE),
            feed_reply(1, 2, etag='"2"', last_modified=DATE),
        )
        watch.poll()
        watch.wait_and_poll()
        watch.wait_and_poll()
        assert watch.last.headers["if-none-match"] == '"2"'


def test_c05_an_identical_body_brings_its_new_validators() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1, etag='"1"'), feed_reply(1, etag='"2"'))
        watch.poll()
        assert watch.wait_and_poll().outcome == "unchanged"
        watch.wait_and_poll()
        assert watch.last.headers["if-none-match"] == '"2"'


def test_c06_a_200_without_validators_makes_the_next_poll_unconditional() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1, etag='"1"'), feed_reply(1, 2), feed_reply(1, 2))
        for _ in range(2):
            watch.poll()
        watch.wait_and_poll()
        assert not watch.last.conditional


def test_c07_a_304_renews_what_it_names_and_keeps_the_rest() -> None:
    with watching() as watch:
        watch.server.answers(
            URL,
            feed_reply(1, etag='"1"', last_modified=DATE, cache_control="max-age=7200"),
            reply(304, etag='"2"'),
            reply(304),
        )
        watch.poll()
        watch.wait_and_poll()
        assert watch.memory.cache_control == "max-age=7200"
        assert watch.wait().total_seconds() >= 7200
        watch.wait_and_poll()
        assert watch.last.headers["if-none-match"] == '"2"'
        assert watch.last.headers["if-modified-since"] == DATE
        watch.wait_and_poll()
        assert watch.last.headers["if-none-match"] == '"2"'


def test_c08_a_manual_refresh_is_conditional_too() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1, etag='"1"'), reply(304))
        watch.poll()
        watch.clock.advance(seconds=10)
        watch.poll()
        assert watch.last.headers["if-none-match"] == '"1"'


def test_c09_validators_stay_with_the_url_that_issued_them() -> None:
    with watching() as watch:
        watch.server.answers(
            URL,
            reply(302, location="http://b.test/feed"),
            reply(302, location="http://b.test/feed"),
            reply(302, location="http://c.test/feed"),
        )
        watch.server.answers("http://b.test/feed", feed_reply(1, etag='"b"'), reply(304))
        watch.server.answers("http://c.test/feed", feed_reply(1, 2, etag='"c"'))
        watch.poll()
        assert watch.wait_and_poll().outcome == "unchanged"
        assert watch.server.asked("http://b.test/feed")[1].headers["if-none-match"] == '"b"'
        assert watch.wait_and_poll().outcome == "entries"
        assert not watch.server.asked("http://c.test/feed")[0].conditional
        assert not any(seen.conditional for seen in watch.server.asked(URL))


def broken_bodies() -> list[object]:
    return [
        pytest.param(reply(200, b"<html>Oops</html>", etag='"bad"'), id="a web page"),
        pytest.param(reply(200, rss(1, 2)[:-60], etag='"bad"'), id="a feed cut short"),
        pytest.param(reply(200, b"", etag='"bad"'), id="nothing"),
        pytest.param(
            reply(200, rss(1, 2)[:90], etag='"bad"', content_length="9000"), id="a broken-off body"
        ),
    ]


@pytest.mark.parametrize("bad", broken_bodies())
def test_c10_a_bad_body_replaces_no_validators_and_is_asked_for_whole_once_a_day(
    bad: bytes,
) -> None:
    # what is broken off is waited for, at each of four polls
    with watching(policy=replace(POLICY, timeout_s=2)) as watch:
        watch.server.answers(URL, feed_reply(1, etag='"good"'), bad)
        watch.poll()
        watch.wait_and_poll()
        assert watch.memory.etag == '"good"'
        begun = watch.clock.now()
        watch.watch(hours=23.9 - (watch.clock.now() - begun).total_seconds() / 3600)
        after = watch.server.seen[2:]
        unconditional = [seen for seen in after if not seen.conditional]
        assert len(unconditional) <= 1
        assert all(seen.headers["if-none-match"] == '"good"' for seen in after if seen.conditional)


@pytest.mark.parametrize(
    ("headers", "least_minutes"),
    [
        pytest.param({"cache_control": "max-age=10800"}, 180, id="max-age"),
        pytest.param({"cache_control": "max-age=10800", "age": "3600"}, 120, id="less its age"),
        pytest.param({"cache_control": 'Max-Age="10800"'}, 180, id="quoted and capitalised"),
        pytest.param(
            {"date": DATE, "expires": "Mon, 02 Mar 2026 10:00:00 GMT"}, 180, id="Expires less Date"
        ),
        pytest.param(
            {
                "cache_control": "max-age=7200",
                "date": DATE,
                "expires": "Mon, 02 Mar 2026 20:00:00 GMT",
            },
            120,
            id="max-age beats Expires",
        ),
        pytest.param({"cache_control": "max-age=99999999"}, 1440, id="a year is a day"),
    ],
)
def test_c11_no_request_while_the_answer_is_fresh(
    headers: dict[str, str], least_minutes: float
) -> None:
    for answer in (feed_reply(1, etag='"1"', **headers), reply(304, **headers)):
        with watching() as watch:
            watch.server.answers(URL, feed_reply(1, etag='"1"'), answer)
            watch.poll()
            watch.wait_and_poll()
            wait = watch.wait().total_seconds() / 60
            assert least_minutes <= wait <= max(least_minutes * 1.01, 100)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"expires": "0", "date": DATE}, id="Expires 0"),
        pytest.param({"expires": "-1", "date": DATE}, id="Expires -1"),
        pytest.param({"expires": "soon", "date": DATE}, id="Expires is no date"),
        pytest.param({"expires": "Mon, 02 Mar 2026 20:00:00 GMT"}, id="no Date"),
        pytest.param({"cache_control": "max-age=86400, no-cache"}, id="no-cache"),
        pytest.param({"cache_control": "max-age=many"}, id="max-age is no number"),
        pytest.param({"cache_control": "max-age=3600", "age": "9999"}, id="older than max-age"),
    ],
)
def test_c11_stale_is_polled_at_the_feeds_own_interval(headers: dict[str, str]) -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1, etag='"1"', **headers))
        watch.poll()
        assert 54 <= watch.wait().total_seconds() / 60 <= 66


def test_c11_no_store_keeps_no_validators() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1, etag='"1"', cache_control="no-store"))
        watch.poll()
        watch.wait_and_poll()
        assert not watch.last.conditional


def lying(watch: Watch, *, every_h: float, days: int) -> list[bool]:
    """Watch a server that answers 304 for ever; return which polls were conditional."""
    body = rss(*range(20), newest=watch.clock.now(), every_h=every_h)
    watch.server.answers(URL, reply(200, body, etag='"1"'), reply(304))
    watch.watch(hours=24 * days)
    return [seen.conditional for seen in watch.server.seen[1:]]


def test_c12_a_304_that_lasts_a_day_is_doubted_once_a_day_for_a_busy_feed() -> None:
    with watching() as watch:
        conditional = lying(watch, every_h=1, days=5)
    assert 3 <= conditional.count(False) <= 4
    assert conditional.count(True) > 10


def test_c12_a_304_is_believed_of_a_feed_that_publishes_seldom() -> None:
    with watching() as watch:
        assert all(lying(watch, every_h=30, days=5))


def test_c13_the_same_body_again_is_neither_parsed_nor_stored() -> None:
    with watching() as watch:
        watch.server.answers(URL, feed_reply(1))
        watch.poll()
        first_ok = watch.memory.last_ok_at
        assert watch.wait_and_poll().outcome == "unchanged"
        assert watch.parsed == 1
        assert watch.memory.last_ok_at != first_ok
