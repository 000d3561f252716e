"""A made-up collection in the shape of Reuters-21578: 90 topics with a long tail, 7,770 texts.

Topic sizes follow the ModApte split. Made to watch behaviour, sparsity and speed where the real
collection is not at hand. At scikit-learn's default threshold it scores about as the real one
does (micro F1 .86, macro .4 to .5); no more is claimed.
"""

from dataclasses import dataclass

import numpy as np

# Texts a topic has in the ModApte training split, largest first.
SIZES = (
    *(2877, 1650, 538, 433, 389, 369, 347, 212, 197, 181, 140, 131, 126, 124, 111, 101, 94, 87),
    *(78, 75, 75, 75, 69, 55, 55, 50, 47, 46, 45, 41, 40, 39, 37, 37, 37, 35, 35, 30, 30, 24, 23),
    *(21, 21, 20, 19, 18, 18, 16, 16, 16, 16, 15, 14, 14, 13, 13, 12, 11, 10, 10, 9, 9, 8, 8),
    *(6, 5, 5, 5, 5, 5, 4, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1),
)
VOCABULARY = 40_000
OWN_WORDS = 15  # words that speak for a topic
FAMILY_FROM = 8  # topics from this rank on may belong to a larger one, as wheat does to grain


@dataclass(frozen=True, slots=True)
class Collection:
    """Texts ("title, line break, body") and the topics of each."""

    texts: list[str]
    labels: list[frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Topic:
    words: np.ndarray
    odds: np.ndarray
    family: int


class LongTail:
    """Draws texts about 90 topics from a seed.

    `shared` is the share of a topic's words that another topic has, too; `strays` the share of
    texts that mention a topic they are not about.
    """

    def __init__(self, seed: int = 0, *, shared: float = 0.35, strays: float = 0.2) -> None:
        self._rng = np.random.default_rng(seed)
        self._strays = strays
        self._sizes = np.array(SIZES, dtype=float)
        background = 1 / np.arange(1, VOCABULARY + 1) ** 1.05
        self._background = np.cumsum(background / background.sum())
        self._topics: list[_Topic] = []
        for rank in range(len(SIZES)):
            self._topics.append(self._topic(rank, shared))

    def draw(self, count: int) -> Collection:
        """Return `count` texts, at least one per topic."""
        odds = self._sizes / self._sizes.sum()
        chosen = self._rng.choice(len(SIZES), count, p=odds)
        chosen[: len(SIZES)] = np.arange(len(SIZES))[:count]
        named = [self._labels(int(topic)) for topic in chosen]
        return Collection(
            texts=[self._text(topics) for topics in named],
            labels=[frozenset(f"t{topic:02d}" for topic in topics) for topics in named],
        )

    def _topic(self, rank: int, shared: float) -> _Topic:
        rng = self._rng
        family = -1
        if rank >= FAMILY_FROM and rng.random() < 0.5:
            family = int(rng.integers(2, max(3, min(rank // 2, 14))))
        words = np.exp(rng.uniform(np.log(60), np.log(15_000), OWN_WORDS)).astype(int)
        if rank:
            near = family if family >= 0 else int(rng.integers(rank))
            taken = rng.random(OWN_WORDS) < shared * (1.5 if family >= 0 else 1.0)
            words[taken] = rng.choice(self._topics[near].words, taken.sum())
        rng.shuffle(words)
        odds = 1 / np.arange(1, OWN_WORDS + 1)
        return _Topic(words, odds / odds.sum(), family)

    def _labels(self, topic: int) -> list[int]:
        topics = {topic}
        family = self._topics[topic].family
        if family >= 0 and self._rng.random() < 0.85:
            topics.add(family)
        while self._rng.random() < 0.1:
            topics.add(self._any_topic(0.5))
        return sorted(topics)

    def _any_topic(self, flatness: float) -> int:
        odds = self._sizes**flatness
        return int(self._rng.choice(len(SIZES), p=odds / odds.sum()))

    def _text(self, topics: list[int]) -> str:
        rng = self._rng
        length = max(12, int(rng.lognormal(np.log(65), 0.75)))
        telling = int(rng.binomial(length, np.clip(rng.beta(2, 6), 0.02, 0.9))) + 1
        parts = [self._mention(topic, max(1, telling // len(topics))) for topic in topics]
        if rng.random() < self._strays:
            parts.append(self._mention(self._any_topic(0.4), int(rng.integers(1, 4))))
        parts.append(np.searchsorted(self._background, rng.random(max(5, length - telling))))
        words = np.concatenate(parts)
        rng.shuffle(words)
        title = rng.choice(words, min(len(words), 7), replace=False)
        return f"{_spell(title)}\n{_spell(words)}"

    def _mention(self, topic: int, count: int) -> np.ndarray:
        return self._rng.choice(self._topics[topic].words, count, p=self._topics[topic].odds)


def _spell(words: np.ndarray) -> str:
    return " ".join(f"w{word}" for word in words)
