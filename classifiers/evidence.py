"""Weigh what a glossary finds in a text: one sum of named terms per topic.

Title and opening count more than the rest, a second strong term less than the first. The
constants are shared by all topics, so that a topic of ten terms behaves like the packaged ones.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from classifiers.glossary import STRENGTHS, Conjunction, Strength, TopicGlossary
from classifiers.matching import Match, Matcher, key
from classifiers.sentences import Sentence, split

# Passing mentions are the main fault of keyword lists: what stands after the opening counts
# little, what stands beyond MOST_CHARS not at all (which also bounds the work per text).
HEAD_CHARS = 200
OPENING_CHARS = 700
MOST_CHARS = 20_000
# The twelfth strong term adds a thousandth of the first.
MOST_OF_A_KIND = 12
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Weights:
    """Logits of a term by strength, what each place leaves of them, and how repeats fade.

    Places are title, head, opening and tail.
    """

    bias: float = -2.75
    strong: float = 3.4
    companies: float = 2.8
    supporting: float = 0.9
    excluding: float = -2.0
    conjunction: float = 3.2
    strong_places: tuple[float, float, float, float] = (1.0, 0.65, 0.55, 0.2)
    companies_places: tuple[float, float, float, float] = (1.0, 0.75, 0.35, 0.1)
    supporting_places: tuple[float, float, float, float] = (1.0, 0.8, 0.5, 0.15)
    excluding_places: tuple[float, float, float, float] = (1.0, 0.8, 0.5, 0.15)
    strong_fade: float = 0.5
    supporting_fade: float = 0.6
    excluding_fade: float = 0.6
    rival: float = 0.65
    rival_margin: float = 0.5
    rival_most: float = 3.0


class Summand(NamedTuple):
    """A named part of a logit, and the character it stems from (-1: none)."""

    name: str
    weight: float
    offset: int = -1


class Document:
    """Title and text as one string; where its parts end, and its opening's sentences."""

    def __init__(self, text: str, title_end: int) -> None:
        self.text = text
        self.title_end = title_end
        self.head_end = title_end + HEAD_CHARS
        self.opening_end = title_end + OPENING_CHARS

    def place(self, offset: int) -> int:
        """Return 0 for the title, 1 the head, 2 the opening, 3 the tail."""
        if offset < self.title_end:
            return 0
        return 1 if offset < self.head_end else 2 if offset < self.opening_end else 3

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of the opening; the last may be cut off."""
        return split(self.text[: self.opening_end])

    def meeting(
        self, groups: Sequence[frozenset[int]], matches: list[Match], *, within: str
    ) -> list[int]:
        """Return where the groups' first terms stand in the first place they all meet."""
        if within != "sentence":
            return _firsts(groups, matches)
        for sentence in self.sentences:
            start, end = sentence.start, sentence.end
            inside = [match for match in matches if start <= match.start < end]
            if len(inside) > 1:
                firsts = _firsts(groups, inside)
                if firsts:
                    return firsts
        return []


def document(title: str, text: str) -> Document:
    """Return title and text joined by a line break; offsets of a score point into it.

    A text without a title lends its first sentence.
    """
    title = BLANKS.sub(" ", title).strip()
    if title:
        return Document(f"{title}\n{text}"[:MOST_CHARS], len(title))
    text = text[:MOST_CHARS]
    first = next(iter(split(text[:OPENING_CHARS])), None)
    return Document(text, first.end if first and len(first.text) <= HEAD_CHARS else 0)


@dataclass(frozen=True, slots=True)
class _Rules:
    """A topic's glossary with terms as the matcher's numbers.

    Every group of every conjunction has a bit: `bits` tells a term's groups, `masks` the groups
    a conjunction needs.
    """

    topic: TopicGlossary
    strengths: dict[int, Strength]
    needs: frozenset[int]
    conjunctions: tuple[tuple[Conjunction, tuple[frozenset[int], ...]], ...]
    bits: dict[int, int]
    masks: tuple[int, ...]


