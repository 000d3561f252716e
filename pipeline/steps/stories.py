"""Groups the articles of some days by the event they tell, across outlets and languages.

The grouping depends on the set of articles alone, not on their order or ids. Articles are
alike by the cosine of their weighted terms: in one language by all of them, across languages
by companies, numbers, names of parts, and concepts.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from pipeline.steps.companies import Companies, mentions
from pipeline.steps.concepts import Concepts
from pipeline.steps.linkage import Pair, link, pairs_of
from pipeline.steps.terms import Rarity, Terms, rarity, terms

# Title and lead tell the event; what follows is background that other events share.
LEAD = 1200  # characters
TITLE_WEIGHT = 2.0  # on top of the lead, which holds the title too

# Cosine from which two articles tell one event, in one language and across two, where only the
# marks compare: fewer terms, so chance weighs more. Few shared terms are weak evidence however
# short the articles (Herlocker et al. 1999): two prove nothing, of n - 2 more the cosine keeps
# (n - 2) / (n - 2 + FEW_SHARED).
# Chosen by benchmarks/stories.py and by 210 real items of many years read as one day's: these
# values group 30 of them, mostly of one company and one subject; without the shrinking 67.
ALIKE, ALIKE_ACROSS = 0.15, 0.36
FEW_SHARED = 2
# Of a group's pairs, how alike on average, in units of the above.
THRESHOLD = 1.0
# A copy of a text is this alike, and nothing more so.
COPY = 2.0
# An event moves on: a week apart asks for a quarter more likeness.
FADE_PER_DAY = 0.03
OTHER_TOPICS = 0.8
# Both name companies, and none in common.
OTHERS_NAMED = 0.35

# Terms of an article that candidates are found by, and how many articles may share one.
KEYS_WORDS, KEYS_MARKS, PAIRED_MARKS = 24, 14, 7
SHARED_BY, SHARED_BY_SHARE = 30, 0.01

# From here on a text is an article and no teaser, in characters.
FULL_TEXT, FULL_TEXT_CJK = 600, 220
CJK_LANGUAGES = frozenset({"zh", "ja", "ko"})


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article as grouping sees it. `owner` is whoever owns its outlet.

    `copy_of` is the article of which this one is a near-duplicate, where one is known.
    """

    id: int
    title: str
    text: str
    when: datetime
    owner: str = ""
    language: str = ""
    topics: frozenset[str] = frozenset()
    copy_of: int | None = None


Read = Callable[[StoryArticle], Terms]


