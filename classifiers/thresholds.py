"""Where to cut each topic's scores, and how sure a score is, from out-of-fold scores.

Arrays in, arrays out. A score is out of fold when the model that gave it never saw the text.
"""

import numpy as np

from classifiers.arrays import Floats, Integers, Mask


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
    """Return each topic's cut, pulled towards the frequent topics' the fewer texts it has.

    T = n/(n+k)·T_own + k/(n+k)·T_frequent with k = `shrinkage`: two positives say little about
    where to cut. T_frequent is the median cut, topics weighted by how sure their own cut is.
    Scores that are nan (no model of the topic in that fold) are left out.
    """
    support = labelled.sum(axis=0)
    own = np.array([_own_cut(scores[:, j], labelled[:, j]) for j in range(labelled.shape[1])])
    trust = np.where(np.isnan(own), 0.0, support / (support + shrinkage))
    anchor = _frequent_cut(own, support, shrinkage)
    cuts: Floats = trust * np.nan_to_num(own) + (1 - trust) * anchor
    return cuts


def _own_cut(scores: Floats, positive: Mask) -> float:
    scored = ~np.isnan(scores)
    return best_cut(scores[scored], positive[scored])


def _frequent_cut(own: Floats, support: Integers, shrinkage: float) -> float:
    frequent = ~np.isnan(own) & (support >= 5 * shrinkage)
    return float(np.median(own[frequent])) if frequent.any() else 0.0
