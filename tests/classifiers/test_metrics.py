"""Evaluation figures: against scikit-learn, by hand on small tables, and at the edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score

from classifiers.metrics import (
    Truth,
    average_precision,
    calibration_error,
    evaluate,
    wilson,
)

TOPICS = ("hbm", "foundry", "curbs")


def told(*rows: tuple[str, ...]) -> np.ndarray:
    return np.array([[topic in row for topic in TOPICS] for row in rows])


TRUTH = Truth.of(
    TOPICS,
    [["hbm"], ["foundry"], ["hbm", "curbs"], [], [], []],
    optional=[["foundry"], [], [], [], ["curbs"], []],
    hard=[False, False, False, True, True, False],
    languages=["en", "en", "zh", "en", "en", "zh"],
)
TOLD = told(("hbm", "foundry"), ("curbs",), ("hbm",), ("hbm",), ("curbs",), ())


@pytest.mark.parametrize(
    ("lenient", "hits", "tags", "labels"),
    [
        pytest.param(True, 2, 4, 4, id="lenient: two arguable tags are left out"),
        pytest.param(False, 2, 6, 4, id="strict: they are wrong"),
    ],
)
def test_micro_figures(lenient: bool, hits: int, tags: int, labels: int) -> None:
    figures = evaluate(TRUTH, TOLD.astype(float), TOLD, lenient=lenient)
    assert figures.micro_precision == hits / tags
    assert figures.micro_recall == hits / labels
    assert figures.micro_f1 == pytest.approx(2 * hits / (tags + labels))


@pytest.mark.parametrize("lenient", [True, False], ids=["lenient", "strict"])
def test_off_topic_texts_have_neither_label_nor_arguable_topic(lenient: bool) -> None:
    figures = evaluate(TRUTH, TOLD.astype(float), TOLD, lenient=lenient)
    assert (figures.off_topic.count, figures.off_topic.total) == (1, 2)
    assert figures.off_topic_hard.share == 1.0
    assert figures.off_topic_ordinary.share == 0.0


def test_a_labelled_cell_counts_even_when_it_is_arguable() -> None:
    truth = Truth.of(TOPICS, [["hbm"]], optional=[["hbm"]])
    figures = evaluate(truth, np.zeros((1, 3)), told(()), lenient=True)
    assert figures.topics[0].support == 1
    assert figures.micro_recall == 0.0


def test_topics_languages_and_confusions() -> None:
    figures = evaluate(TRUTH, TOLD.astype(float), TOLD, lenient=True)
    assert [(t.topic, t.support, t.tagged) for t in figures.topics] == [
        ("hbm", 2, 3),
        ("foundry", 1, 0),
        ("curbs", 1, 1),
    ]
    languages = dict(figures.languages)
    assert languages.keys() == {"en", "zh"}
    assert (languages["en"].texts, languages["zh"].texts) == (4, 2)
    assert languages["zh"].micro_f1 == pytest.approx(2 / 3)
    assert languages["zh"].off_topic.share == 0.0
    assert [(c.predicted, c.labelled, c.count) for c in figures.confusions] == [
        ("curbs", "foundry", 1),
        ("hbm", "", 1),
    ]


CELLS = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.integers(0, 4)), min_size=3, max_size=30
)


@given(CELLS)
def test_figures_agree_with_scikit_learn(cells: list[tuple[bool, bool, int]]) -> None:
    """Without arguable cells, over topics with support."""
    cells = cells[: len(cells) // 3 * 3]
    labelled, tagged, scores = (np.array(c).reshape(-1, 3) for c in zip(*cells, strict=True))
    truth = Truth(TOPICS, labelled, np.zeros_like(labelled), np.zeros(len(labelled), dtype=bool))
    figures = evaluate(truth, scores / 4, tagged, lenient=True)
    supported = labelled.any(axis=0)
    assert figures.micro_f1 == pytest.approx(
        f1_score(labelled, tagged, average="micro", zero_division=0)
    )
    assert [t.f1 for t in figures.topics] == pytest.approx(
        f1_score(labelled, tagged, average=None, zero_division=0).tolist()
    )
    for j, topic in enumerate(figures.topics):
        if supported[j]:
            expected = average_precision_score(labelled[:, j], scores[:, j])
            assert topic.average_precision == pytest.approx(expected)
        else:
            assert topic.average_precision is None


def test_no_texts_have_figures_of_nothing() -> None:
    nothing = np.zeros((0, 3))
    figures = evaluate(Truth.of(TOPICS, []), nothing, nothing.astype(bool), lenient=True)
    assert (figures.texts, figures.micro_f1, figures.macro_f1) == (0, 0.0, 0.0)
    assert figures.mean_average_precision is None
    assert figures.off_topic.share is None
    assert figures.calibration_error is None


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="shapes differ"):
        evaluate(TRUTH, np.zeros((6, 2)), TOLD, lenient=True)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        pytest.param(0, 0, 0.0, 1.0, id="nothing is known of nothing"),
        pytest.param(0, 10, 0.0, 0.2775, id="none of ten may still be a quarter"),
        pytest.param(10, 10, 0.7225, 1.0, id="ten of ten may be three quarters"),
        pytest.param(5, 10, 0.2366, 0.7634, id="half"),
        pytest.param(500, 1000, 0.4691, 0.5309, id="half of many"),
    ],
)
def test_wilson_interval(count: int, total: int, low: float, high: float) -> None:
    rate = wilson(count, total)
    assert (rate.low, rate.high) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("p", "y", "error"),
    [
        pytest.param([0.5, 0.5], [1, 0], 0.0, id="half right at one half"),
        pytest.param([0.9, 0.9], [0, 0], 0.9, id="sure and wrong"),
        pytest.param([1.0, 0.01, 0.02], [1, 1, 0], 0.0, id="clear negatives do not count"),
        pytest.param([0.01], [0], None, id="nothing above the floor"),
    ],
)
def test_calibration_error(p: list[float], y: list[int], error: float | None) -> None:
    found = calibration_error(np.array(p), np.array(y, dtype=bool))
    assert found == (None if error is None else pytest.approx(error))


def test_average_precision_takes_equal_scores_together() -> None:
    assert average_precision(np.array([1.0, 1.0]), np.array([True, False])) == 0.5
