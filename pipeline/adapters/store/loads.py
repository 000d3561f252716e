"""The state of the watch as a digest tells it: how busy topics are, what fails, what waits."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.passing import PUBLISHED
from pipeline.adapters.store.times import from_text, to_text
from pipeline.models.digests import FailingFeed, TopicLoad

DAYS = 14
FAILING_AFTER = timedelta(hours=24)

LOADS = f"""
{PUBLISHED}
SELECT p.topic, count(*) AS articles, CAST(julianday(:now)
  - julianday(min(coalesce(a.published_at, a.first_seen_at), :now)) AS INTEGER) AS ago
FROM passing p JOIN articles a ON a.id = p.article_id
GROUP BY p.topic, ago
"""  # noqa: S608 - constants


def topic_loads(
    store: Store, cut: float, *, topics: Mapping[str, str], now: datetime, verdicts: str
) -> tuple[TopicLoad, ...]:
    """Return each topic's articles in each of the last 14 spans of 24 hours, the newest last.

    Spans that end now, not calendar days: the last is whole, and none has 23 or 25 hours.
    """
    parameters = {
        "cut": cut,
        "verdicts": verdicts,
        "now": to_text(now),
        "since": to_text(now - timedelta(days=DAYS)),
    }
    days: dict[str, list[int]] = defaultdict(lambda: [0] * DAYS)
    for row in store.rows(LOADS, parameters):
        days[row["topic"]][DAYS - 1 - min(row["ago"], DAYS - 1)] += row["articles"]
    return tuple(TopicLoad(name, title, tuple(days[name])) for name, title in topics.items())


def failing(store: Store, now: datetime) -> tuple[FailingFeed, ...]:
    """Return the feeds a person should look at: gone, challenged, or failing for a day."""
    rows = store.rows(
        "SELECT title, url, status, failing_since, last_error FROM feeds WHERE listed = 1"
        " AND (status IN ('gone', 'challenged') OR (failures > 0 AND failing_since <= ?))"
        " ORDER BY failing_since, id",
        (to_text(now - FAILING_AFTER),),
    )
    return tuple(
        FailingFeed(
            title=row["title"] or row["url"],
            since=from_text(row["failing_since"]),
            error=row["last_error"] or row["status"],
        )
        for row in rows
    )


def unsure(store: Store, topics: Sequence[str]) -> int:
    """Return how many articles wait for a person's verdict."""
    found: int = store.value(
        "SELECT count(DISTINCT t.article_id) FROM tags t WHERE t.outcome = 'review'"
        " AND t.topic IN (SELECT value FROM json_each(?)) AND NOT EXISTS ("
        " SELECT 1 FROM labels l WHERE l.article_id = t.article_id AND l.topic = t.topic)",
        (json.dumps(list(topics)),),
    )
    return found
