"""The promotion gate: may a newly trained model replace the active one?

Judged on the fifth of the reviewed articles that neither model was trained on.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.arrays import Mask
from classifiers.metrics import Evaluation

HELD_OUT = 5  # one article in so many is kept for judging
MAX_F1_LOSS = 0.01
MAX_OFF_TOPIC_RISE = 0.01
ROUNDING = 1e-9  # a loss of exactly the limit passes, however it is spelled in binary


@dataclass(frozen=True, slots=True)
class Figures:
    """What the gate compares; `off_topic` is None when no held-out article is off-topic."""

    texts: int
    micro_f1: float
    off_topic: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the model after may replace the one before, and why (one sentence for a person)."""

    promoted: bool
    reason: str
    before: Figures
    after: Figures


def held_out(ids: Sequence[object]) -> Mask:
    """Return which articles are kept for judging: about a fifth, by a hash of the id alone.

    An article keeps its side for ever, so no later model is trained on what judges it.
    """
    sides = [_hash(article) % HELD_OUT == 0 for article in ids]
    return np.array(sides, dtype=np.bool_)


def _hash(article: object) -> int:
    return int.from_bytes(hashlib.sha256(f"held out {article}".encode()).digest()[:8], "big")


def figures(evaluation: Evaluation) -> Figures:
    """Return the part of an evaluation that the gate compares."""
    return Figures(evaluation.texts, evaluation.micro_f1, evaluation.off_topic.share)


def judge(before: Figures, after: Figures) -> Verdict:
    """Return whether micro F1 and the off-topic rate stayed within the limits.

    Without held-out articles there is nothing to be worse at: the model is promoted. Raises
    ValueError when the figures rest on different numbers of articles.
    """
    if before.texts != after.texts:
        raise ValueError(f"judged on {before.texts} and on {after.texts} articles")
    if not after.texts:
        return Verdict(True, "no reviewed article is held out to judge by yet", before, after)
    faults = _faults(before, after)
    changed = f"micro F1 {before.micro_f1:.3f} → {after.micro_f1:.3f} on {after.texts} articles"
    return Verdict(not faults, "; ".join(faults) or changed, before, after)


def _faults(before: Figures, after: Figures) -> list[str]:
    faults = []
    if before.micro_f1 - after.micro_f1 > MAX_F1_LOSS + ROUNDING:
        faults.append(
            f"micro F1 falls from {before.micro_f1:.3f} to {after.micro_f1:.3f} on "
            f"{after.texts} held-out articles (at most {MAX_F1_LOSS} allowed)"
        )
    was, now = before.off_topic or 0.0, after.off_topic or 0.0
    if now - was > MAX_OFF_TOPIC_RISE + ROUNDING:
        faults.append(
            f"off-topic articles tagged rise from {was:.3f} to {now:.3f} "
            f"(at most {MAX_OFF_TOPIC_RISE} allowed)"
        )
    return faults
