"""Laws of the freshness decision: whatever comes, it decides, and never in a hurry."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.models.feeds import Feed, FeedMemory, FeedSource, ParsedFeed, ParseProblem, Poll
from pipeline.models.pages import Failure, Fetched, Request, Response
from pipeline.models.policies import FetchPolicy
from pipeline.steps import freshness
from pipeline.steps.cachecontrol import directives, fresh_for, may_remember
from pipeline.steps.refusals import http_date, pause_until, retry_after

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
URL = "http://a.test/feed"
POLICY = FetchPolicy()

header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30)
headers = st.dictionaries(
    st.sampled_from(
        ["etag", "last-modified", "cache-control", "expires", "date", "age", "retry-after",
         "content-type", "cf-mitigated"]
    ),
    header_text | st.sampled_from(["max-age=10", "max-age=99999999999", "no-store", "0", "-1",
                                   "Mon, 02 Mar 2026 09:00:00 GMT", "challenge"]),
)  # fmt: skip
responses = st.builds(
    Response,
    st.just(URL),
    st.sampled_from([200, 203, 204, 206, 301, 304, 400, 401, 403, 404, 410, 429, 500, 503, 999]),
    headers,
    st.sampled_from([b"", b"<html></html>", b"<rss/>", b"\x00"]),
)
failures = st.builds(
    Failure, st.just(URL), st.sampled_from(["dns", "timeout", "tls", "paused"]), st.text()
)
moments = st.none() | st.timedeltas(timedelta(days=-30), timedelta(days=8)).map(NOW.__add__)
memories = st.builds(
    FeedMemory,
    status=st.sampled_from(["active", "challenged"]),
    etag=st.none() | header_text,
    last_modified=st.none() | header_text,
    interval_s=st.integers(-5, 10**6),
    next_poll_at=moments,
    last_polled_at=moments,
    failures=st.integers(0, 2000),
    failing_since=moments,
    refusals=st.integers(0, 2000),
    gone_since=moments,
    only_304_since=moments,
    unconditional_at=moments,
    usual_gap_s=st.none() | st.integers(1, 10**7),
    last_new_at=moments,
    validates=st.booleans(),
    distrust=st.booleans(),
    hint_interval_s=st.none() | st.integers(0, 10**7),
    skip_hours=st.lists(st.integers(0, 23)).map(tuple),
    skip_days=st.lists(st.integers(0, 6)).map(tuple),
)
parsings = st.sampled_from([None, ParseProblem("no feed"), ParsedFeed("rss20", ())])


@given(memories, responses | failures, parsings)
def test_whatever_comes_the_next_poll_is_minutes_to_a_week_away(
    memory: FeedMemory, came: Fetched, parsed: ParsedFeed | ParseProblem | None
) -> None:
    feed = Feed(1, FeedSource(URL), memory)
    asked = freshness.request(feed, now=NOW)
    update = freshness.decide(feed, Poll(asked, came, parsed), now=NOW, policy=POLICY)
    if update.memory.status == "gone" or update.outcome == "paused":
        return
    assert update.memory.next_poll_at is not None
    assert timedelta(minutes=5) <= update.memory.next_poll_at - NOW <= timedelta(days=7)
    assert not freshness.due(update.memory, now=NOW)


@given(memories, responses)
def test_only_a_success_changes_validators(memory: FeedMemory, came: Response) -> None:
    feed = Feed(1, FeedSource(URL), memory)
    asked = freshness.request(feed, now=NOW)
    update = freshness.decide(
        feed, Poll(asked, came, ParseProblem("no feed")), now=NOW, policy=POLICY
    )
    if update.outcome == "failed":
        assert update.memory.etag == memory.etag
        assert update.memory.last_modified == memory.last_modified
        assert update.memory.body_hash == memory.body_hash
        assert update.memory.failures == memory.failures + 1
        assert update.memory.last_error


@given(header_text)
def test_any_cache_control_is_read(value: str) -> None:
    directives(value)
    may_remember(value)
    assert fresh_for(value, value, {"age": value, "date": value}) >= timedelta(0)


@given(st.text(max_size=40), st.integers(0, 5000))
def test_any_retry_after_is_at_most_a_week(value: str, refusals: int) -> None:
    until = pause_until({"retry-after": value}, now=NOW, refusals=refusals)
    assert timedelta(0) < until - NOW <= timedelta(days=7)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("Mon, 02 Mar 2026 08:02:00 GMT", 120),
        ("Monday, 02-Mar-26 08:02:00 GMT", 120),
        ("Mon Mar  2 08:02:00 2026", 120),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("٣", 3),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_one_of_three_dates(value: str, seconds: int | None) -> None:
    found = retry_after({"retry-after": value}, now=NOW)
    assert found == (None if seconds is None else NOW + timedelta(seconds=seconds))


def test_a_date_without_a_zone_is_gmt() -> None:
    assert http_date("Mon, 02 Mar 2026 08:00:00 -0000") == NOW


def test_a_request_carries_the_configured_headers() -> None:
    asked = freshness.request(Feed(1, FeedSource(URL)), now=NOW, headers=(("x-key", "1"),))
    assert asked == Request(URL, (("x-key", "1"),), "feed", (), URL)
