"""Stories, mentions and the baseline in the database."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pipeline.adapters.store.articles import to_article
from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.times import from_text, to_text
from pipeline.models.articles import Article
from pipeline.models.stories import BaselineLine, Update
from pipeline.steps.outlets import Outlets, owner
from pipeline.steps.stories import PlannedStory, StoryArticle, StoryPlan

# A story that gets no article for so long is over: the next one begins another.
WINDOW = timedelta(days=7)


def ungrouped(store: Store, *, after: int, limit: int) -> list[tuple[int, str]]:
    """Return (id, time of publication) of articles beyond id `after` that were tagged but not
    grouped, in order."""
    rows = store.rows(
        "SELECT id, coalesce(published_at, first_seen_at) AS at FROM articles"
        " WHERE grouped_at IS NULL AND status <> 'new'"
        " AND tagged_by IS NOT NULL AND id > ? ORDER BY id LIMIT ?",
        (after, limit),
    )
    return [(row["id"], row["at"]) for row in rows]


def articles(store: Store, ids: Sequence[int]) -> list[Article]:
    """Return the articles with these ids, by id."""
    rows = store.rows(
        "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(ids)),),
    )
    return [to_article(row) for row in rows]


def save_mentions(store: Store, article_id: int, counts: Mapping[str, int]) -> None:
    """Replace the companies an article names."""
    store.execute("DELETE FROM mentions WHERE article_id = ?", (article_id,))
    store.execute_many(
        "INSERT INTO mentions (article_id, company, count) VALUES (?,?,?)",
        [(article_id, company, count) for company, count in sorted(counts.items())],
    )


def save_copy(store: Store, article_id: int, copy_of: int | None) -> None:
    """Note of which earlier article this one is a copy; writes only if it was not known."""
    store.execute(
        "UPDATE articles SET copy_of = ? WHERE id = ? AND copy_of IS NOT ?",
        (copy_of, article_id, copy_of),
    )


def root_of(store: Store, article_id: int) -> int:
    """Return what an article is a copy of, else itself."""
    return int(
        store.value("SELECT coalesce(copy_of, id) FROM articles WHERE id = ?", (article_id,))
    )


def mark_grouped(store: Store, articles: Sequence[Article], *, now: datetime) -> None:
    """Note that these articles are done; part of the transaction that stores their stories."""
    store.execute_many(
        "UPDATE articles SET grouped_at = ? WHERE id = ?",
        [(to_text(now), article.id) for article in articles],
    )


def topics_of(store: Store, article_id: int) -> list[str]:
    """Return the topics an article is tagged with."""
    rows = store.rows(
        "SELECT topic FROM tags WHERE article_id = ? AND tagged = 1 ORDER BY topic", (article_id,)
    )
    return [row["topic"] for row in rows]


def held_before(store: Store, article: Article, topics: Sequence[str]) -> list[Article]:
    """Return what the store held before an article that may say the same: the latest on its
    topics, at most HELD, its own copies left out."""
    ids = {
        row["article_id"]
        for topic in topics
        for row in store.rows(BEFORE, {"topic": topic, "id": article.id, "limit": HELD})
    }
    return articles(store, sorted(ids)[-HELD:])[::-1]


# The latest of one topic, from the index's end: of a million articles, .5 ms instead of 60.
BEFORE = """
SELECT t.article_id FROM tags t CROSS JOIN articles a ON a.id = t.article_id
WHERE t.tagged = 1 AND t.topic = :topic AND t.article_id < :id AND coalesce(a.copy_of, a.id) <> :id
ORDER BY t.article_id DESC LIMIT :limit
"""
HELD = 40  # a month of a busy topic's leading stories; reading one costs a millisecond


def save_updates(store: Store, article_id: int, updates: Sequence[Update]) -> None:
    """Replace the statements of the baseline an article brings news about."""
    store.execute("DELETE FROM updates WHERE article_id = ?", (article_id,))
    store.execute_many(
        "INSERT INTO updates (article_id, topic, baseline_line, similarity, novelty)"
        " VALUES (?,?,?,?,?)",
        [
            (article_id, found.topic, found.baseline_line, round(found.similarity, 4),
             round(found.novelty, 4))
            for found in updates
        ],
    )  # fmt: skip


def around(store: Store, articles: Sequence[Article], outlets: Outlets) -> list[StoryArticle]:
    """Return the on-topic articles that can belong to one story with any of these.

    Those of the same days, and every member of a story that one of them is in. An article
    that no topic wants, not even for review, belongs to no story.
    """
    first = min(article.when for article in articles) - WINDOW
    last = max(article.when for article in articles) + WINDOW
    rows = store.rows(
        f"WITH near AS ({ON_TOPIC} AND coalesce(a.published_at, a.first_seen_at)"  # noqa: S608 - our own text
        f" BETWEEN ? AND ?) SELECT * FROM near UNION {ON_TOPIC} AND a.story_id IN"
        " (SELECT story_id FROM near WHERE story_id IS NOT NULL)",
        (to_text(first), to_text(last)),
    )
    return [
        StoryArticle(
            id=row["id"], title=row["title"], text=row["text"] or row["summary"],
            when=from_text(row["at"]) or first, owner=owner(row["site"], row["url"], outlets),
            language=row["language"], topics=frozenset((row["topics"] or "").split(",")),
            copy_of=row["copy_of"],
        )
        for row in rows
    ]  # fmt: skip


ON_TOPIC = """
SELECT a.id, a.title, a.text, a.summary, a.url, a.site, a.language, a.copy_of, a.story_id,
  coalesce(a.published_at, a.first_seen_at) AS at,
  (SELECT group_concat(topic) FROM tags WHERE article_id = a.id AND tagged = 1) AS topics
