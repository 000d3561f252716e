"""Tag the articles that have no tags yet."""

from dataclasses import dataclass

from pipeline.adapters.store import Store
from pipeline.adapters.store import articles as table
from pipeline.jobs.kit import Progress, Stop, never, no_progress
from pipeline.ports import Clock, Tagger

BATCH = 100  # articles per transaction


@dataclass(frozen=True, slots=True)
class TagReport:
    """What one run of the job did: articles looked at, and those with at least one topic."""

    articles: int = 0
    on_topic: int = 0


def run(
    store: Store,
    tagger: Tagger,
    *,
    clock: Clock,
    progress: Progress = no_progress,
    stop: Stop = never,
) -> TagReport:
    """Tag every untagged article, a batch a transaction."""
    seen = on_topic = 0
    while not stop() and (batch := table.untagged(store, limit=BATCH)):
        tags = tagger.tag(batch)
        ids = [article_id for article_id, _, _ in batch]
        with store.transaction():
            table.save_tags(store, ids, tags, model_id=tagger.model_id, now=clock.now())
        seen += len(batch)
        on_topic += len({tag.article_id for tag in tags if tag.tagged})
        progress("tags", len(batch))
    return TagReport(seen, on_topic)
