"""Weigh what a glossary finds in a text: one sum of named terms per topic.

Title and opening count more than the rest, a second strong term less than the first. The
constants are shared by all topics, so that a topic of ten terms behaves like the packaged ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.document import Document, Part, Summand
from classifiers.glossary import TopicGlossary
from classifiers.matching import Matcher, Span
from classifiers.rulebook import EXCLUDING, IGNORED, KINDS, NOTHING, Rules, compile_topics

TAIL = 3  # the last of a text's places: title, head, opening, tail
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


# A match as one topic sees it: term, start, end, part of the text, strength, bits of its groups.
Hit = tuple[int, int, int, int, int, int]


class EvidenceRules:
    """The topics' glossaries, compiled; scores any text with them. Holds no learned state."""

    def __init__(self, topics: Sequence[TopicGlossary], weights: Weights | None = None) -> None:
        self.topics = tuple(topics)
        self.weights = weights or Weights()
        self._weigh = _weighed(self.weights)
        self._book = compile_topics(self.topics, conjunction=self.weights.conjunction)
        self._masks = [
            (each.mask, 1 << place)
            for place, rules in enumerate(self._book.rules)
            for each in rules.meetings
        ]
        self._matcher = Matcher(self._book.names)

    def score(self, doc: Document) -> list[list[Summand]]:
        """Return per topic, in order, the summands of its logit; the bias comes first."""
        return [[Summand(*part) for part in parts] for parts in self.parts(doc)]

    def parts(self, doc: Document) -> list[list[Part]]:
        """Return what `score` does as plain tuples of name, weight and offset."""
        return self.weighed(doc)[0]

    def weighed(self, doc: Document) -> tuple[list[list[Part]], list[float]]:
        """Return per topic the parts of its logit, and the logit."""
        spans = self._matcher.spans(doc.text)
        opening = {term for term, start, _ in spans if start < doc.opening_end}
        speaks, meets = self._worth_a_look(spans, opening)
        scored: list[list[Part]] = [[("bias", self.weights.bias, -1)] for _ in self.topics]
        for place, hits in enumerate(self._hits(doc, spans, speaks=speaks, meets=meets)):
            if hits:
                rules = self._book.rules[place]
                met = bool(meets >> place & 1)
                scored[place] += self._score_topic(rules, doc, hits, opening=opening, meets=met)
        return self._compared(scored)

    def _worth_a_look(self, spans: Sequence[Span], opening: set[int]) -> tuple[int, int]:
        """Return a bit for each topic with a term that weighs, and each with a possible meeting.

        Terms that stand in groups and needs alone, as "chip" does for most topics, add nothing
        where no conjunction can be met: a third of all topics with a match.
        """
        speaks = present = meets = 0
        weighed, bits = self._book.speaks, self._book.bits
        for term, _, _ in spans:
            speaks |= weighed[term]
        for term in opening:
            present |= bits[term]
        for mask, topic in self._masks:
            if present & mask == mask:
                meets |= topic
        return speaks | meets, meets

    def _hits(
        self, doc: Document, spans: Sequence[Span], *, speaks: int, meets: int
    ) -> list[list[Hit]]:
        """Return per topic what it can use of the spans."""
        hits: list[list[Hit]] = [[] for _ in self.topics]
        if not speaks:
            return hits
        means = self._book.means
        title_end, head_end, opening_end = doc.title_end, doc.head_end, doc.opening_end
        for term, start, end in spans:
            # 0 the title, 1 the head, 2 the opening, 3 the tail; no call: a text has 100 terms
            part = (start >= title_end) + (start >= head_end) + (start >= opening_end)
            for place, topic, kind, bits in means[term]:
                if topic & (meets if kind == NOTHING else speaks):
                    hits[place].append((term, start, end, part, kind, bits))
        return hits

    def _score_topic(
        self, rules: Rules, doc: Document, hits: list[Hit], *, opening: set[int], meets: bool
    ) -> list[Part]:
        weights = self.weights
        shown, hidden = _uncovered(hits)
        strong, companies, supporting, excluding = self._best(shown)
        hints = bool(not strong and rules.needs)
        strong += companies
        for met in self._met(rules, doc, shown + hidden) if meets else ():
            hints = hints and met[1] < 0
            (strong if met[1] > 0 else excluding).append(met)
        parts = _faded(strong, weights.strong_fade)
        if supporting:
            parts += _faded(supporting, weights.supporting_fade)
        if excluding:
            parts += _faded(excluding, weights.excluding_fade)
        if hints and parts and rules.needs.isdisjoint(opening):
            parts.append(("nothing of what the topic needs", rules.topic.without, -1))
        return parts

    def _best(self, hits: list[Hit]) -> list[list[Part]]:
        """Return the best place of every term, by strength: strong to excluding."""
        names, weigh = self._book.names, self._weigh
        best: list[list[Part]] = [[] for _ in weigh]
        seen: set[int] = set()
        for term, start, _, part, kind, _ in hits:
            if kind < IGNORED and term not in seen:
                seen.add(term)  # hits come by place: the first is the best
                best[kind].append((names[term], weigh[kind][part], start))
        return best

    def _met(self, rules: Rules, doc: Document, hits: list[Hit]) -> list[Part]:
        """Return the conjunctions whose groups all meet in the opening."""
        near = [hit for hit in hits if hit[3] < TAIL]
        present = 0
        for hit in near:
            present |= hit[5]
        sentences: list[tuple[int, list[Hit]]] | None = None
        found: list[Part] = []
        for name, weight, in_sentence, bits, mask in rules.meetings:
            if present & mask != mask:
                continue
            inside = near
            if in_sentence:
                sentences = _by_sentence(doc, near) if sentences is None else sentences
                inside = _first_with(sentences, mask)
            if inside:
                firsts = [_first_of(inside, bit) for bit in bits]
                last = max([hit[3] for hit in firsts])
                at = min([hit[1] for hit in firsts])
                found.append((name, weight * self.weights.strong_places[last], at))
        return found

    def _compared(self, scored: list[list[Part]]) -> tuple[list[list[Part]], list[float]]:
        """Take from each topic what another topic's evidence exceeds its own by.

        An article is about one thing, seldom two: what it mentions on the way loses here.
        """
        weights = self.weights
        bias = weights.bias
        logits = [
            sum([weight for _, weight, _ in parts]) if len(parts) > 1 else bias for parts in scored
        ]
        most = max(logits, default=0.0)
        rival = ""
        for place, parts in enumerate(scored):
            # the heaviest topic has no rival before it: its lead would not be above zero
            lead = most - logits[place] - weights.rival_margin
            if len(parts) > 1 and lead > 0 and not self.topics[place].shares:
                rival = rival or f"{self.topics[logits.index(most)].name} weighs more"
                weight = -min(weights.rival * lead, weights.rival_most)
                parts.append((rival, weight, -1))
                logits[place] += weight
        return scored, logits


