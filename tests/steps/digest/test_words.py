"""Words of the head and the foot: counts, rhythm, reasons."""

from dataclasses import replace

import pytest

from pipeline.steps.digest import words
from tests.issues import digest, story


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ("0 7 * * *", "daily at 07:00"),
        ("30 18 * * *", "daily at 18:30"),
        ("0 7 * * 1-5", "schedule 0 7 * * 1-5"),
        ("0 7,19 * * *", "schedule 0 7,19 * * *"),
    ],
)
def test_a_plain_schedule_is_told_in_words(schedule: str, said: str) -> None:
    assert said in words.reason(digest(story(), schedule=schedule))


@pytest.mark.parametrize(
    ("days", "mean", "said"),
    [
        ((0,) * 13 + (4,), 0.0, "4 in 24 h, none in the 7 days before"),
        ((1,) * 14, 1.0, "1 in 24 h = 7-day mean 1"),
        ((2,) * 13 + (1,), 2.0, "1 in 24 h ▼ 7-day mean 2"),
    ],
)
def test_a_day_is_held_against_its_week(days: tuple[int, ...], mean: float, said: str) -> None:
    (section,) = digest(story()).sections
    assert words.change(replace(section, days=days, mean=mean)) == said


def test_an_alert_says_its_rule_and_no_cron_line() -> None:
    one = digest(
        story(), name="alert/hbm", kind="alert", cut=0.9, schedule="at most 4 messages an hour"
    )
    assert words.brand(one) == "alert · hbm"
    assert "the alert “hbm” (at 90% sure or more, at most 4 messages an hour" in words.reason(one)
    assert words.span(one) == "Mon 23 Nov 2026, 07:00 Europe/Berlin"
