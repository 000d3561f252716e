"""What is said of a feed: a state, a sentence, and whether a person is needed."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.models.feeds import Feed, FeedMemory, FeedOptions, FeedSource
from pipeline.steps.health import health, words

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAYS = timedelta(days=1)
HOUR_S = 3600


def failing(trouble: str, *, days: float, **more: object) -> FeedMemory:
    return FeedMemory(
        failures=3,
        failing_since=NOW - days * DAYS,
        last_error="HTTP 404 not found",
        trouble=trouble,
        next_poll_at=NOW + DAYS,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("memory", "state", "act", "says"),
    [
        pytest.param(FeedMemory(), "new", False, "not polled yet", id="new"),
        pytest.param(FeedMemory(last_ok_at=NOW), "ok", False, "fine", id="fine"),
        pytest.param(
            failing("http_404", days=0.5),
            "failing",
            False,
            "HTTP 404 not found since 2026-03-01 20:00 UTC; next try 2026-03-03 08:00 UTC",
            id="failing since when, why, and when it is tried again",
        ),
        pytest.param(
            failing("http_404", days=2), "failing", True, "HTTP 404", id="failing for two days"
        ),
        pytest.param(failing("html", days=2), "html", True, "discover", id="a web page"),
        pytest.param(
            failing("http_429", days=0.1), "waiting", False, "asked us to wait", id="refused"
        ),
        pytest.param(
            failing("challenged", days=2, status="challenged"),
            "challenged",
            True,
            "ask the publisher",
            id="challenged",
        ),
        pytest.param(
            failing("http_410", days=2, status="gone"), "gone", True, "remove it", id="gone"
        ),
        pytest.param(
            FeedMemory(last_ok_at=NOW, moved_to="http://b.test/", moved_times=1),
            "moving",
            False,
            "http://b.test/",
            id="moving",
        ),
        pytest.param(
            FeedMemory(last_ok_at=NOW, usual_gap_s=HOUR_S, last_new_at=NOW - 4 * DAYS),
            "silent",
            True,
            "nothing new for 4 days, usually every 1 hour",
            id="silent much longer than usual",
        ),
        pytest.param(
            FeedMemory(last_ok_at=NOW, usual_gap_s=HOUR_S, last_new_at=NOW - 2 * DAYS),
            "ok",
            False,
            "fine",
            id="a weekend is no silence",
        ),
        pytest.param(
            FeedMemory(last_ok_at=NOW, usual_gap_s=100 * HOUR_S, last_new_at=NOW - 20 * DAYS),
            "ok",
            False,
            "fine",
            id="a slow feed may be slow",
        ),
        pytest.param(FeedMemory(status="paused"), "paused", False, "paused", id="paused"),
    ],
)
def test_health_is_a_sentence_a_person_can_act_on(
    memory: FeedMemory, state: str, act: bool, says: str
) -> None:
    found = health(Feed(1, FeedSource("http://a.test/"), memory), now=NOW)
    assert (found.state, found.act) == (state, act)
    assert says in found.sentence


def test_a_feed_paused_in_the_configuration_is_paused_whatever_else() -> None:
    source = FeedSource("http://a.test/", options=FeedOptions(paused=True))
    assert health(Feed(1, source, failing("html", days=9)), now=NOW).state == "paused"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=20), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=90), "2 hours"),
        (timedelta(hours=23), "23 hours"),
        (timedelta(days=9), "9 days"),
    ],
)
def test_a_span_is_said_in_round_words(span: timedelta, said: str) -> None:
    assert words(span) == said
