"""Everything the database knows about one article, for `explain`."""

import json
from typing import Any

from pipeline.adapters.store.connection import Store
from pipeline.steps.urls import key
from pipeline.steps.versions import diff


def find(store: Store, wanted: str) -> int | None:
    """Return the id of the article a person names by its id or any of its addresses."""
    if wanted.isdecimal() and len(wanted) <= 18:  # more digits than an INTEGER holds: no id
        found = store.value("SELECT id FROM articles WHERE id = ?", (int(wanted),))
    else:
        found = store.value(
            "SELECT article_id FROM article_urls WHERE url IN (?, ?)"
            " UNION SELECT id FROM articles WHERE url = ?",
            (key(wanted), wanted, wanted),
        )
    return None if found is None else int(found)


def explain(store: Store, article_id: int) -> dict[str, Any]:
    """Return an article with its tags and their reasons, story, copies, companies and updates."""
    row = store.row("SELECT * FROM articles WHERE id = ?", (article_id,))
    assert row is not None  # found by `find`
    shown = (
        "id", "url", "title", "author", "site", "language", "published_at", "first_seen_at",
        "date_source", "text_source", "status", "reason", "story_id", "copy_of", "part_of",
    )  # fmt: skip
    article = {name: row[name] for name in shown}
    return {
        **article,
        "tags": tags(store, article_id),
        "story": story(store, row["story_id"]),
        "copies": rows(
            store,
            "SELECT id, site, title, url FROM articles WHERE id <> :id AND (copy_of = :id"
            " OR id = :of OR (copy_of IS NOT NULL AND copy_of = :of)) ORDER BY id",
            {"id": article_id, "of": row["copy_of"]},
        ),
        "companies": rows(
            store,
            "SELECT company, count FROM mentions WHERE article_id = ? ORDER BY count DESC, company",
            (article_id,),
        ),
        "updates": rows(
            store,
            "SELECT u.topic, u.baseline_line, u.similarity, u.novelty, b.text AS statement"
            " FROM updates u JOIN baseline b ON b.line = u.baseline_line"
            " WHERE u.article_id = ? ORDER BY u.similarity DESC",
            (article_id,),
        ),
        "announced_by": rows(
            store,
            "SELECT f.title AS feed, s.title, s.url, s.published_at, s.date_source, s.seen_at"
            " FROM sightings s JOIN feeds f ON f.id = s.feed_id"
            " WHERE s.article_id = ? ORDER BY s.id",
            (article_id,),
        ),
        "versions": versions(store, article_id, row["text"]),
    }


def tags(store: Store, article_id: int) -> list[dict[str, Any]]:
    found = rows(
        store,
        "SELECT topic, probability, tagged, outcome, verdict, evidence, terms, model_id, tagged_at"
        " FROM tags WHERE article_id = ? ORDER BY probability DESC",
        (article_id,),
    )
    return [
        {**tag, "tagged": bool(tag["tagged"]), "terms": json.loads(tag["terms"])} for tag in found
    ]


def story(store: Store, story_id: int | None) -> dict[str, Any] | None:
    found = rows(store, "SELECT * FROM stories WHERE id = ?", (story_id,))
    if not found:
        return None
    members = rows(
        store,
        "SELECT id, site, title, url, coalesce(published_at, first_seen_at) AS published_at"
        " FROM articles WHERE story_id = ? ORDER BY 5",
        (story_id,),
    )
    return {**found[0], "members": members}


def rows(store: Store, sql: str, parameters: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in store.rows(sql, parameters)]


def versions(store: Store, article_id: int, text: str) -> list[dict[str, Any]]:
    """Return each earlier version, newest first, with what the next one changed."""
    earlier = rows(
        store,
        "SELECT title, text, replaced_at FROM article_versions WHERE article_id = ?"
        " ORDER BY id DESC",
        (article_id,),
    )
    found, following = [], text
    for version in earlier:
        changed = diff(version["text"], following)
        found.append(
            {"title": version["title"], "replaced_at": version["replaced_at"], "diff": changed}
        )
        following = version["text"]
    return found
