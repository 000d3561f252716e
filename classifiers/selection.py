"""What a person should review next: the doubtful, the rare topics' best, and some at random.

Pure: the same articles, scores and seed give the same choice, in whatever order they come.
"""

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from classifiers.arrays import Floats

Reason = Literal["doubtful", "rare", "random"]

# Shares of a batch. 100 doubtful articles hold 65 on-topic ones, 100 random ones 10; the random
# part is small but the only one from which precision and recall can be estimated without bias.
DOUBTFUL_SHARE = 0.60
RARE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Choice:
    """An article to review: for which topic, and why it was chosen.

    A random choice names the article's best topic, and was drawn without looking at it.
    """

    article: Hashable
    topic: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Candidates:
    """Articles that may be reviewed: probabilities, articles × topics, and the topics' thresholds.

    `support` counts the texts each topic has been learned from: the fewer, the rarer.
    """

    articles: Sequence[Hashable]
    topics: Sequence[str]
    probabilities: Floats
    thresholds: Sequence[float]
    support: Sequence[int]


def choose(candidates: Candidates, count: int, *, seed: str = "") -> list[Choice]:
    """Return up to `count` different articles, the doubtful first, then the rare, then random.

    60 % lie closest to a threshold; 25 % are the best-scored of the topics with the fewest
    texts, one topic after the other; the rest is drawn by a hash of `seed` and the article,
    before all else, so that it is a fair sample. A part that runs dry is filled with doubtful
    ones.
    """
    count = min(count, len(candidates.articles))
    if count <= 0 or not len(candidates.topics):
        return []
    doubtful, rare = round(count * DOUBTFUL_SHARE), round(count * RARE_SHARE)
    order = _by_hash(candidates.articles, seed)
    best = candidates.probabilities.argmax(axis=1)
    drawn = [(row, int(best[row])) for row in order[: count - doubtful - rare]]
    taken = {row for row, _ in drawn}
    ranked = _doubtful(candidates, order)
    first = _take(ranked, doubtful, taken)
    rares = _take(_rare(candidates, order), rare, taken)
    first += _take(ranked, count - len(taken), taken)
    parts: list[tuple[Reason, list[tuple[int, int]]]] = [
        ("doubtful", first),
        ("rare", rares),
        ("random", drawn),
    ]
    return [
        Choice(candidates.articles[row], candidates.topics[topic], reason)
        for reason, cells in parts
        for row, topic in cells
    ]


def _by_hash(articles: Sequence[Hashable], seed: str) -> list[int]:
    """Return the rows in an order that only the seed and the articles decide."""
    return sorted(
        range(len(articles)),
        key=lambda row: hashlib.sha256(f"{seed} {articles[row]}".encode()).digest(),
    )


def _doubtful(candidates: Candidates, order: Sequence[int]) -> list[tuple[int, int]]:
    """Return each article with the topic it is closest to the threshold of, closest first."""
    distance = np.abs(
        _logit(candidates.probabilities) - _logit(np.asarray(candidates.thresholds, dtype=float))
    )
    nearest = distance.argmin(axis=1)
    rows = sorted(order, key=lambda row: float(distance[row, nearest[row]]))
    return [(row, int(nearest[row])) for row in rows]


def _logit(probabilities: Floats) -> Floats:
    clipped = np.clip(probabilities, 1e-6, 1 - 1e-6)
    logits: Floats = np.log(clipped / (1 - clipped))
    return logits


def _rare(candidates: Candidates, order: Sequence[int]) -> list[tuple[int, int]]:
    """Return the best-scored articles of the rarer half of the topics, topic by topic in turn."""
    support = np.asarray(candidates.support)
    rare = [j for j in np.argsort(support, kind="stable") if support[j] <= np.median(support)]
    rows = np.asarray(order, dtype=np.int64)
    scores = candidates.probabilities[rows]
    columns = [rows[np.argsort(-scores[:, j], kind="stable")].tolist() for j in rare]
    return [
        (row, int(j))
        for rank in zip(*columns, strict=True)
        for row, j in zip(rank, rare, strict=True)
    ]


def _take(cells: Sequence[tuple[int, int]], count: int, taken: set[int]) -> list[tuple[int, int]]:
    """Return the first `count` cells of articles not taken yet, and mark them as taken."""
    found: list[tuple[int, int]] = []
    for row, topic in cells:
        if len(found) >= count:
            break
        if row not in taken:
            taken.add(row)
            found.append((row, topic))
    return found
