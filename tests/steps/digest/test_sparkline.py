"""Two weeks in one line."""

import pytest

from pipeline.steps.digest.sparkline import mean, sparkline


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        pytest.param((), "", id="no days"),
        pytest.param((0, 0), "▁▁", id="nothing happened"),
        pytest.param((0, 7), "▁█", id="none and all"),
        pytest.param((0, 1, 1000), "▁▂█", id="one stands above none beside a thousand"),
        pytest.param((1, 2, 3, 4, 5, 6, 7), "▂▃▄▅▆▇█", id="a ramp"),
    ],
)
def test_a_block_per_day(counts: tuple[int, ...], expected: str) -> None:
    assert sparkline(counts) == expected


def test_the_mean_is_of_the_seven_days_before_today() -> None:
    assert mean((99, 99, 7, 0, 7, 0, 7, 0, 7, 50)) == 4.0
