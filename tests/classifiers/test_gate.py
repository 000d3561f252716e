"""The promotion gate: the limits, the reasons, the fifth that is held out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.gate import Figures, figures, held_out, judge
from classifiers.metrics import Truth, evaluate


@pytest.mark.parametrize(
    ("before", "after", "promoted", "reason"),
    [
        pytest.param(
            Figures(50, 0.8, 0.1), Figures(50, 0.85, 0.1), True, "0.800 → 0.850", id="better"
        ),
        pytest.param(
            Figures(50, 0.8, 0.1), Figures(50, 0.79, 0.11), True, "→", id="at both limits"
        ),
        pytest.param(
            Figures(50, 0.8, 0.1), Figures(50, 0.789, 0.1), False, "micro F1 falls", id="worse F1"
        ),
        pytest.param(
            Figures(50, 0.8, 0.1), Figures(50, 0.9, 0.111), False, "off-topic", id="more off-topic"
        ),
        pytest.param(
            Figures(50, 0.8, None), Figures(50, 0.8, None), True, "→", id="no off-topic article"
        ),
        pytest.param(
            Figures(0, 0.0, None), Figures(0, 0.0, None), True, "no reviewed", id="no reviews yet"
        ),
    ],
)
def test_verdicts(before: Figures, after: Figures, promoted: bool, reason: str) -> None:
    verdict = judge(before, after)
    assert verdict.promoted is promoted
    assert reason in verdict.reason
    assert (verdict.before, verdict.after) == (before, after)


def test_two_faults_are_both_named() -> None:
    reason = judge(Figures(9, 0.8, 0.0), Figures(9, 0.5, 0.5)).reason
    assert "micro F1" in reason
    assert "off-topic" in reason


def test_figures_of_different_articles_are_refused() -> None:
    with pytest.raises(ValueError, match="50 and on 40"):
        judge(Figures(50, 0.8, 0.1), Figures(40, 0.8, 0.1))


def test_figures_of_an_evaluation() -> None:
    truth = Truth.of(["hbm"], [["hbm"], []])
    tagged = np.array([[True], [True]])
    found = figures(evaluate(truth, tagged.astype(float), tagged, lenient=True))
    assert found == Figures(2, pytest.approx(2 / 3), 1.0)


def test_about_a_fifth_is_held_out() -> None:
    assert 0.17 < held_out(range(5000)).mean() < 0.23


@given(st.lists(st.integers(), unique=True), st.lists(st.integers(), unique=True))
def test_an_article_keeps_its_side_whatever_else_is_there(ids: list[int], more: list[int]) -> None:
    both = held_out([*ids, *more])
    assert (both[: len(ids)] == held_out(ids)).all()
