"""Tell what articles belong to: the copies of one text, the story; and what they bring news of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.adapters.store import Store, sketches
from pipeline.adapters.store import stories as table
from pipeline.jobs.kit import Progress, Stop, never, no_progress
from pipeline.models.articles import Article
from pipeline.models.stories import BaselineLine, Update
from pipeline.ports import Clock
from pipeline.steps import updates
from pipeline.steps.companies import Companies
from pipeline.steps.concepts import Concepts
from pipeline.steps.outlets import Outlets
from pipeline.steps.sketch import relation
from pipeline.steps.stories import group, reader
from pipeline.steps.terms import Terms

BATCH = 100  # articles per transaction, where copies are noted
# Articles whose stories are made at once. An archive of years is taken by its dates: whole, its
# texts and terms would be in memory together (a million articles: several GB).
SLICE = 5_000


@dataclass(frozen=True, slots=True)
class GroupReport:
    """What one run of the job did: articles looked at, stories begun."""

    articles: int = 0
    stories: int = 0


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What grouping knows of the field."""

    companies: Companies
    concepts: Concepts
    outlets: Outlets
    baseline: Sequence[BaselineLine]


def run(
    store: Store,
    knowledge: Knowledge,
    *,
    clock: Clock,
    progress: Progress = no_progress,
    stop: Stop = never,
) -> GroupReport:
    """Look at every article that was read but not grouped, then group its days' stories.

    Articles count as done in the transaction that stores their stories: after a kill the rest
    is simply due again.
    """
    table.save_baseline(store, knowledge.baseline)
    seen: list[tuple[str, int]] = []
    last = begun = 0
    while not stop() and (batch := table.ungrouped(store, after=last, limit=BATCH)):
        find_originals(store, [article_id for article_id, _ in batch])
        seen += ((when, article_id) for article_id, when in batch)
        last = batch[-1][0]
        progress("stories", len(batch))
    for ids in slices(seen):
        if stop():
            break
        begun += regroup(store, table.articles(store, ids), knowledge, clock)
    return GroupReport(len(seen), begun)


def slices(seen: Sequence[tuple[str, int]], *, size: int = SLICE) -> Iterator[list[int]]:
    """Yield the ids of (time, id) by their times, as many at once as are grouped together."""
    ordered = sorted(seen)
    for start in range(0, len(ordered), size):
        yield [article_id for _, article_id in ordered[start : start + size]]


def find_originals(store: Store, batch: Sequence[int]) -> None:
    """Note of which articles those of a batch are copies; each meets those before it."""
    with store.transaction():
        for article_id in batch:
            table.save_copy(store, article_id, original(store, article_id))


def original(store: Store, article_id: int) -> int | None:
    """Return the earliest article that this one is a copy of, if there is any.

    The root of the chain: a copy of a copy points at the first, so that voices count once.
    """
    own = sketches.stored(store, article_id)
    copies = [
        found.article_id
        for found in sketches.candidates(store, own, before=article_id)
        if relation(own, found.sketch) == "same"
    ]
    return table.root_of(store, min(copies)) if copies else None


def regroup(store: Store, seen: Sequence[Article], knowledge: Knowledge, clock: Clock) -> int:
    """Store the stories of the days these articles are from and what each brings news about.

    Returns how many stories are new.
    """
    articles = table.around(store, seen, knowledge.outlets)
    existing = table.story_ids(store, articles)
    plan = group(articles, existing, read=reader(knowledge.companies, knowledge.concepts))
    news = compare(store, seen, knowledge)
    with store.transaction():
        begun = table.apply(store, plan, existing)
        for article_id, found in news:
            table.save_updates(store, article_id, found)
        table.mark_grouped(store, seen, now=clock.now())
    return begun


def compare(
    store: Store, seen: Sequence[Article], knowledge: Knowledge
) -> list[tuple[int, tuple[Update, ...]]]:
    """Return for each article the statements of the baseline it brings news about."""
    read = updates.reader(knowledge.companies, knowledge.concepts)
    baseline = updates.read_baseline(knowledge.baseline, read)

    @cache
    def terms_of(article: updates.NewsArticle) -> Terms:
        return updates.together([read(passage) for passage in updates.passages(article)])

    found = []
    for article in seen:
        topics = table.topics_of(store, article.id)
        known = table.held_before(store, article, topics) if topics else []
        held = [terms_of(as_news(earlier)) for earlier in known]
        mine = updates.updates(as_news(article), topics, baseline, read=read, known=held)
        found.append((article.id, mine))
    return found


def as_news(article: Article) -> updates.NewsArticle:
    return updates.NewsArticle(article.id, article.title, article.text)
