"""How sure a score is: a sigmoid per topic (Platt scaling) from out-of-fold scores.

Never isotonic: below some 200 positives it draws steps through noise.
"""

import numpy as np

from classifiers.arrays import Floats, Mask

# Slope and offset when nothing is known: the threshold is even odds, one SVM margin is 7 to 1.
UNKNOWN = (2.0, 0.0)


def sigmoid(logits: Floats) -> Floats:
    """Return 1 / (1 + exp(−x)) for each x, without overflow."""
    return 0.5 * (1 + np.tanh(logits / 2))


def platt(scores: Floats, positive: Mask) -> tuple[float, float]:
    """Return (slope, offset) of the sigmoid that fits best.

    Newton steps with halving, targets drawn in from 0 and 1 so that separable scores still
    have a finite slope: Platt 1999; Lin, Lin and Weng, "A note on Platt's probabilistic
    outputs", 2007.
    """
    yes = int(positive.sum())
    no = len(positive) - yes
    target = np.where(positive, (yes + 1) / (yes + 2), 1 / (no + 2))
    point = np.array([0.0, np.log((yes + 1) / (no + 1))])
    loss = _loss(point, scores, target)
    for _ in range(100):
        p = sigmoid(point[0] * scores + point[1])
        curve = p * (1 - p)
        gradient = np.array([((p - target) * scores).sum(), (p - target).sum()])
        cross = (curve * scores).sum()
        hessian = np.array([[(curve * scores**2).sum(), cross], [cross, curve.sum()]])
        step = np.linalg.solve(hessian + 1e-10 * np.eye(2), gradient)
        if np.abs(gradient).max() < 1e-6:
            break
        point, loss, moved = _downhill(point, step, loss, scores=scores, target=target)
        if not moved:
            break
    return float(point[0]), float(point[1])


def _downhill(
    point: Floats, step: Floats, loss: float, *, scores: Floats, target: Floats
) -> tuple[Floats, float, bool]:
    for halving in range(20):
        there = point - step * 0.5**halving
        lower = _loss(there, scores, target)
        if lower < loss:
            return there, lower, True
    return point, loss, False


def _loss(point: Floats, scores: Floats, target: Floats) -> float:
    logits = point[0] * scores + point[1]
    return float((np.logaddexp(0, logits) - target * logits).sum())


def shrunk_sigmoids(margins: Floats, labelled: Mask, *, shrinkage: float) -> Floats:
    """Return topics × (slope, offset), pulled towards the frequent topics' the fewer texts.

    `margins` are out-of-fold scores less the topic's threshold; nan cells are left out. The
    slope is never negative: a higher score is never less likely.
    """
    support = labelled.sum(axis=0)
    trust = support / (support + shrinkage)
    own = np.full((labelled.shape[1], 2), np.nan)
    for j in range(labelled.shape[1]):
        scored = ~np.isnan(margins[:, j])
        if labelled[scored, j].any() and not labelled[scored, j].all():
            own[j] = platt(margins[scored, j], labelled[scored, j])
    fitted = own[:, 0] > 0
    anchor = np.array(UNKNOWN)
    if fitted.any():
        anchor = np.average(own[fitted], axis=0, weights=trust[fitted])
    trust = np.where(fitted, trust, 0.0)[:, np.newaxis]
    pulled: Floats = trust * np.nan_to_num(own) + (1 - trust) * anchor
    return pulled
