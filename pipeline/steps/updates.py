"""Finds which statements of the baseline an article brings news about, and how new that is."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pipeline.models.stories import BaselineLine, Update
from pipeline.steps.companies import Companies, mentions
from pipeline.steps.concepts import Concepts
from pipeline.steps.digest.lead import sentences
from pipeline.steps.terms import Rarity, Terms, rarity, terms

# Which statement an article may bear on is for `about` to say: judged one by one, what likeness
# alone put first was beside the point for 10 of 30 articles of the newsroom and 9 of 14 real ones
# (a sentence on what HBM is, the history of a company); of the claims, 0 of 28 and 2 of 12, which
# are of one arguable kind. Likeness ranks the claims that are left; below this it is chance.
BEARS = 0.05
# What only stands below the headline is less what an article is about.
BELOW = 0.5
# A statement of two general concepts is near to anything: weight of the shared marks (a company
# or concept weighs 2 to 3, a number 6) at which half of the likeness is kept.
LITTLE_SPOKEN = 5.0
# Statements an article may bear on in one topic.
MOST = 3
# Passages of an article that are read: news comes first.
PASSAGES = 12
# Characters of the headline and the opening, where an article says what it is about; a CJK sign
# counts double.
OPENING = 700

ReadPassage = Callable[[str], Terms]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The statements, read once."""

    lines: tuple[BaselineLine, ...]
    read: tuple[Terms, ...]
    rarity: Rarity


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """An article as this step sees it; one paragraph of `text` a line."""

    id: int
    title: str
    text: str


def reader(companies: Companies, concepts: Concepts) -> ReadPassage:
    """Return the function that reads the terms of one passage."""
    return partial(_read, companies=companies, concepts=concepts)


def _read(passage: str, *, companies: Companies, concepts: Concepts) -> Terms:
    return terms(passage, mentions("", passage, companies), concepts)


def read_baseline(lines: Sequence[BaselineLine], read: ReadPassage) -> Baseline:
    """Return the statements that carry a topic, read and weighed."""
    stated = tuple(line for line in lines if line.topics)
    found = tuple(read(line.text) for line in stated)
    return Baseline(stated, found, rarity(found))


def updates(
    article: NewsArticle,
    topics: Collection[str],
    baseline: Baseline,
    *,
    read: ReadPassage,
    known: Sequence[Terms] = (),
) -> tuple[Update, ...]:
    """Return the nearest statements of the baseline in each of an article's topics.

    Novelty is the share of the
    article that stands neither in the baseline nor in any one of the `known` articles, those
    the store held before. Ordered by topic, the nearest statement first.
    """
    if not topics:
        return ()
    parts = passages(article)
    own = [read(passage) for passage in parts]
    whole = together(own)
    headline, opening = own[0] if own else read(""), together(own[: len_of_opening(parts)])
    first = together([headline, *map(read, sentences("".join(parts[1:2]))[:1])])
    # Weighed once, not once a statement: that was a quarter of the time of a pass's parent.
    weighed = [_weights(passage.marks, baseline.rarity) for passage in own]
    near = {
        at: _nearest(baseline.read[at], weighed, whole, baseline.rarity)
        * _prominence(line.about, headline.marks)
        for at, line in enumerate(baseline.lines)
        if any(topic in topics for topic in line.topics)
        and _bears(line.about, first.marks, opening.marks)
    }
    new = novelty(whole, together(baseline.read), known, rare=baseline.rarity)
    found: list[Update] = []
    for topic in sorted(topics):
        here = [at for at in near if topic in baseline.lines[at].topics]
        best = sorted(here, key=lambda at: (-near[at], baseline.lines[at].line))[:MOST]
        found += (
            Update(article.id, topic, baseline.lines[at].line, round(near[at], 4), round(new, 4))
            for at in best
            if near[at] >= BEARS
        )
    return tuple(found)


def novelty(article: Terms, stated: Terms, known: Sequence[Terms], *, rare: Rarity) -> float:
    """Return the weighted share of an article's terms that are new, in [0, 1].

    New is what neither the baseline (`stated`) nor the most alike of the `known` texts holds.
    """
    weights = _weights([*article.words, *article.marks], rare)
    fresh = {
        term: weight
        for term, weight in weights.items()
        if term not in stated.words and term not in stated.marks
    }
    held = (
        math.fsum(fresh[term] for term in fresh if term in text.words or term in text.marks)
        for text in known
    )
    left = math.fsum(fresh.values()) - max(held, default=0.0)
    return min(1.0, max(0.0, left / (math.fsum(weights.values()) or 1.0)))


def passages(article: NewsArticle) -> list[str]:
    """Return the title and the first paragraphs of an article."""
    return [one for one in (article.title, *article.text.splitlines()[:PASSAGES]) if one.strip()]


def together(passages: Sequence[Terms]) -> Terms:
    """Return the terms of some passages as those of one text, as `known` wants an article."""
    words: dict[str, float] = {}
    marks: dict[str, float] = {}
    for passage in passages:
        words |= passage.words
        marks |= passage.marks
    return Terms(words, marks)


def len_of_opening(parts: Sequence[str]) -> int:
    """Return how many of an article's passages are its headline and opening: at least two."""
    read = 0
    for number, part in enumerate(parts):
        read += len(part) + sum(character >= "\u2e80" for character in part)
        if read >= OPENING:
            return max(2, number + 1)
    return len(parts)


def _bears(about: Sequence[frozenset[str]], first: Collection[str], marks: Collection[str]) -> bool:
    """Say whether a claim is what these marks speak of; a statement without a claim never is."""
    named = all(not group.isdisjoint(marks) for group in about)
    return bool(about) and named and not about[0].isdisjoint(first)


def _prominence(about: Sequence[frozenset[str]], headline: Collection[str]) -> float:
    named = sum(not group.isdisjoint(headline) for group in about)
    return BELOW + (1 - BELOW) * named / len(about)


def _nearest(
    line: Terms, passages: Sequence[Mapping[str, float]], whole: Terms, rare: Rarity
) -> float:
    """Return how near an article comes to a statement, in [0, 1].

    By marks alone: a statement and its news use other words, in English as across languages.
    Half the nearest passage, half what of the statement the whole article speaks of.
    """
    own = _weights(line.marks, rare)
    spoken = math.fsum(own[mark] for mark in own if mark in whole.marks)
    covered = spoken / (math.fsum(own.values()) or 1.0)
    closest = max((_cosine(own, one) for one in passages), default=0.0)
    telling = spoken / (spoken + LITTLE_SPOKEN)
    return (closest + covered) / 2 * telling


def _weights(marks: Iterable[str], rare: Rarity) -> dict[str, float]:
    return {mark: rare.of(mark) for mark in marks}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = [weight * other[term] for term, weight in one.items() if term in other]
    # One shared name is a subject, not a statement.
    if len(shared) < 2:
        return 0.0
    squares = (math.fsum(weight * weight for weight in side.values()) for side in (one, other))
    return min(1.0, math.fsum(shared) / math.sqrt(math.prod(squares)))