def _weighed(weights: Weights) -> tuple[tuple[float, ...], ...]:
    """Return weights by strength and place; what is ignored only hides, and has none."""
    return tuple(
        tuple(getattr(weights, strength) * left for left in getattr(weights, f"{strength}_places"))
        for strength, kind in KINDS.items()
        if kind < IGNORED
    )


def _uncovered(hits: list[Hit]) -> tuple[list[Hit], list[Hit]]:
    """Part the hits into those that stand for themselves and those a longer term contains.

    What an excluding term contains is left out of both: a "gaming GPU" is no GPU.
    """
    shown: list[Hit] = []
    hidden: list[Hit] = []
    cover_start = cover_end = excluded_to = -1
    for hit in hits:
        _, start, end, _, kind, _ = hit
        if end <= cover_end and (start != cover_start or end != cover_end):
            if end > excluded_to:
                hidden.append(hit)
            continue
        shown.append(hit)
        if kind < NOTHING and end > cover_end:
            cover_start, cover_end = start, end
        if kind in (EXCLUDING, IGNORED):
            excluded_to = max(excluded_to, end)
    return shown, hidden


def _by_sentence(doc: Document, hits: list[Hit]) -> list[tuple[int, list[Hit]]]:
    """Return the sentences of the opening with two hits or more: their bits and their members.

    Members stand in a group; any other hit is company enough for a member of two groups.
    """
    at = doc.sentence_at
    members: dict[int, list[Hit]] = {}
    heard: dict[int, int] = {}
    for hit in hits:
        place = at(hit[1])
        heard[place] = heard.get(place, 0) + 1
        if hit[5]:
            members.setdefault(place, []).append(hit)
    found = []
    for place in sorted(members):
        if place >= 0 and heard[place] > 1:
            bits = 0
            for hit in members[place]:
                bits |= hit[5]
            found.append((bits, members[place]))
    return found


def _first_with(sentences: list[tuple[int, list[Hit]]], mask: int) -> list[Hit]:
    """Return the members of the first sentence that all groups meet in."""
    for bits, inside in sentences:
        if bits & mask == mask:
            return inside
    return []


def _first_of(hits: list[Hit], bit: int) -> Hit:
    """Return the first hit of a group; there is one."""
    for hit in hits:
        if hit[5] & bit:
            return hit
    raise LookupError(bit)


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
