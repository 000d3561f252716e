"""What becomes of an article when its page comes, or does not."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.models.pages import Failure, Response
from pipeline.steps import pages

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
HTML = {"content-type": "text/html; charset=utf-8"}


@pytest.mark.parametrize(
    ("fetched", "reason", "final"),
    [
        pytest.param(Failure("u", "timeout", "30 s"), "timeout: 30 s", False, id="slow: try again"),
        pytest.param(Failure("u", "address", "no"), "address: no", True, id="a forbidden address"),
        pytest.param(Response("u", 404, HTML), "HTTP 404", True, id="not there"),
        pytest.param(Response("u", 503, HTML), "HTTP 503", False, id="busy: try again"),
        pytest.param(Response("u", 200, HTML, b" \n"), "the page was empty", False, id="empty"),
        pytest.param(
            Response("u", 200, {"content-type": "image/png"}, b"\x89PNG"),
            "image/png is no web page",
            True,
            id="a picture",
        ),
        pytest.param(
            Response("u", 200, HTML, b"%PDF-1.7"), "a PDF came as a web page", True, id="a PDF"
        ),
    ],
)
def test_a_page_that_cannot_be_read_says_why(fetched, reason: str, final: bool) -> None:
    assert pages.setback(fetched) == pages.Setback(reason, final)


def test_a_page_is_extracted() -> None:
    assert pages.setback(Response("u", 200, HTML, b"<p>news")) is None


def test_attempts_grow_apart_and_end() -> None:
    problem = pages.Setback("HTTP 503", final=False)
    waits = [pages.next_attempt(attempt, problem, now=NOW) for attempt in (1, 2, 3, 4)]
    assert waits == [
        NOW + timedelta(minutes=30),
        NOW + timedelta(hours=6),
        NOW + timedelta(hours=30),
        None,
    ]


def test_a_final_reason_is_not_asked_again() -> None:
    assert pages.next_attempt(1, pages.Setback("HTTP 404", final=True), now=NOW) is None


def test_copies_meet_whatever_their_spacing() -> None:
    assert pages.content_hash("A  chip\nstory") == pages.content_hash("a chip story ")
    assert pages.content_hash(" ") == ""


@pytest.mark.parametrize(
    ("wait", "again"),
    [
        pytest.param(timedelta(hours=24), NOW + timedelta(hours=24), id="when the host said"),
        pytest.param(timedelta(days=7), None, id="not after three days: it is no news any more"),
    ],
)
def test_a_host_that_wants_to_be_left_alone_is_asked_when_it_said(
    wait: timedelta, again: datetime | None
) -> None:
    problem = pages.setback(Failure("u", "robots", "disallowed", retry_at=NOW + wait))
    assert problem is not None
    assert pages.next_attempt(1, problem, now=NOW) == again
