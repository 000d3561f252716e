"""A publisher's wishes about polling are read; nonsense counts as none."""

import pytest

from pipeline.steps.feeds.hints import Hints, read_hints

INTERVALS = [
    pytest.param("<ttl>90</ttl>", 5400, id="ttl in minutes"),
    pytest.param("<ttl>2</ttl>", 120, id="ttl 2, left to the floor"),
    pytest.param("<ttl>99999</ttl>", 86400, id="ttl of months, at most a day"),
    pytest.param("<ttl>0</ttl>", None, id="ttl 0"),
    pytest.param("<ttl>-5</ttl>", None, id="ttl below 0"),
    pytest.param("<ttl>soon</ttl>", None, id="ttl in words"),
    pytest.param("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600, id="hourly"),
    pytest.param("<sy:updatePeriod>dayly</sy:updatePeriod>", 86400, id="dayly"),
    pytest.param("<sy:updatePeriod>always</sy:updatePeriod>", None, id="always"),
    pytest.param(
        "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
        900, id="four times an hour",
    ),
    pytest.param(
        "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>0.1</sy:updateFrequency>",
        36000, id="a tenth of a time an hour",
    ),
    pytest.param(
        "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
        None, id="never an hour",
    ),
    pytest.param(
        "<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 3600, id="the longer of both"
    ),
    pytest.param("", None, id="no wish"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "seconds"), INTERVALS)
def test_the_interval(text: str, seconds: int | None) -> None:
    assert read_hints(f"<channel>{text}</channel>").interval_s == seconds


def test_hours_and_days_to_skip() -> None:
    text = (
        "<skipHours><hour>0</hour><hour> 7 </hour><hour>24</hour><hour>99</hour></skipHours>"
        "<skipDays><day>Saturday</day><day>sunday</day><day>Feierabend</day></skipDays>"
    )
    assert read_hints(text) == Hints(None, frozenset({0, 7}), frozenset({5, 6}))


def test_never_at_all_is_nonsense() -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    assert read_hints(f"<skipHours>{hours}</skipHours>") == Hints()
