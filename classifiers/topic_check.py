"""Say what a topic would do: which texts it would tag, which of its terms carry it, which are idle.

By its rules alone, as a new topic works before anybody has labelled an article: a topic that
has learned from labels is a little better than what is said here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import tanh

from classifiers.document import Part, document
from classifiers.evidence import EvidenceRules
from classifiers.glossary import FOR, Strength, TopicGlossary
from classifiers.matching import Matcher, key


@dataclass(frozen=True, slots=True)
class WouldTag:
    """A text the topic would be tagged on, and the summands for it, the heaviest first."""

    text_id: int
    title: str
    probability: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Carrier:
    """A term or conjunction that speaks for the topic: in how many tagged texts, its share."""

    name: str
    texts: int
    share: float


@dataclass(frozen=True, slots=True)
class Shared:
    """A term that speaks for other topics, too; the heavier topic wins an article."""

    term: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicCheck:
    """What a topic does to `texts` texts. `never` are the terms that stand in none of them."""

    topic: TopicGlossary
    texts: int
    tagged: tuple[WouldTag, ...]
    carriers: tuple[Carrier, ...]
    never: tuple[tuple[str, Strength], ...]
    shared: tuple[Shared, ...]


def check_topic(
    topic: TopicGlossary,
    others: Sequence[TopicGlossary],
    texts: Iterable[tuple[int, str, str]],
) -> TopicCheck:
    """Return what a topic would do beside others to texts of (id, title, text); see TopicCheck.

    Texts are read once, one at a time; the surest tagged text comes first.
    """
    rules = EvidenceRules([topic, *(other for other in others if other.name != topic.name)])
    terms = Matcher(term for term, _ in topic.terms)
    tagged: list[WouldTag] = []
    weights: defaultdict[str, list[float]] = defaultdict(list)
    found: set[int] = set()
    read = 0
    for text_id, title, text in texts:
        read += 1
        doc = document(title, text)
        found.update(number for number, _, _ in terms.spans(doc.text))
        parts = rules.parts(doc)[0]
        probability = 0.5 * (1 + tanh(sum(weight for _, weight, _ in parts) / 2))
        if probability >= topic.tag_from:
            speak = _speak_for(parts)
            for name, weight, _ in speak:
                weights[name].append(weight)
            tagged.append(WouldTag(text_id, title, probability, tuple(part[0] for part in speak)))
    never = tuple(pair for number, pair in enumerate(topic.terms) if number not in found)
    return TopicCheck(
        topic,
        read,
        tuple(sorted(tagged, key=lambda each: -each.probability)),
        _carriers(weights),
        never if read else (),
        _shared(topic, others),
    )


def _speak_for(parts: Sequence[Part]) -> list[Part]:
    return sorted((part for part in parts if part[1] > 0), key=lambda part: -part[1])


def _carriers(weights: dict[str, list[float]]) -> tuple[Carrier, ...]:
    whole = sum(map(sum, weights.values()))
    found = [Carrier(name, len(each), sum(each) / whole) for name, each in weights.items()]
    return tuple(sorted(found, key=lambda carrier: (-carrier.share, carrier.name)))


def _shared(topic: TopicGlossary, others: Sequence[TopicGlossary]) -> tuple[Shared, ...]:
    theirs: defaultdict[str, list[str]] = defaultdict(list)
    for other in others:
        if other.name != topic.name:
            for spelling in Counter(key(term) for term, kind in other.terms if kind in FOR):
                theirs[spelling].append(other.name)
    return tuple(
        Shared(term, tuple(theirs[key(term)]))
        for term, kind in topic.terms
        if kind in FOR and key(term) in theirs
    )
