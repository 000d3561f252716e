"""What `stats` counts: topics over weeks, outlets, companies, and how long a tag takes."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from pipeline.adapters.store.connection import Row, Store
from pipeline.adapters.store.times import to_text


def weeks(now: datetime, count: int) -> list[str]:
    """Return the Mondays of the last weeks, the oldest first, the running one included."""
    monday = now.date() - timedelta(days=now.weekday())
    return [(monday - timedelta(weeks=back)).isoformat() for back in range(count - 1, -1, -1)]


def topics(store: Store, mondays: list[str]) -> dict[str, list[int]]:
    """Return every topic's articles in each of these weeks, the busiest topic first."""
    found: dict[str, list[int]] = defaultdict(lambda: [0] * len(mondays))
    place = {monday: number for number, monday in enumerate(mondays)}
    rows = store.rows(
        "SELECT topic, week, articles FROM topic_weeks WHERE week >= ? ORDER BY topic",
        (mondays[0],),
    )
    for row in rows:
        if row["week"] in place:  # an article dated in the future is in none
            found[row["topic"]][place[row["week"]]] = row["articles"]
    return dict(sorted(found.items(), key=lambda pair: (-sum(pair[1]), pair[0])))


def outlets(store: Store, since: date, *, limit: int) -> list[Row]:
    """Return the outlets with the most tagged articles."""
    return store.rows(
        "SELECT a.site AS name, count(DISTINCT a.id) AS articles FROM articles a"
        " JOIN tags t ON t.article_id = a.id AND t.tagged = 1"
        " WHERE coalesce(a.published_at, a.first_seen_at) >= ? AND a.site <> ''"
        " GROUP BY a.site ORDER BY articles DESC, a.site LIMIT ?",
        (since.isoformat(), limit),
    )


def companies(store: Store, since: date, *, limit: int) -> list[Row]:
    """Return the companies named in the most tagged articles."""
    return store.rows(
        "SELECT m.company AS name, count(DISTINCT m.article_id) AS articles FROM mentions m"
        " JOIN tags t ON t.article_id = m.article_id AND t.tagged = 1"
        " JOIN articles a ON a.id = m.article_id"
        " WHERE coalesce(a.published_at, a.first_seen_at) >= ?"
        " GROUP BY m.company ORDER BY articles DESC, m.company LIMIT ?",
        (since.isoformat(), limit),
    )


def lags(store: Store, since: datetime) -> list[int]:
    """Return the seconds from publication to tag of the articles first seen since, ascending.

    Only articles whose date the publisher states; the others' is our own first sight.
    """
    rows = store.rows(
        "SELECT CAST((julianday(min(t.tagged_at)) - julianday(a.published_at)) * 86400 AS INTEGER)"
        " AS lag FROM articles a JOIN tags t ON t.article_id = a.id"
        " WHERE a.first_seen_at >= ? AND a.published_at IS NOT NULL"
        " AND a.date_source IN ('feed', 'page') AND a.published_at <= a.first_seen_at"
        " GROUP BY a.id ORDER BY lag",
        (to_text(since),),
    )
    return [row["lag"] for row in rows]
