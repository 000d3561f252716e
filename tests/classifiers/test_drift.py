"""Drift: the stability index, unknown tokens, tag rates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.drift import ENOUGH, SHIFTED, Period, drift, stability_index


def normal(mean: float, size: int = 4000, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(mean, 1.0, size)


@pytest.mark.parametrize(
    ("mean", "least", "most"),
    [
        pytest.param(0.0, 0.0, 0.02, id="the same news"),
        pytest.param(0.2, 0.02, 0.1, id="a little shift"),
        pytest.param(0.7, SHIFTED, 1.0, id="a shift worth a look"),
        pytest.param(9.0, 1.0, 20.0, id="another world"),
    ],
)
def test_stability_index(mean: float, least: float, most: float) -> None:
    assert least <= stability_index(normal(0.0), normal(mean, seed=1)) <= most


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=40))
def test_the_same_scores_are_perfectly_stable(scores: list[float]) -> None:
    assert stability_index(np.array(scores), np.array(scores)) == 0.0


@given(
    st.lists(st.floats(-9, 9), min_size=1, max_size=40),
    st.lists(st.floats(-9, 9), min_size=1, max_size=40),
)
def test_the_index_is_finite_and_never_negative(then: list[float], now: list[float]) -> None:
    index = stability_index(np.array(then), np.array(now))
    assert np.isfinite(index)
    assert index >= -1e-12


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(ValueError, match="no scores"):
        stability_index(np.array([]), np.array([1.0]))


def period(means: tuple[float, float], size: int, unknown: float) -> Period:
    logits = np.column_stack([normal(mean, size, seed) for seed, mean in enumerate(means)])
    return Period(logits, logits > 1, unknown)


def test_each_topic_is_compared_with_itself() -> None:
    found = drift(["hbm", "curbs"], period((0, 0), 500, 0.1), period((0, 2), 400, 0.3))
    steady, moved = found.topics
    assert (found.texts, found.unknown_then, found.unknown_now) == (400, 0.1, 0.3)
    assert (steady.topic, steady.shifted) == ("hbm", False)
    assert (moved.topic, moved.shifted) == ("curbs", True)
    assert moved.tag_rate_then < 0.25 < 0.75 < moved.tag_rate_now


@pytest.mark.parametrize("size", [0, 1, ENOUGH - 1])
def test_few_texts_warn_of_nothing(size: int) -> None:
    (topic, _) = drift(["a", "b"], period((0, 0), 500, 0.0), period((9, 9), size, 0.0)).topics
    assert topic.stability is None
    assert not topic.shifted
