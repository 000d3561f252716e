"""Compile glossaries for scoring: terms become numbers, groups of conjunctions become bits.

What a term means to which topic is looked up by its number; whether a conjunction can be met
at all is one comparison of bits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from classifiers.glossary import STRENGTHS, Conjunction, Strength, TopicGlossary
from classifiers.matching import key

# Strengths as indices; a term without one stands only in groups or among what a topic needs.
STRONG, COMPANIES, SUPPORTING, EXCLUDING, IGNORED, NOTHING = range(6)
KINDS: dict[Strength, int] = dict(zip(STRENGTHS, range(NOTHING), strict=True))

# What a term is to a topic: the topic's place and bit, a strength, the bits of its groups.
Meaning = tuple[int, int, int, int]


class Meeting(NamedTuple):
    """A conjunction: the bit of each of its groups, and of all of them."""

    name: str
    weight: float
    in_sentence: bool
    bits: tuple[int, ...]
    mask: int


class Rules(NamedTuple):
    """What a topic asks for beside single terms."""

    topic: TopicGlossary
    needs: frozenset[int]
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All topics' glossaries: `rules` by a topic's place, the rest by a term's number.

    `speaks` has a bit for every topic in whose score a term has a weight, `bits` those of all
    groups a term belongs to, whichever topic's.
    """

    rules: tuple[Rules, ...]
    names: tuple[str, ...]
    means: tuple[tuple[Meaning, ...], ...]
    speaks: tuple[int, ...]
    bits: tuple[int, ...]


def compile_topics(topics: Sequence[TopicGlossary], *, conjunction: float) -> Rulebook:
    """Return the rulebook of topics; a conjunction that states no weight has `conjunction`."""
    terms = _Terms(conjunction)
    rules, means = [], []
    for place, topic in enumerate(topics):
        strengths: dict[int, Strength] = {}
        for term, strength in topic.terms:
            strengths.setdefault(terms.number(term), strength)
        before = terms.groups
        meetings = tuple(map(terms.meeting, topic.conjunctions))
        needs = frozenset(map(terms.number, topic.needs))
        own = (1 << terms.groups) - (1 << before)
        rules.append(Rules(topic, needs, meetings))
        means.append((place, strengths, needs, own))
    found: list[list[Meaning]] = [[] for _ in terms.names]
    for place, strengths, needs, own in means:
        for number, bits in enumerate(terms.bits):
            if number in strengths or number in needs or bits & own:
                kind = KINDS[strengths[number]] if number in strengths else NOTHING
                found[number].append((place, 1 << place, kind, bits & own))
    return Rulebook(
        tuple(rules),
        tuple(terms.names),
        tuple(map(tuple, found)),
        tuple(_speaks_for(meanings) for meanings in found),
        tuple(terms.bits),
    )


class _Terms:
    """Numbers terms, the same for spellings that match the same, and gives groups their bits."""

    def __init__(self, conjunction: float) -> None:
        self.names: list[str] = []
        self.bits: list[int] = []
        self.groups = 0
        self._conjunction = conjunction
        self._numbers: dict[str, int] = {}
        self._spelt: dict[str, int] = {}

    def number(self, term: str) -> int:
        if term in self._spelt:  # shared groups make half of all
            return self._spelt[term]
        number = self._spelt[term] = self._numbers.setdefault(key(term), len(self.names))
        if number == len(self.names):
            self.names.append(term)
            self.bits.append(0)
        return number

    def meeting(self, stated: Conjunction) -> Meeting:
        bits = [1 << self.groups + place for place in range(len(stated.groups))]
        self.groups += len(bits)
        for group, bit in zip(stated.groups, bits, strict=True):
            for number in map(self.number, group):
                self.bits[number] |= bit
        weight = stated.weight or self._conjunction
        return Meeting(stated.name, weight, stated.within == "sentence", tuple(bits), sum(bits))


def _speaks_for(meanings: Iterable[Meaning]) -> int:
    return reduce(or_, (topic for _, topic, kind, _ in meanings if kind < IGNORED), 0)