class EvidenceRules:
    """The topics' glossaries, compiled; scores any text with them. Holds no learned state."""

    def __init__(self, topics: Sequence[TopicGlossary], weights: Weights | None = None) -> None:
        self.topics = tuple(topics)
        self.weights = weights or Weights()
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._rules = [self._compile(topic) for topic in self.topics]
        self._matcher = Matcher(self._names)
        self._concerned = self._index()

    @cached_property
    def _weigh(self) -> dict[Strength, list[float]]:
        """Weights by strength and place; what is ignored only hides."""
        places = {
            strength: (getattr(self.weights, strength), getattr(self.weights, f"{strength}_places"))
            for strength in STRENGTHS
            if strength != "ignored"
        }
        return {name: [weight * left for left in lefts] for name, (weight, lefts) in places.items()}

    def _compile(self, topic: TopicGlossary) -> _Rules:
        strengths: dict[int, Strength] = {}
        for term, strength in topic.terms:
            strengths.setdefault(self._number(term), strength)
        conjunctions = tuple(
            (each, tuple(frozenset(map(self._number, group)) for group in each.groups))
            for each in topic.conjunctions
        )
        needs = frozenset(map(self._number, topic.needs))
        return _Rules(topic, strengths, needs, conjunctions, *_bits(conjunctions))

    def _number(self, term: str) -> int:
        """Return the number of a term, the same for spellings that match the same."""
        number = self._numbers.setdefault(key(term), len(self._names))
        if number == len(self._names):
            self._names.append(term)
        return number

    def _index(self) -> list[tuple[int, ...]]:
        """Return per term the places of the topics it means something to."""
        concerned: list[list[int]] = [[] for _ in self._names]
        for place, rules in enumerate(self._rules):
            numbers = rules.strengths.keys() | rules.needs
            for _, groups in rules.conjunctions:
                numbers |= frozenset().union(*groups)
            for number in numbers:
                concerned[number].append(place)
        return [tuple(places) for places in concerned]

    def score(self, doc: Document) -> list[list[Summand]]:
        """Return per topic, in order, the summands of its logit; the bias comes first."""
        mine: list[list[Match]] = [[] for _ in self._rules]
        for match in self._matcher.find(doc.text):
            for place in self._concerned[match.term]:
                mine[place].append(match)
        return self._compared(
            [
                self._score_topic(rules, doc, matches)
                for rules, matches in zip(self._rules, mine, strict=True)
            ]
        )

    def _score_topic(self, rules: _Rules, doc: Document, matches: list[Match]) -> list[Summand]:
        weights = self.weights
        summands = [Summand("bias", weights.bias)]
        if not matches:
            return summands
        shown, hidden = _uncovered(rules, matches)
        best = self._best(rules, doc, shown)
        met = self._met(rules, doc, [*shown, *hidden])
        met_for = [summand for summand in met if summand.weight > 0]
        met_against = [summand for summand in met if summand.weight < 0]
        summands += _faded([*best["strong"], *best["companies"], *met_for], weights.strong_fade)
        summands += _faded(best["supporting"], weights.supporting_fade)
        summands += _faded([*best["excluding"], *met_against], weights.excluding_fade)
        if rules.needs and len(summands) > 1 and not best["strong"] and not met_for:
            first = (match for match in matches if match.start < doc.opening_end)
            if not any(match.term in rules.needs for match in first):
                summands.append(Summand("nothing of what the topic needs", rules.topic.without))
        return summands

    def _best(
        self, rules: _Rules, doc: Document, matches: list[Match]
    ) -> dict[Strength, list[Summand]]:
        best: dict[Strength, list[Summand]] = {strength: [] for strength in STRENGTHS}
        seen: set[int] = set()
        for number, start, _ in matches:
            strength = rules.strengths.get(number, "ignored")
            if strength in self._weigh and number not in seen:
                seen.add(number)  # matches come by place: the first is the best
                weight = self._weigh[strength][doc.place(start)]
                best[strength].append(Summand(self._names[number], weight, start))
        return best

    def _met(self, rules: _Rules, doc: Document, matches: list[Match]) -> list[Summand]:
        """Return the conjunctions whose groups all meet in the opening."""
        found: list[Summand] = []
        near = [match for match in matches if match.start < doc.opening_end]
        present = 0
        for match in near:
            present |= rules.bits.get(match.term, 0)
        for (conjunction, groups), mask in zip(rules.conjunctions, rules.masks, strict=True):
            if present & mask != mask:
                continue
            firsts = doc.meeting(groups, near, within=conjunction.within)
            if firsts:
                weight = conjunction.weight or self.weights.conjunction
                weight *= self.weights.strong_places[doc.place(max(firsts))]
                found.append(Summand(conjunction.name, weight, min(firsts)))
        return found

    def _compared(self, scored: list[list[Summand]]) -> list[list[Summand]]:
        """Take from each topic what another topic's evidence exceeds its own by.

        An article is about one thing, seldom two: what it mentions on the way loses here.
        """
        weights = self.weights
        logits = [sum(summand.weight for summand in summands) for summands in scored]
        compared = []
        for place, summands in enumerate(scored):
            rivals = [logit for other, logit in enumerate(logits) if other != place]
            lead = max(rivals, default=0.0) - logits[place] - weights.rival_margin
            if len(summands) > 1 and lead > 0 and not self.topics[place].shares:
                rival = self.topics[logits.index(max(rivals))].name
                weight = -min(weights.rival * lead, weights.rival_most)
                compared.append([*summands, Summand(f"{rival} weighs more", weight)])
            else:
                compared.append(summands)
        return compared


