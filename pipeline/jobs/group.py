"""Note which companies articles name, and put copies of one article into one story."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.adapters.store import Store
from pipeline.adapters.store import stories as table
from pipeline.jobs.kit import Progress, no_progress
from pipeline.models.stories import BaselineLine
from pipeline.ports import Clock
from pipeline.steps.companies import Companies, mentions

BATCH = 100  # articles per transaction


@dataclass(frozen=True, slots=True)
class GroupReport:
    """What one run of the job did: articles looked at, stories begun."""

    articles: int = 0
    stories: int = 0


def run(
    store: Store,
    companies: Companies,
    baseline: Sequence[BaselineLine],
    *,
    clock: Clock,
    progress: Progress = no_progress,
) -> GroupReport:
    """Group every article that is in no story yet."""
    table.save_baseline(store, baseline)
    seen = begun = 0
    while batch := table.ungrouped(store, limit=BATCH):
        named = [mentions(article.title, article.text, companies) for article, _ in batch]
        with store.transaction():
            for (article, copy_of), counts in zip(batch, named, strict=True):
                table.save_mentions(store, article.id, counts)
                begun += table.join_story(store, article, copy_of, now=clock.now())
        seen += len(batch)
        progress("stories", len(batch))
    return GroupReport(seen, begun)
