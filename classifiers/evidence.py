"""Weigh what a glossary finds in a text: one sum of named terms per topic.

Title and opening count more than the rest, a second strong term less than the first. The
constants are shared by all topics, so that a topic of ten terms behaves like the packaged ones.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from classifiers.glossary import STRENGTHS, Conjunction, Strength, TopicGlossary
from classifiers.matching import Match, Matcher, key
from classifiers.sentences import Sentence, split

# Passing mentions are the main fault of keyword lists: what stands after the opening counts
# little, what stands beyond MOST_CHARS not at all (which also bounds the work per text).
HEAD_CHARS = 200
OPENING_CHARS = 700
MOST_CHARS = 20_000
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


@dataclass(frozen=True, slots=True)
class Summand:
    """A named part of a logit, and the character it stems from (-1: none)."""

    name: str
    weight: float
    offset: int = -1


@dataclass(frozen=True, slots=True)
class Document:
    """Title and text as one string, and where its parts end."""

    text: str
    title_end: int

    @property
    def opening_end(self) -> int:
        """Where the part that counts most ends."""
        return self.title_end + OPENING_CHARS

    def place(self, offset: int) -> int:
        """Return 0 for the title, 1 the head, 2 the opening, 3 the tail."""
        after = offset - self.title_end
        return 0 if after < 0 else 1 if after < HEAD_CHARS else 2 if after < OPENING_CHARS else 3


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
    """A topic's glossary with terms as the matcher's numbers."""

    topic: TopicGlossary
    strengths: dict[int, Strength]
    needs: frozenset[int]
    conjunctions: tuple[tuple[Conjunction, tuple[frozenset[int], ...]], ...]


class EvidenceRules:
    """The topics' glossaries, compiled; scores any text with them. Holds no learned state."""

    def __init__(self, topics: Sequence[TopicGlossary], weights: Weights | None = None) -> None:
        self.topics = tuple(topics)
        self.weights = weights or Weights()
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._rules = [self._compile(topic) for topic in self.topics]
        self._matcher = Matcher(self._names)

    def _compile(self, topic: TopicGlossary) -> _Rules:
        strengths: dict[int, Strength] = {}
        for term, strength in topic.terms:
            strengths.setdefault(self._number(term), strength)
        return _Rules(
            topic,
            strengths,
            frozenset(map(self._number, topic.needs)),
            tuple(
                (each, tuple(frozenset(map(self._number, group)) for group in each.groups))
                for each in topic.conjunctions
            ),
        )

    def _number(self, term: str) -> int:
        """Return the number of a term, the same for spellings that match the same."""
        number = self._numbers.setdefault(key(term), len(self._names))
        if number == len(self._names):
            self._names.append(term)
        return number

    def score(self, doc: Document) -> list[list[Summand]]:
        """Return per topic, in order, the summands of its logit; the bias comes first."""
        matches = self._matcher.find(doc.text)
        sentences = split(doc.text[: doc.opening_end]) if matches else []
        scored = [self._score_topic(rules, doc, matches, sentences) for rules in self._rules]
        return self._compared(scored)

    def _score_topic(
        self, rules: _Rules, doc: Document, matches: list[Match], sentences: list[Sentence]
    ) -> list[Summand]:
        weights = self.weights
        summands = [Summand("bias", weights.bias)]
        shown, hidden = _uncovered(rules, matches)
        if not shown:
            return summands
        best = self._best(rules, doc, shown)
        met = self._met(rules, doc, [*shown, *hidden], sentences)
        met_for = [summand for summand in met if summand.weight > 0]
        met_against = [summand for summand in met if summand.weight < 0]
        summands += _faded([*best["strong"], *best["companies"], *met_for], weights.strong_fade)
        summands += _faded(best["supporting"], weights.supporting_fade)
        summands += _faded([*best["excluding"], *met_against], weights.excluding_fade)
        if rules.needs and len(summands) > 1 and not best["strong"] and not met_for:
            opening = (match for match in matches if match.start < doc.opening_end)
            if not any(match.term in rules.needs for match in opening):
                summands.append(Summand("nothing of what the topic needs", rules.topic.without))
        return summands

    def _best(
        self, rules: _Rules, doc: Document, matches: list[Match]
    ) -> dict[Strength, list[Summand]]:
        best: dict[Strength, dict[int, Summand]] = {strength: {} for strength in STRENGTHS}
        for match in matches:
            strength = rules.strengths.get(match.term)
            if strength in (None, "ignored") or match.term in best[strength]:
                continue  # matches come by place: the first is the best
            places: tuple[float, ...] = getattr(self.weights, f"{strength}_places")
            weight = getattr(self.weights, strength) * places[doc.place(match.start)]
            best[strength][match.term] = Summand(self._names[match.term], weight, match.start)
        return {strength: list(found.values()) for strength, found in best.items()}

    def _met(
        self, rules: _Rules, doc: Document, matches: list[Match], sentences: list[Sentence]
    ) -> list[Summand]:
        """Return the conjunctions whose groups all meet."""
        found = []
        opening = [match for match in matches if match.start < doc.opening_end]
        for conjunction, groups in rules.conjunctions:
            spans = (
                [(0, doc.opening_end)]
                if conjunction.within == "opening"
                else [(sentence.start, sentence.end) for sentence in sentences]
            )
            for start, end in spans:
                firsts = _firsts(groups, [match for match in opening if start <= match.start < end])
                if firsts is not None:
                    place = doc.place(max(firsts))
                    weight = conjunction.weight or self.weights.conjunction
                    weight *= self.weights.strong_places[place]
                    found.append(Summand(conjunction.name, weight, min(firsts)))
                    break
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
            if len(summands) > 1 and lead > 0:
                rival = self.topics[logits.index(max(rivals))].name
                weight = -min(weights.rival * lead, weights.rival_most)
                compared.append([*summands, Summand(f"{rival} weighs more", weight)])
            else:
                compared.append(summands)
        return compared


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


def _firsts(groups: Sequence[frozenset[int]], matches: list[Match]) -> list[int] | None:
    """Return where the first term of each group stands, or None when a group is missing."""
    firsts = []
    for group in groups:
        first = next((match.start for match in matches if match.term in group), None)
        if first is None:
            return None
        firsts.append(first)
    return firsts


def _faded(summands: list[Summand], fade: float) -> list[Summand]:
    """Return the summands by weight, each fading with those before it."""
    ordered = sorted(summands, key=lambda summand: (-abs(summand.weight), summand.offset))
    return [
        Summand(summand.name, summand.weight * fade**rank, summand.offset)
        for rank, summand in enumerate(islice(ordered, 12))
    ]


def passage(doc: Document, summands: Sequence[Summand]) -> str:
    """Return the sentence that carries the most of a score, "" when nothing in the text does."""
    placed = [summand for summand in summands if summand.offset >= 0 and summand.weight > 0]
    if not placed:
        return ""
    best, most = "", 0.0
    for sentence in split(doc.text):
        carried = sum(
            summand.weight for summand in placed if sentence.start <= summand.offset < sentence.end
        )
        if carried > most:
            best, most = sentence.text, carried
    return best
