"""Read the articles that were not read with their page: tags, companies, sketch."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from pipeline.adapters.store import Store
from pipeline.adapters.store import readings as table
from pipeline.jobs.kit import Kit
from pipeline.models.readings import Reading, TextTask
from pipeline.ports import WorkerFailure

logger = logging.getLogger(__name__)

BATCH = 400  # articles taken from the queue at once
COMMIT = 50  # articles per transaction

ReadText = Callable[[TextTask], Reading]
Read = tuple[TextTask, Reading | WorkerFailure]


@dataclass(frozen=True, slots=True)
class TagReport:
    """What one run of the job did: articles read, and those with at least one topic."""

    articles: int = 0
    on_topic: int = 0


def run(kit: Kit, reader: Callable[[], ReadText]) -> TagReport:
    """Read every unread article in the workers, a batch a transaction.

    These have no page, or none yet, or were tagged by another model. `reader` is asked for
    its function only if there are any: making it loads the model.
    """
    articles = on_topic = last = 0
    while not kit.stop() and (batch := table.unread(kit.store, after=last, limit=BATCH)):
        if not last:
            kit.progress("tags", 0, due=table.count_unread(kit.store))
        last = batch[-1].article_id
        answers = kit.workers.run_all(reader(), batch)
        while chunk := list(islice(answers, COMMIT)):
            on_topic += save(kit.store, chunk, now=kit.clock.now())
            articles += len(chunk)
            kit.progress("tags", len(chunk))
            if kit.stop():
                break
    return TagReport(articles, on_topic)


def save(store: Store, chunk: Iterable[Read], *, now: datetime) -> int:
    """Store a batch in one transaction; return how many are on topic."""
    on_topic = 0
    with store.transaction():
        for task, reading in chunk:
            if isinstance(reading, WorkerFailure):
                why = f"{reading.reason}: {reading.detail}"
                logger.warning("article_unread article=%d reason=%r", task.article_id, why)
                table.give_up(store, task.article_id, reason=why)
                continue
            table.save(store, [(task.article_id, reading)], now=now)
            on_topic += reading.on_topic
    return on_topic
