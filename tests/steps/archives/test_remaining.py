"""What is left of a backfill is said only as exactly as it is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.archives.remaining import Sample, in_words, remaining


def walk(*steps: tuple[float, int]) -> list[Sample]:
    return [Sample(at, done) for at, done in steps]


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        pytest.param(walk((0, 0)), "", id="nothing at the first step"),
        pytest.param(walk((0, 0), (2, 50)), "", id="nothing while the workers start"),
        pytest.param(walk((0, 0), (5, 50), (10, 100)), "about 90 s left", id="an even way"),
        pytest.param(
            walk((0, 0), (40, 400), (60, 450)), "73 s to 4 min left", id="it has become slower"
        ),
        pytest.param(walk((0, 0), (60, 0)), "", id="nothing when nothing moved"),
        pytest.param(walk((0, 0), (60, 1000)), "about 1 s left", id="nearly there"),
    ],
)
def test_what_is_left_in_words(samples: list[Sample], said: str) -> None:
    assert in_words(remaining(samples, 1000)) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ((7_000, 8_000), "about 2 h left"),
        ((10_000, 20_000), "3 to 6 h left"),
        ((100, 10_000), "100 s to 3 h left"),
        ((200_000, 300_000), "2 to 3 days left"),
    ],
)
def test_a_span_as_a_person_says_it(span: tuple[float, float], said: str) -> None:
    assert in_words(span) == said


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=30), st.integers(0, 50_000))
def test_the_span_is_in_order_and_never_negative(steps: list[int], size: int) -> None:
    done, samples = 0, []
    for second, step in enumerate(steps):
        done += step
        samples.append(Sample(float(second * 4), done))
    span = remaining(samples, size)
    if span is not None:
        assert 0 <= span[0] <= span[1]
