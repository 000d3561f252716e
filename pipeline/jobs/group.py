"""Tell what articles belong to: the companies they name, the copies of one text, the story."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.adapters.store import Store, sketches
from pipeline.adapters.store import stories as table
from pipeline.jobs.kit import Progress, no_progress
from pipeline.models.articles import Article
from pipeline.models.stories import BaselineLine
from pipeline.ports import Clock
from pipeline.steps.companies import Companies, mentions
from pipeline.steps.concepts import Concepts
from pipeline.steps.sketch import relation, sketch
from pipeline.steps.stories import group, reader

BATCH = 100  # articles per transaction


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
    baseline: Sequence[BaselineLine]


def run(
    store: Store, knowledge: Knowledge, *, clock: Clock, progress: Progress = no_progress
) -> GroupReport:
    """Look at every article that was tagged but not grouped, then group its days' stories."""
    table.save_baseline(store, knowledge.baseline)
    seen: list[Article] = []
    while batch := table.ungrouped(store, limit=BATCH):
        note(store, batch, knowledge.companies, clock)
        seen += batch
        progress("stories", len(batch))
    return GroupReport(len(seen), regroup(store, seen, knowledge) if seen else 0)


def note(store: Store, batch: Sequence[Article], companies: Companies, clock: Clock) -> None:
    """Store a batch's companies, sketches and copies; each article meets those before it."""
    with store.transaction():
        for article in batch:
            table.save_mentions(store, article.id, mentions(article.title, article.text, companies))
            own = sketch(article.text)
            copy_of = original(store, article.id, own)
            sketches.save(store, article.id, own)
            table.mark_grouped(store, article.id, copy_of, now=clock.now())


def original(store: Store, article_id: int, own: frozenset[int]) -> int | None:
    """Return the earliest article that this one is a copy of, if there is any."""
    copies = [
        found.article_id
        for found in sketches.candidates(store, own, but=article_id)
        if relation(own, found.sketch) == "same" and found.article_id < article_id
    ]
    return min(copies, default=None)


def regroup(store: Store, seen: Sequence[Article], knowledge: Knowledge) -> int:
    """Group the stories of the days these articles are from; return how many are new."""
    articles = table.around(store, seen)
    if not articles:
        return 0
    existing = table.story_ids(store, articles)
    plan = group(articles, existing, read=reader(knowledge.companies, knowledge.concepts))
    with store.transaction():
        return table.apply(store, plan, existing)
