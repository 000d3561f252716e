"""How many alerts may leave, when the next may, and that no story is left out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.models.policies import AlertPolicy
from pipeline.steps.digest.slots import batches, is_quiet, opens_at, slots, span

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RULE = AlertPolicy(per_hour=3, per_day=5)
MIN, HOUR = timedelta(minutes=1), timedelta(hours=1)
NIGHT = replace(RULE, quiet_hours="22:00-07:00", timezone="Europe/Berlin")


@pytest.mark.parametrize(
    ("ago", "room"),
    [
        pytest.param((), 3, id="nothing sent: the hour's limit"),
        pytest.param((10 * MIN, 20 * MIN), 1, id="two this hour leave one"),
        pytest.param((10 * MIN,) * 3, 0, id="the hour is full"),
        pytest.param((61 * MIN,) * 3, 2, id="an hour later the day's limit counts"),
        pytest.param((5 * HOUR,) * 5, 0, id="the day is full"),
        pytest.param((25 * HOUR,) * 5, 3, id="a day later all is open"),
        pytest.param((-5 * HOUR,) * 3, 0, id="sent by a clock that was ahead: as if now"),
    ],
)
def test_the_limits_of_an_hour_and_a_day(ago: tuple[timedelta, ...], room: int) -> None:
    assert slots(RULE, [NOW - one for one in ago], NOW) == room


@pytest.mark.parametrize(
    ("hours", "clock", "quiet"),
    [
        pytest.param("22:00-07:00", "2026-11-23T21:30+01:00", False, id="before they begin"),
        pytest.param("22:00-07:00", "2026-11-23T22:00+01:00", True, id="when they begin"),
        pytest.param("22:00-07:00", "2026-11-24T06:59+01:00", True, id="over midnight"),
        pytest.param("22:00-07:00", "2026-11-24T07:00+01:00", False, id="when they end"),
        pytest.param("12:00-13:00", "2026-11-24T12:30+01:00", True, id="within a day"),
        pytest.param("22:00-07:00", "2026-03-29T06:30+02:00", True, id="the wall clock counts"),
        pytest.param("", "2026-11-24T03:00+01:00", False, id="none"),
    ],
)
def test_quiet_hours_go_by_the_readers_wall_clock(hours: str, clock: str, quiet: bool) -> None:
    rule = replace(NIGHT, quiet_hours=hours)
    assert is_quiet(rule, datetime.fromisoformat(clock)) is quiet


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("22-7", "needs the form 22:00-07:00"),
        ("24:00-07:00", "needs the form"),
        ("07:00-07:00", "begin when they end"),
    ],
)
def test_quiet_hours_that_are_none_are_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        span(text)


sent = st.lists(st.integers(-60, 3000).map(lambda ago: NOW - ago * MIN), max_size=12)


@given(sent, st.sampled_from([RULE, NIGHT, replace(RULE, per_hour=1, per_day=1)]))
def test_the_gate_opens_when_it_says_and_not_before(
    moments: list[datetime], rule: AlertPolicy
) -> None:
    opened = opens_at(rule, moments, NOW)
    assert slots(rule, moments, opened) > 0
    if opened > NOW:
        assert (
            slots(rule, moments, opened - timedelta(seconds=61)) == 0
            or opened - NOW < 61 * MIN / 60
        )


@given(st.lists(st.integers(), max_size=60), st.integers(-2, 12))
def test_every_story_is_in_one_message_or_all_wait(stories: list[int], room: int) -> None:
    made = batches(stories, room)
    assert len(made) <= max(0, room)
    told = [story for batch in made for story in batch]
    assert told == (stories if room > 0 else [])
