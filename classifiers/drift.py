"""Has the news moved away from what the model learned? Figures with and without labels.

Values in, values out; the caller picks the weeks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.arrays import Floats, Mask

# Population stability index: a convention of credit scoring; .1 to .25 is a moderate shift.
SHIFTED = 0.25
BINS = 10
# Fewer texts than this on either side say nothing: with 10 bins the index of two samples of one
# population averages (BINS − 1)·(1/n + 1/m): .09 at 200 texts each, .18 at 100.
ENOUGH = 200


@dataclass(frozen=True, slots=True)
class TopicDrift:
    """One topic's shift between a reference and now.

    `stability` is None with fewer than ENOUGH texts on either side; `shifted` warns.
    """

    topic: str
    stability: float | None
    shifted: bool
    tag_rate_then: float
    tag_rate_now: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Drift of one period against the reference; unknown-token rates between 0 and 1."""

    texts: int
    unknown_then: float
    unknown_now: float
    topics: tuple[TopicDrift, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """What a model said of some texts: logits and tags, texts × topics, and how much it knew."""

    logits: Floats
    tagged: Mask
    unknown_rate: float


def drift(topics: Sequence[str], then: Period, now: Period) -> Drift:
    """Return how far each topic's logits and tag rate moved."""
    return Drift(
        texts=len(now.logits),
        unknown_then=then.unknown_rate,
        unknown_now=now.unknown_rate,
        topics=tuple(_topic_drift(topic, j, then, now) for j, topic in enumerate(topics)),
    )


def _topic_drift(topic: str, place: int, then: Period, now: Period) -> TopicDrift:
    stability = None
    if min(len(then.logits), len(now.logits)) >= ENOUGH:
        stability = stability_index(then.logits[:, place], now.logits[:, place])
    return TopicDrift(
        topic=topic,
        stability=stability,
        shifted=stability is not None and stability > SHIFTED,
        tag_rate_then=_mean(then.tagged[:, place]),
        tag_rate_now=_mean(now.tagged[:, place]),
    )


def _mean(tagged: Mask) -> float:
    return float(tagged.mean()) if len(tagged) else 0.0


def stability_index(then: Floats, now: Floats) -> float:
    """Return Σ (now − then)·ln(now / then) over the shares in the reference's tenths.

    0 for the same distribution; over SHIFTED is worth a look. Empty bins count as half a text.
    Raises ValueError for an empty side.
    """
    if not len(then) or not len(now):
        raise ValueError("no scores to compare")
    edges = np.unique(np.quantile(then, np.arange(1, BINS) / BINS))
    shares = [_shares(scores, edges) for scores in (then, now)]
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def _shares(scores: Floats, edges: Floats) -> Floats:
    counts = np.bincount(np.searchsorted(edges, scores, side="right"), minlength=len(edges) + 1)
    floored = np.maximum(counts, 0.5)
    shares: Floats = floored / floored.sum()
    return shares
