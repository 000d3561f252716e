"""Weigh what a glossary finds in a text: one sum of named terms per topic.

Title and opening count more than the rest, a second strong term less than the first. The
constants are shared by all topics, so that a topic of ten terms behaves like the packaged ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from classifiers.document import Document, Part, Summand
from classifiers.glossary import STRENGTHS, Strength, TopicGlossary
from classifiers.matching import Matcher, key

# The twelfth strong term adds a thousandth of the first.
MOST_OF_A_KIND = 12


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


# A match as one topic sees it: term, start, end, strength or "", bits of its groups.
Hit = tuple[int, int, int, str, int]


class _Meeting(NamedTuple):
    """A conjunction with terms as the matcher's numbers, and the bits of its groups."""

    name: str
    weight: float
    in_sentence: bool
    groups: tuple[frozenset[int], ...]
    mask: int


class _Rules(NamedTuple):
    """A topic's glossary with terms as the matcher's numbers.

    Every group of every conjunction has a bit; `bits` tells a term's groups.
    """

    topic: TopicGlossary
    strengths: dict[int, Strength]
    needs: frozenset[int]
    meetings: tuple[_Meeting, ...]
    bits: dict[int, int]


class EvidenceRules:
    """The topics' glossaries, compiled; scores any text with them. Holds no learned state."""

    def __init__(self, topics: Sequence[TopicGlossary], weights: Weights | None = None) -> None:
        self.topics = tuple(topics)
        self.weights = weights or Weights()
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._weigh = _weighed(self.weights)
        self._rules = [self._compile(topic) for topic in self.topics]
        self._matcher = Matcher(self._names)
        self._means = self._index()

    def _compile(self, topic: TopicGlossary) -> _Rules:
        strengths: dict[int, Strength] = {}
        for term, strength in topic.terms:
            strengths.setdefault(self._number(term), strength)
        meetings: list[_Meeting] = []
        bits: dict[int, int] = {}
        bit = 1
        for each in topic.conjunctions:
            groups = tuple(frozenset(map(self._number, group)) for group in each.groups)
            mask = 0
            for group in groups:
                bits |= {number: bits.get(number, 0) | bit for number in group}
                mask |= bit
                bit <<= 1
            weight = each.weight or self.weights.conjunction
            meetings.append(_Meeting(each.name, weight, each.within == "sentence", groups, mask))
        needs = frozenset(map(self._number, topic.needs))
        return _Rules(topic, strengths, needs, tuple(meetings), bits)

    def _number(self, term: str) -> int:
        """Return the number of a term, the same for spellings that match the same."""
        number = self._numbers.setdefault(key(term), len(self._names))
        if number == len(self._names):
            self._names.append(term)
        return number

    def _index(self) -> list[tuple[tuple[int, str, int], ...]]:
        """Return per term the places of the topics it means something to, and what."""
        means: list[list[tuple[int, str, int]]] = [[] for _ in self._names]
        for place, rules in enumerate(self._rules):
            for number in rules.strengths.keys() | rules.needs | rules.bits.keys():
                strength = rules.strengths.get(number, "")
                means[number].append((place, strength, rules.bits.get(number, 0)))
        return [tuple(meaning) for meaning in means]

    def score(self, doc: Document) -> list[list[Summand]]:
        """Return per topic, in order, the summands of its logit; the bias comes first."""
        return [[Summand(*part) for part in parts] for parts in self.parts(doc)]

    def parts(self, doc: Document) -> list[list[Part]]:
        """Return what `score` does as plain tuples of name, weight and offset."""
        hits: list[list[Hit]] = [[] for _ in self._rules]
        means = self._means
        for term, start, end in self._matcher.spans(doc.text):
            for place, strength, bits in means[term]:
                hits[place].append((term, start, end, strength, bits))
        scored = [
            self._score_topic(rules, doc, mine)
            for rules, mine in zip(self._rules, hits, strict=True)
        ]
        return self._compared(scored)

    def _score_topic(self, rules: _Rules, doc: Document, hits: list[Hit]) -> list[Part]:
        parts: list[Part] = [("bias", self.weights.bias, -1)]
        if not hits:
            return parts
        weights = self.weights
        shown, hidden = _uncovered(hits)
        best = self._best(doc, shown)
        met = self._met(rules, doc, shown + hidden) if rules.meetings else []
        met_for = [part for part in met if part[1] > 0]
        met_against = [part for part in met if part[1] < 0]
        parts += _faded(best["strong"] + best["companies"] + met_for, weights.strong_fade)
        parts += _faded(best["supporting"], weights.supporting_fade)
        parts += _faded(best["excluding"] + met_against, weights.excluding_fade)
        if rules.needs and len(parts) > 1 and not best["strong"] and not met_for:
            first = (hit[0] for hit in hits if hit[1] < doc.opening_end)
            if rules.needs.isdisjoint(first):
                parts.append(("nothing of what the topic needs", rules.topic.without, -1))
        return parts

    def _best(self, doc: Document, hits: list[Hit]) -> dict[str, list[Part]]:
        """Return the best place of every term, by strength."""
        best: dict[str, list[Part]] = {strength: [] for strength in self._weigh}
        seen: set[int] = set()
        for number, start, _, strength, _ in hits:
            if strength in best and number not in seen:
                seen.add(number)  # hits come by place: the first is the best
                weight = self._weigh[strength][doc.place(start)]
                best[strength].append((self._names[number], weight, start))
        return best

    def _met(self, rules: _Rules, doc: Document, hits: list[Hit]) -> list[Part]:
        """Return the conjunctions whose groups all meet in the opening."""
        near = [hit for hit in hits if hit[1] < doc.opening_end]
        present = 0
        for hit in near:
            present |= hit[4]
        possible = [each for each in rules.meetings if present & each.mask == each.mask]
        if not possible:
            return []
        sentences = _by_sentence(doc, near) if any(each.in_sentence for each in possible) else []
        found: list[Part] = []
        for each in possible:
            firsts = _meet(each, sentences) if each.in_sentence else _firsts(each.groups, near)
            if firsts:
                weight = each.weight * self.weights.strong_places[doc.place(max(firsts))]
                found.append((each.name, weight, min(firsts)))
        return found

    def _compared(self, scored: list[list[Part]]) -> list[list[Part]]:
        """Take from each topic what another topic's evidence exceeds its own by.

        An article is about one thing, seldom two: what it mentions on the way loses here.
        """
        weights = self.weights
        logits = [sum([weight for _, weight, _ in parts]) for parts in scored]
        most = max(logits, default=0.0)
        for place, parts in enumerate(scored):
            # the heaviest topic has no rival before it: its lead would not be above zero
            lead = most - logits[place] - weights.rival_margin
            if len(parts) > 1 and lead > 0 and not self.topics[place].shares:
                rival = self.topics[logits.index(most)].name
                weight = -min(weights.rival * lead, weights.rival_most)
                parts.append((f"{rival} weighs more", weight, -1))
        return scored