@dataclass(frozen=True, slots=True)
class PlannedStory:
    """A story to store; `id` is None where it is new. `article_id` leads it."""

    id: int | None
    title: str
    article_id: int
    article_ids: tuple[int, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    outlets: int


@dataclass(frozen=True, slots=True)
class StoryPlan:
    """Every article in exactly one story; `merged` maps a story that ceased to its heir."""

    stories: tuple[PlannedStory, ...] = ()
    merged: Mapping[int, int] = field(default_factory=dict)


def group(
    articles: Iterable[StoryArticle],
    existing: Mapping[int, int],
    *,
    read: Read,
) -> StoryPlan:
    """Return the stories that some articles tell.

    `read` gives an article's terms: `reader(…)`, or the same with a memory, since reading is
    most of the work. `existing` maps article ids to the stories they are in. A story keeps its
    id while most of its articles stay together; where stories merge, the lowest id, so the
    oldest, stays; where one splits, the larger part keeps the id, the other gets a new one.
    """
    ordered = sorted(articles, key=lambda one: (one.when, one.title, one.text, one.owner, one.id))
    groups = link(len(ordered), likeness(ordered, read), threshold=THRESHOLD)
    members = [[ordered[at] for at in places] for places in groups]
    ids, merged = keep_ids(members, existing)
    return StoryPlan(
        tuple(_story(found, story_id) for found, story_id in zip(members, ids, strict=True)), merged
    )


def reader(companies: Companies, concepts: Concepts) -> Read:
    """Return the function that reads the terms of an article's title and lead."""
    return partial(_read, companies=companies, concepts=concepts)


def likeness(articles: Sequence[StoryArticle], read: Read) -> dict[Pair, float]:
    """Return how alike the candidate pairs of articles are; 1 is "the same event"."""
    every = [read(article) for article in articles]
    rare = rarity(every)
    weights = [_Weights.of(one, rare) for one in every]
    scores = {pair: _alike(articles, weights, pair) for pair in sorted(_candidates(weights))}
    place = {article.id: at for at, article in enumerate(articles)}
    for at, article in enumerate(articles):
        original = at if article.copy_of is None else place.get(article.copy_of, at)
        if original != at:
            scores[min(at, original), max(at, original)] = COPY
    return scores


def _read(article: StoryArticle, *, companies: Companies, concepts: Concepts) -> Terms:
    """Return the terms of title and lead, those of the title counting more."""
    lead = article.text[:LEAD]
    whole = terms(f"{article.title}\n{lead}", mentions(article.title, lead, companies), concepts)
    title = terms(article.title, mentions(article.title, "", companies), concepts)
    return Terms(_emphasised(whole.words, title.words), _emphasised(whole.marks, title.marks))


def _emphasised(whole: Mapping[str, float], title: Mapping[str, float]) -> dict[str, float]:
    return {
        term: 1 + math.log(count) + TITLE_WEIGHT * (term in title) for term, count in whole.items()
    }


@dataclass(frozen=True, slots=True)
class _Weights:
    """An article's weighted terms, and their length: all together, and the marks alone."""

    terms: Mapping[str, float]
    marks: Mapping[str, float]
    companies: frozenset[str]
    length: float
    marks_length: float

    @classmethod
    def of(cls, read: Terms, rare: Rarity) -> "_Weights":
        marks = {term: count * rare.of(term) for term, count in read.marks.items()}
        every = marks | {term: count * rare.of(term) for term, count in read.words.items()}
        companies = frozenset(mark for mark in marks if mark[0] == "@")
        return cls(every, marks, companies, _length(every), _length(marks))


def _length(weights: Mapping[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0


def _alike(articles: Sequence[StoryArticle], weights: Sequence[_Weights], pair: Pair) -> float:
    (one, other), (left, right) = (articles[at] for at in pair), (weights[at] for at in pair)
    if one.language == other.language:
        product, shared = _dot(left.terms, right.terms)
        cosine = product / (left.length * right.length) / ALIKE
    else:
        product, shared = _dot(left.marks, right.marks)
        cosine = product / (left.marks_length * right.marks_length) / ALIKE_ACROSS
    more = max(0, shared - 2)
    cosine *= more / (more + FEW_SHARED)
    if left.companies and right.companies and left.companies.isdisjoint(right.companies):
        cosine *= OTHERS_NAMED
    days = abs((other.when - one.when).total_seconds()) / 86_400
    faded = cosine * max(0.0, 1 - FADE_PER_DAY * days)
    apart = bool(one.topics and other.topics) and one.topics.isdisjoint(other.topics)
    return min(COPY, faded * (OTHER_TOPICS if apart else 1.0))


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> tuple[float, int]:
    """Return the product of two articles' weights, and how many terms they share."""
    if len(other) < len(one):
        one, other = other, one
    shared = [weight * other[term] for term, weight in one.items() if term in other]
    return math.fsum(shared), len(shared)


def _candidates(weights: Sequence[_Weights]) -> set[Pair]:
    """Return the pairs that share two telling terms, or two telling marks together.

    Nearly linear: a term that many articles share tells nothing and is left out.
    """
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for at, own in enumerate(weights):
        words = own.terms.keys() - own.marks.keys()
        for term in _heaviest({word: own.terms[word] for word in words}, KEYS_WORDS):
            holders[term].append(at)
        marks = _heaviest(own.marks, KEYS_MARKS)
        for mark in marks:
            holders[mark].append(at)
        for first, second in pairs_of(range(min(PAIRED_MARKS, len(marks)))):
            both = sorted((marks[first], marks[second]))
            holders[" ".join(both)].append(at)
    most = max(SHARED_BY, int(SHARED_BY_SHARE * len(weights)))
    shared: Counter[Pair] = Counter()
    for term, places in holders.items():
        if 1 < len(places) <= most:
            weight = 2 if " " in term else 1
            for pair in pairs_of(places):
                shared[pair] += weight
    return {pair for pair, count in shared.items() if count >= 2}


def _heaviest(weights: Mapping[str, float], most: int) -> list[str]:
    return sorted(weights, key=lambda term: (-weights[term], term))[:most]


def keep_ids(
    groups: Sequence[Sequence[StoryArticle]], existing: Mapping[int, int]
) -> tuple[list[int | None], dict[int, int]]:
    """Return the id each group keeps, or None, and where the ids that cease go."""
    holds: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for at, members in enumerate(groups):
        for article in members:
            if article.id in existing:
                holds[existing[article.id]][at] += 1
    # The group with most of a story's articles is its heir; of equals the first.
    heirs = {
        story: min(counts, key=lambda at: (-counts[at], at)) for story, counts in holds.items()
    }
    ids: list[int | None] = [None] * len(groups)
    merged: dict[int, int] = {}
    for story in sorted(heirs):
        kept = ids[heirs[story]]
        if kept is None:
            ids[heirs[story]] = story
        else:
            merged[story] = kept
    return ids, merged


def _story(members: Sequence[StoryArticle], story_id: int | None) -> PlannedStory:
    leading = lead(members)
    return PlannedStory(
        id=story_id,
        title=leading.title,
        article_id=leading.id,
        article_ids=tuple(sorted(article.id for article in members)),
        first_seen_at=min(article.when for article in members),
        last_seen_at=max(article.when for article in members),
        outlets=voices(members),
    )


def lead(members: Sequence[StoryArticle]) -> StoryArticle:
    """Return the article that leads a story: the first full text that is no copy.

    Without one, the first full text; without that, the first article. First is by time of
    publication, then by id.
    """
    return min(
        members, key=lambda one: (not _is_full(one), one.copy_of is not None, one.when, one.id)
    )


def _is_full(article: StoryArticle) -> bool:
    needed = FULL_TEXT_CJK if article.language in CJK_LANGUAGES else FULL_TEXT
    return len(article.text) >= needed


def voices(members: Sequence[StoryArticle]) -> int:
    """Return how many owners tell a story in words of their own.

    A text that several ran counts for the owner who ran it first, so ten copies of one wire
    story are one voice.
    """
    owners: dict[int, str] = {}
    for article in sorted(members, key=lambda one: (one.when, one.id)):
        text = article.copy_of if article.copy_of is not None else article.id
        owners.setdefault(text, article.owner or f"article {article.id}")
    return len(set(owners.values()))
