"""What was read in articles: tags, companies and sketches, replaced together."""

from collections.abc import Sequence
from datetime import datetime

from pipeline.adapters.store import sketches
from pipeline.adapters.store.articles import save_tags
from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.stories import save_mentions
from pipeline.models.readings import Reading, TextTask

UNREAD = "unread"  # stands for the model where a worker could not read the text


def count_unread(store: Store) -> int:
    """Return how many articles are due for reading."""
    due: int = store.value(
        "SELECT count(*) FROM articles WHERE tagged_by IS NULL AND status <> 'new'"
    )
    return due


def unread(store: Store, *, after: int, limit: int) -> list[TextTask]:
    """Return the articles beyond id `after` that are due for reading, in order.

    Where there is no text, the feed's summary stands in.
    """
    rows = store.rows(
        "SELECT id, title, text, summary FROM articles"
        " WHERE tagged_by IS NULL AND status <> 'new' AND id > ? ORDER BY id LIMIT ?",
        (after, limit),
    )
    return [TextTask(row["id"], row["title"], row["text"] or row["summary"]) for row in rows]


def save(store: Store, found: Sequence[tuple[int, Reading]], *, now: datetime) -> None:
    """Replace what is known of articles by what was read in them.

    Part of the transaction that the caller has open. `found` holds article ids.
    """
    for article_id, reading in found:
        save_tags(store, article_id, reading.tags, model_id=reading.model_id, now=now)
        save_mentions(store, article_id, reading.mentions)
        sketches.save(store, article_id, reading.sketch)


def give_up(store: Store, article_id: int, *, reason: str) -> None:
    """Note that an article cannot be read; it is not tried again by itself."""
    store.execute(
        "UPDATE articles SET tagged_by = ?, reason = ? WHERE id = ?", (UNREAD, reason, article_id)
    )