FROM articles a
WHERE a.status <> 'new'
  AND EXISTS (SELECT 1 FROM tags WHERE article_id = a.id AND (outcome <> 'no' OR tagged = 1))
"""


def story_ids(store: Store, articles: Sequence[StoryArticle]) -> dict[int, int]:
    """Return the story each of these articles is in now."""
    rows = store.rows(
        "SELECT id, story_id FROM articles WHERE story_id IS NOT NULL"
        " AND id IN (SELECT value FROM json_each(?))",
        (json.dumps([article.id for article in articles]),),
    )
    return {row["id"]: row["story_id"] for row in rows}


def apply(store: Store, plan: StoryPlan, existing: Mapping[int, int]) -> int:
    """Make the stored stories what the plan says, writing only what differs; return new ones."""
    begun = 0
    for planned in plan.stories:
        story_id, is_new = save_story(store, planned)
        begun += is_new
        store.execute_many(
            "UPDATE articles SET story_id = ? WHERE id = ?",
            [
                (story_id, article_id)
                for article_id in planned.article_ids
                if existing.get(article_id) != story_id
            ],
        )
    for ceased, heir in sorted(plan.merged.items()):
        store.execute("UPDATE digest_stories SET story_id = ? WHERE story_id = ?", (heir, ceased))
        store.execute("UPDATE articles SET story_id = ? WHERE story_id = ?", (heir, ceased))
        store.execute("DELETE FROM stories WHERE id = ?", (ceased,))
    return begun


def save_story(store: Store, planned: PlannedStory) -> tuple[int, bool]:
    """Write one story if it is new or differs; return its id and whether it is new."""
    values = (
        planned.title, planned.article_id, to_text(planned.first_seen_at),
        to_text(planned.last_seen_at), len(planned.article_ids), planned.outlets,
    )  # fmt: skip
    if planned.id is None:
        cursor = store.execute(
            "INSERT INTO stories (title, article_id, first_seen_at, last_seen_at, articles,"
            " outlets) VALUES (?,?,?,?,?,?)",
            values,
        )
        return int(cursor.lastrowid or 0), True
    store.execute(
        "UPDATE stories SET title = ?, article_id = ?, first_seen_at = ?, last_seen_at = ?,"
        " articles = ?, outlets = ? WHERE id = ? AND (title, article_id, first_seen_at,"
        " last_seen_at, articles, outlets) IS NOT (?,?,?,?,?,?)",
        (*values, planned.id, *values),
    )
    return planned.id, False


def save_baseline(store: Store, lines: Sequence[BaselineLine]) -> None:
    """Make the stored baseline what the seed says; writes only when it differs."""
    wanted = [
        (
            line.line, line.article, line.kind, ";".join(line.topics), line.text,
            line.day.isoformat() if line.day else "",
        )
        for line in lines
    ]  # fmt: skip
    rows = store.rows("SELECT line, article, kind, topics, text, day FROM baseline ORDER BY line")
    if [tuple(row) for row in rows] == wanted:
        return
    with store.transaction():
        store.execute("DELETE FROM baseline")
        store.execute_many(
            "INSERT INTO baseline (line, article, kind, topics, text, day) VALUES (?,?,?,?,?,?)",
            wanted,
        )