def _weighed(weights: Weights) -> dict[str, list[float]]:
    """Return weights by strength and place; what is ignored only hides, and has none."""
    return {
        strength: [
            getattr(weights, strength) * left for left in getattr(weights, f"{strength}_places")
        ]
        for strength in STRENGTHS
        if strength != "ignored"
    }


def _uncovered(hits: list[Hit]) -> tuple[list[Hit], list[Hit]]:
    """Part the hits into those that stand for themselves and those a longer term contains.

    What an excluding term contains is left out of both: a "gaming GPU" is no GPU.
    """
    shown: list[Hit] = []
    hidden: list[Hit] = []
    cover_start = cover_end = excluded_to = -1
    for hit in hits:
        _, start, end, strength, _ = hit
        if end <= cover_end and (start != cover_start or end != cover_end):
            if end > excluded_to:
                hidden.append(hit)
            continue
        shown.append(hit)
        if strength and end > cover_end:
            cover_start, cover_end = start, end
        if strength in ("excluding", "ignored"):
            excluded_to = max(excluded_to, end)
    return shown, hidden


def _by_sentence(doc: Document, hits: list[Hit]) -> list[tuple[int, list[Hit]]]:
    """Return the sentences of the opening with two hits or more: their bits and hits."""
    places: dict[int, list[Hit]] = {}
    for hit in hits:
        places.setdefault(doc.sentence_at(hit[1]), []).append(hit)
    found = []
    for place in sorted(places):
        inside = places[place]
        if place >= 0 and len(inside) > 1:
            bits = 0
            for hit in inside:
                bits |= hit[4]
            found.append((bits, inside))
    return found


def _meet(meeting: _Meeting, sentences: list[tuple[int, list[Hit]]]) -> list[int]:
    """Return where the groups' first terms stand in the first sentence they all meet in."""
    for bits, inside in sentences:
        if bits & meeting.mask == meeting.mask:
            return _firsts(meeting.groups, inside)
    return []


def _firsts(groups: Sequence[frozenset[int]], hits: list[Hit]) -> list[int]:
    """Return where the first term of each group stands; there is one of each."""
    return [next(hit[1] for hit in hits if hit[0] in group) for group in groups]


def _faded(parts: list[Part], fade: float) -> list[Part]:
    """Return the parts by weight, each fading with those before it."""
    if len(parts) > 1:
        parts = sorted(parts, key=_heaviest_first)[:MOST_OF_A_KIND]
        return [
            (name, weight * fade**rank, offset) for rank, (name, weight, offset) in enumerate(parts)
        ]
    return parts


def _heaviest_first(part: Part) -> tuple[float, int]:
    return -abs(part[1]), part[2]
