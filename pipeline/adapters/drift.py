"""Whether the news, or the model's view of it, has shifted since the month before."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipeline.adapters.store import Store
from pipeline.adapters.store.times import to_text

if TYPE_CHECKING:
    from classifiers.drift import Period

WEEK = timedelta(days=7)
REFERENCE = timedelta(days=28)
ENOUGH = 200  # articles on each side; below, `classifiers.drift` would say nothing either

SCORES = """
SELECT t.topic, t.article_id, t.probability,
  iif(t.verdict IS NULL, t.tagged, t.outcome = 'tag') AS tagged FROM tags t
JOIN articles a ON a.id = t.article_id
WHERE a.first_seen_at >= ? AND a.first_seen_at < ? AND a.tagged_by = ?
ORDER BY t.article_id, t.topic
"""


def weekly(store: Store, now: datetime) -> dict[str, Any] | None:
    """Return each topic's shift under the model that tagged last; None with too few articles.

    Needs no labels. The population stability index warns over .25 (`classifiers.drift`).
    """
    model = store.value("SELECT tagged_by FROM articles ORDER BY id DESC LIMIT 1")
    sides = [(now - WEEK - REFERENCE, now - WEEK), (now - WEEK, now + WEEK)]
    rows = [
        store.rows(SCORES, (to_text(first), to_text(last), model)) if model else []
        for first, last in sides
    ]
    topics = sorted({row["topic"] for row in rows[1]})
    if not topics or any(len(side) < ENOUGH * len(topics) for side in rows):
        return None
    from classifiers.drift import drift

    found = drift(topics, *(period(side, len(topics)) for side in rows))
    return {
        "articles": found.texts,
        "topics": [
            {
                "topic": topic.topic, "stability_index": topic.stability,
                "shifted": topic.shifted, "tag_rate_before": topic.tag_rate_then,
                "tag_rate": topic.tag_rate_now,
            }
            for topic in found.topics
        ],
    }  # fmt: skip


def period(rows: Sequence[Any], topics: int) -> "Period":
    import numpy as np

    from classifiers.drift import Period

    logits = np.array([logit(row["probability"]) for row in rows]).reshape(-1, topics)
    tagged = np.array([bool(row["tagged"]) for row in rows], dtype=np.bool_).reshape(-1, topics)
    return Period(logits, tagged, unknown_rate=0.0)


def logit(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))