def _bits(
    conjunctions: Sequence[tuple[Conjunction, tuple[frozenset[int], ...]]],
) -> tuple[dict[int, int], tuple[int, ...]]:
    """Return the bits of every term and the mask of every conjunction."""
    bits: dict[int, int] = {}
    masks: list[int] = []
    bit = 1
    for _, groups in conjunctions:
        mask = 0
        for group in groups:
            for number in group:
                bits[number] = bits.get(number, 0) | bit
            mask |= bit
            bit <<= 1
        masks.append(mask)
    return bits, tuple(masks)


def _uncovered(rules: _Rules, matches: list[Match]) -> tuple[list[Match], list[Match]]:
    """Part the matches into those that stand for themselves and those a longer term contains.

    What an excluding term contains is left out of both: a "gaming GPU" is no GPU.
    """
    shown: list[Match] = []
    hidden: list[Match] = []
    cover = Match(-1, -1, -1)
    excluded_to = -1
    for match in matches:
        strength = rules.strengths.get(match.term)
        if match.end <= cover.end and (match.start, match.end) != cover[1:]:
            if match.end > excluded_to:
                hidden.append(match)
            continue
        shown.append(match)
        if strength and match.end > cover.end:
            cover = match
        if strength in ("excluding", "ignored"):
            excluded_to = max(excluded_to, match.end)
    return shown, hidden


def _firsts(groups: Sequence[frozenset[int]], matches: list[Match]) -> list[int]:
    """Return where the first term of each group stands, nothing when a group is missing."""
    firsts: list[int] = []
    for group in groups:
        for match in matches:
            if match.term in group:
                firsts.append(match.start)
                break
        else:
            return []
    return firsts


def _faded(summands: list[Summand], fade: float) -> list[Summand]:
    """Return the summands by weight, each fading with those before it."""
    if len(summands) > 1:
        summands = sorted(summands, key=_heaviest_first)[:MOST_OF_A_KIND]
    return [
        Summand(name, weight * fade**rank, offset)
        for rank, (name, weight, offset) in enumerate(summands)
    ]


def _heaviest_first(summand: Summand) -> tuple[float, int]:
    return -abs(summand.weight), summand.offset


def passage(doc: Document, summands: Sequence[Summand]) -> str:
    """Return the sentence that carries the most of a score, "" when nothing in the text does."""
    placed = [summand for summand in summands if summand.offset >= 0 and summand.weight > 0]
    if not placed:
        return ""
    sentences = doc.sentences
    if any(summand.offset >= doc.opening_end for summand in placed):
        sentences = split(doc.text)
    best, most = "", 0.0
    for sentence in sentences:
        carried = sum(
            summand.weight for summand in placed if sentence.start <= summand.offset < sentence.end
        )
        if carried > most:
            best, most = sentence.text, carried
    return best
