"""What may be forgotten, and forgetting it without a trace left dangling."""

import json
from collections.abc import Sequence
from datetime import datetime

from pipeline.adapters.store import sketches
from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.times import to_text

# Kept for ever: what a person labelled or is asked about, what is tagged, what stood in a digest,
# what still waits to be fetched, tagged or grouped, and what another article or story refers to.
FORGETTABLE = """
SELECT a.id FROM articles a
WHERE coalesce(a.fetched_at, a.first_seen_at) < :cutoff
  AND a.next_fetch_at IS NULL AND a.tagged_by IS NOT NULL AND a.grouped_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM tags t WHERE t.article_id = a.id AND t.outcome <> 'no')
  AND NOT EXISTS (SELECT 1 FROM labels l WHERE l.article_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM review_items r WHERE r.article_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM digest_stories d WHERE d.article_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM articles o WHERE o.copy_of = a.id OR o.part_of = a.id)
  AND NOT EXISTS (SELECT 1 FROM stories s JOIN articles o ON o.story_id = s.id
                  WHERE s.article_id = a.id AND o.id <> a.id)
ORDER BY a.id LIMIT :limit
"""
# Rows about one article and nothing else.
DEPENDENT = ("tags", "mentions", "updates", "article_versions", "article_urls")


def forgettable(store: Store, cutoff: datetime, *, limit: int) -> list[int]:
    """Return articles older than the cutoff that nobody needs any more."""
    rows = store.rows(FORGETTABLE, {"cutoff": to_text(cutoff), "limit": limit})
    return [row["id"] for row in rows]


def forget(store: Store, article_ids: Sequence[int]) -> None:
    """Delete these articles and all about them; triggers keep the full-text index right.

    Sightings stay, without their article: a feed that still announces the entry must not
    bring it back as news. Part of the transaction that is open.
    """
    chosen = json.dumps(list(article_ids))
    which = "IN (SELECT value FROM json_each(?))"
    for table in DEPENDENT:
        store.execute(
            f"DELETE FROM {table} WHERE article_id {which}",  # noqa: S608 - names are ours
            (chosen,),
        )
    store.execute(f"UPDATE sightings SET article_id = NULL WHERE article_id {which}", (chosen,))  # noqa: S608
    for article_id in article_ids:
        sketches.forget(store, article_id)
    stories = store.rows(
        f"SELECT DISTINCT story_id FROM articles WHERE id {which} AND story_id IS NOT NULL",  # noqa: S608
        (chosen,),
    )
    store.execute(f"UPDATE articles SET story_id = NULL WHERE id {which}", (chosen,))  # noqa: S608
    for row in stories:
        left = store.value("SELECT count(*) FROM articles WHERE story_id = ?", (row["story_id"],))
        if left:
            store.execute("UPDATE stories SET articles = ? WHERE id = ?", (left, row["story_id"]))
        else:
            store.execute("DELETE FROM stories WHERE id = ?", (row["story_id"],))
    store.execute(f"DELETE FROM articles WHERE id {which}", (chosen,))  # noqa: S608
