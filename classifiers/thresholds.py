"""Where to cut each topic's scores, and how sure a score is, from out-of-fold scores.

Arrays in, arrays out. A score is out of fold when the model that gave it never saw the text.
"""

import numpy as np

from classifiers.arrays import Floats, Integers, Mask

# A line through fewer different topic sizes than this is no trend.
TREND_SIZES = 5


def folds(labelled: Mask, count: int) -> Integers:
    """Return each text's fold, 0 to count − 1; every topic's texts lie evenly over the folds.

    Texts are dealt out by their rarest topic, rarest first, so that even two positives land in
    two folds. Deterministic: no randomness, ties in the order of the texts.
    """
    texts = len(labelled)
    by_rarity = np.argsort(labelled.sum(axis=0), kind="stable")
    # the first True of a row is its rarest topic; texts without topic come last
    ranked = np.column_stack([labelled[:, by_rarity], np.ones(texts, dtype=np.bool_)])
    dealt = np.empty(texts, dtype=np.int64)
    dealt[np.argsort(ranked.argmax(axis=1), kind="stable")] = np.arange(texts) % count
    return dealt


def best_cut(scores: Floats, positive: Mask) -> float:
    """Return the score at or over which tagging gives the highest F1; nan without a positive.

    The cut lies half way to the next lower score; the highest cut wins a tie.
    """
    if not positive.any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(positive[order])
    f1 = 2 * hits / (np.arange(1, len(ranked) + 1) + hits[-1])
    f1[:-1][ranked[:-1] == ranked[1:]] = -1.0  # no cut between equal scores
    best = int(np.argmax(f1))
    if best + 1 == len(ranked):
        return float(ranked[best])
    return float((ranked[best] + ranked[best + 1]) / 2)


def shrunk_cuts(scores: Floats, labelled: Mask, *, shrinkage: float) -> Floats:
    """Return each topic's cut: its own best one, pulled to an expected one the fewer texts it has.

    T = n/(n+k)·T_own + k/(n+k)·T_expected with k = `shrinkage`: two positives say little about
    where to cut. Scores that are nan (no model of the topic in that fold) are left out.
    """
    support = labelled.sum(axis=0)
    own = np.array(
        [best_cut(*_scored(scores[:, j], labelled[:, j])) for j in range(labelled.shape[1])]
    )
    trust = np.where(np.isnan(own), 0.0, support / (support + shrinkage))
    expected = _expected_cuts(own, support, shrinkage)
    for j, cut in enumerate(expected):
        seen, _ = _scored(scores[:, j], labelled[:, j])
        expected[j] = max(cut, _least_cut(seen, int(support[j]))) if len(seen) else cut
    cuts: Floats = trust * np.nan_to_num(own) + (1 - trust) * expected
    return cuts


def _scored(scores: Floats, positive: Mask) -> tuple[Floats, Mask]:
    scored = ~np.isnan(scores)
    return scores[scored], positive[scored]


def _expected_cuts(own: Floats, support: Integers, shrinkage: float) -> Floats:
    """Return where a topic of each size is likely cut: between the frequent topics' and the trend.

    An SVM pushes all scores of a rare topic down, so its best cut falls with log n; the median
    cut of frequent topics alone is too high for the rare. Half way was best on three
    collections: macro F1 .718 to .745 and .602 to .647 on two made-up ones (longtail.py), .488
    to .488 on package descriptions; micro F1 within .001 on all. The full trend is steeper than
    a handful of positives can carry.
    """
    sure = ~np.isnan(own)
    if not sure.any():
        return np.zeros(len(own))
    size = np.log(np.maximum(support, 1))
    frequent = sure & (support >= 5 * shrinkage)
    middle = float(np.median(own[frequent if frequent.any() else sure]))
    if len(np.unique(size[sure])) < TREND_SIZES:
        return np.full(len(own), middle)
    weight = support / (support + shrinkage)
    trend = np.polyfit(size[sure], own[sure], 1, w=np.sqrt(weight[sure]))
    expected: Floats = (np.polyval(trend, size) + middle) / 2
    return expected


def _least_cut(scores: Floats, support: int) -> float:
    """Return the cut that tags about as many unseen texts as the topic has, and one more."""
    ranked = np.sort(scores)[::-1]
    return float(ranked[min(support + 1, len(ranked) - 1)])
