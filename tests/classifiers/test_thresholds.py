"""Thresholds: where the best cut lies, how rare topics are pulled, how folds are dealt."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.thresholds import best_cut, folds, shrunk_cuts


@pytest.mark.parametrize(
    ("scores", "positive", "cut"),
    [
        pytest.param([3, 1, -1], [1, 0, 0], 2.0, id="half way below the last positive"),
        pytest.param([3, 1, -1], [1, 1, 1], -1.0, id="at the lowest when all are positive"),
        pytest.param([3, 2, 1], [0, 1, 0], 1.5, id="one false alarm is worth one hit"),
        pytest.param([1, 1, 0], [1, 0, 0], 0.5, id="never between equal scores"),
    ],
)
def test_best_cut(scores: list[float], positive: list[int], cut: float) -> None:
    assert best_cut(np.array(scores, dtype=float), np.array(positive, dtype=bool)) == cut


def test_no_positive_has_no_cut() -> None:
    assert np.isnan(best_cut(np.array([1.0]), np.array([False])))


@given(
    st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=1, max_size=30).filter(
        lambda cells: any(yes for _, yes in cells)
    )
)
def test_no_other_cut_is_better(cells: list[tuple[int, bool]]) -> None:
    scores = np.array([score for score, _ in cells], dtype=float)
    positive = np.array([yes for _, yes in cells])

    def f1(cut: float) -> float:
        tagged = scores >= cut
        return 2 * (tagged & positive).sum() / (tagged.sum() + positive.sum())

    assert f1(best_cut(scores, positive)) == max(f1(cut) for cut in [*scores, 9.0])


def test_rare_topics_are_cut_where_frequent_ones_are() -> None:
    """Too few topics for a trend: the anchor is the frequent topics' median cut."""
    rng = np.random.default_rng(0)
    labelled = np.zeros((1000, 3), dtype=bool)
    labelled[:400, 0] = labelled[:2, 1] = labelled[999, 2] = True
    scores = rng.normal(size=labelled.shape) / 10 + np.where(labelled, 1.0, -1.0)
    scores[:, 1] -= 3
    scores[999, 2] = np.nan
    frequent, rare, single = shrunk_cuts(scores, labelled, shrinkage=8)
    assert abs(frequent) < 0.5
    assert frequent == pytest.approx(single)
    assert rare == pytest.approx(0.2 * best_cut(scores[:, 1], labelled[:, 1]) + 0.8 * frequent)


def test_the_expected_cut_falls_with_the_size_of_the_topic() -> None:
    sizes = (400, 200, 100, 50, 25, 12, 6, 3)
    labelled = np.zeros((2000, len(sizes) + 1), dtype=bool)
    scores = np.full(labelled.shape, -1.5)
    for j, size in enumerate(sizes):
        labelled[:size, j] = True
        scores[:size, j] = -0.5 + 0.1 * np.log(size)
    labelled[0, -1] = True
    scores[0, -1] = np.nan  # a single positive: no own cut, only the expected one
    cuts = shrunk_cuts(scores, labelled, shrinkage=10)
    assert (np.diff(cuts) < 0).all()
    assert (cuts > -1.5).all()


def test_the_expected_cut_never_tags_many_more_texts_than_the_topic_has() -> None:
    labelled = np.zeros((500, 2), dtype=bool)
    labelled[:100, 0] = labelled[499, 1] = True
    rng = np.random.default_rng(1)
    scores = rng.normal(size=labelled.shape)
    scores[:, 0] = np.where(labelled[:, 0], -3.0, -4.0)  # frequent topics are cut very low
    scores[499, 1] = np.nan
    cuts = shrunk_cuts(scores, labelled, shrinkage=10)
    assert (scores[:499, 1] >= cuts[1]).sum() <= 3


@given(st.integers(0, 60), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_folds_spread_every_topic(texts: int, topics: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    labelled = np.eye(topics, dtype=bool)[rng.integers(0, topics, texts)]
    dealt = folds(labelled, 5)
    assert (dealt == folds(labelled, 5)).all()
    for positive in labelled.T:
        sizes = np.bincount(dealt[positive], minlength=5)
        assert sizes.max() - sizes.min() <= 1
