import numpy as np
import pytest

from classifiers.stack import SCALE, calibrate, trust


def test_the_student_counts_half_after_sixty_texts() -> None:
    assert trust(np.array([0.0, 60.0, 540.0])).tolist() == [0.0, 0.5, 0.9]


@pytest.mark.parametrize(
    ("verdict", "sign"),
    [pytest.param(1.0, 1, id="all yes"), pytest.param(0.0, -1, id="all no")],
)
def test_a_few_reviews_move_the_bias_a_little(verdict: float, sign: int) -> None:
    logits = np.zeros((5, 1))
    scale, bias = calibrate(logits, np.full((5, 1), verdict))
    assert scale[0] == pytest.approx(SCALE, abs=1e-6)
    assert 0.2 < sign * bias[0] < 1.5


def test_without_verdicts_nothing_moves() -> None:
    scale, bias = calibrate(np.ones((3, 2)), np.full((3, 2), np.nan))
    assert scale.tolist() == [SCALE, SCALE] and bias.tolist() == [0, 0]


def test_the_scale_moves_from_thirty_positives_on() -> None:
    logits = np.concatenate([np.full(40, 0.3), np.full(40, -0.3)])[:, np.newaxis]
    about = (logits > 0).astype(float)
    scale, _ = calibrate(logits, about)
    few, _ = calibrate(logits[20:60], about[20:60])
    assert scale[0] > SCALE + 0.1
    assert few[0] == pytest.approx(SCALE, abs=1e-6)


def test_endless_certainty_ends() -> None:
    logits = np.full((50, 1), 700.0)
    scale, bias = calibrate(logits, np.zeros((50, 1)))
    assert np.isfinite([scale, bias]).all()
