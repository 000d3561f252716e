"""Cron lines: what their weekdays mean and when they were due."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.steps import schedule

MONDAY = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("0", "sun"),
        ("7", "sun"),
        ("1-5", "mon,tue,wed,thu,fri"),
        ("0-2", "sun,mon,tue"),
        ("5-7", "sun,fri,sat"),
        ("fri-mon", "sun,mon,fri,sat"),
        ("*/2", "sun,tue,thu,sat"),
        ("MON,wed", "mon,wed"),
    ],
)
def test_weekday_numbers_mean_what_cron_means(field: str, names: str) -> None:
    assert schedule.names_of(field) == names


@pytest.mark.parametrize(
    ("line", "timezone", "reason"),
    [
        ("0 7 * *", "UTC", "five fields"),
        ("0 7 * * 8", "UTC", "none of 0"),
        ("0 7 * * someday", "UTC", "no number"),
        ("99 7 * * *", "UTC", "59"),
        ("0 7 * * *", "Mars/Olympus", "unknown"),
        ("0 7 * * *", "../../etc/passwd", "unknown"),
    ],
)
def test_nonsense_is_refused_in_words(line: str, timezone: str, reason: str) -> None:
    for judge in (schedule.parse, schedule.check):
        with pytest.raises(ValueError, match=reason):
            judge(line, timezone)


def test_the_quick_check_lets_nothing_through_that_has_no_times() -> None:
    for minute in range(62):
        for hour in (0, 9, 10, 19, 20, 23, 24, 25):
            line = f"{minute} {hour} * * *"
            if minute < 60 and hour < 24:
                schedule.check(line, "UTC")
                schedule.parse(line, "UTC")
            else:
                with pytest.raises(ValueError, match="schedule"):
                    schedule.check(line, "UTC")


def test_several_missed_times_count_as_the_latest_one() -> None:
    due = schedule.last_due(
        "0 7 * * *", "Europe/Berlin", after=MONDAY - timedelta(days=5), now=MONDAY
    )
    assert due == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def test_nothing_is_due_twice() -> None:
    due = schedule.last_due(
        "0 7 * * *", "UTC", after=datetime(2026, 11, 23, 7, 0, tzinfo=UTC), now=MONDAY
    )
    assert due is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(datetime(2026, 3, 28, 12, tzinfo=UTC), 5, id="spring: 07:00 is 05:00 UTC"),
        pytest.param(datetime(2026, 10, 24, 12, tzinfo=UTC), 6, id="autumn: 07:00 is 06:00 UTC"),
    ],
)
def test_local_time_holds_over_the_daylight_saving_change(day: datetime, expected: int) -> None:
    following = schedule.next_due("0 7 * * *", "Europe/Berlin", now=day)
    assert following is not None
    assert following.astimezone(UTC).hour == expected
