"""Stories, mentions and the baseline in the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.adapters.store.articles import to_article
from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.times import to_text
from pipeline.models.articles import Article
from pipeline.models.stories import BaselineLine


def ungrouped(store: Store, *, limit: int) -> list[tuple[Article, int | None]]:
    """Return articles that belong to no story yet, with the article each is a copy of."""
    rows = store.rows(
        "SELECT * FROM articles WHERE grouped_at IS NULL AND status <> 'new' ORDER BY id LIMIT ?",
        (limit,),
    )
    return [(to_article(row), row["copy_of"]) for row in rows]


def save_mentions(store: Store, article_id: int, counts: Mapping[str, int]) -> None:
    """Replace the companies an article names."""
    store.execute("DELETE FROM mentions WHERE article_id = ?", (article_id,))
    store.execute_many(
        "INSERT INTO mentions (article_id, company, count) VALUES (?,?,?)",
        [(article_id, company, count) for company, count in sorted(counts.items())],
    )


def join_story(store: Store, article: Article, copy_of: int | None, *, now: datetime) -> bool:
    """Put an article into the story of what it copies, else into one of its own; True if new."""
    story = (
        store.value("SELECT story_id FROM articles WHERE id = ?", (copy_of,)) or article.story_id
    )
    is_new = story is None
    if story is None:
        story = store.execute(
            "INSERT INTO stories (title, article_id, first_seen_at, last_seen_at, articles,"
            " outlets) VALUES (?,?,?,?,1,1)",
            (article.title, article.id, to_text(article.when), to_text(article.when)),
        ).lastrowid
    store.execute(
        "UPDATE articles SET story_id = ?, grouped_at = ? WHERE id = ?",
        (story, to_text(now), article.id),
    )
    store.execute(
        "UPDATE stories SET articles = (SELECT count(*) FROM articles WHERE story_id = :id),"
        " outlets = (SELECT count(DISTINCT site) FROM articles WHERE story_id = :id),"
        " last_seen_at = max(last_seen_at, :seen) WHERE id = :id",
        {"id": story, "seen": to_text(article.when)},
    )
    return is_new


def save_baseline(store: Store, lines: Sequence[BaselineLine]) -> None:
    """Make the stored baseline what the seed says; writes only when it differs."""
    wanted = [
        (line.line, line.article, line.kind, ";".join(line.topics), line.text) for line in lines
    ]
    rows = store.rows("SELECT line, article, kind, topics, text FROM baseline ORDER BY line")
    if [tuple(row) for row in rows] == wanted:
        return
    with store.transaction():
        store.execute("DELETE FROM baseline")
        store.execute_many(
            "INSERT INTO baseline (line, article, kind, topics, text) VALUES (?,?,?,?,?)", wanted
        )
