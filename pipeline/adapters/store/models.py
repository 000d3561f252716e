"""Models in the database: which there are, what made them, which one tags."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.adapters.store.connection import Row, Store
from pipeline.adapters.store.times import to_text


@dataclass(frozen=True, slots=True)
class StoredModel:
    """One row of `models`. `made_of` is the hash of all that made it, `topics` of its topics."""

    id: str
    made_of: str
    topics: str
    trained_on: Mapping[str, object] = field(default_factory=dict)
    metrics: Mapping[str, object] = field(default_factory=dict)
    active: bool = False
    created_at: str = ""


def active(store: Store) -> StoredModel | None:
    """Return the model that tags, or None where only the cold start's is there."""
    row = store.row("SELECT * FROM models WHERE active = 1")
    return to_model(row) if row else None


def listed(store: Store) -> list[StoredModel]:
    """Return every model, newest first."""
    return [
        to_model(row) for row in store.rows("SELECT * FROM models ORDER BY created_at DESC, id")
    ]


def save(store: Store, model: StoredModel, *, now: datetime) -> None:
    """Write a model down; trained again from the same things it keeps its first date."""
    store.execute(
        "INSERT INTO models (id, created_at, sha256, trained_on, metrics) VALUES (?,?,?,?,?)"
        " ON CONFLICT (id) DO UPDATE SET metrics = excluded.metrics",
        (
            model.id, to_text(now), model.made_of,
            json.dumps({**model.trained_on, "topics": model.topics}, sort_keys=True),
            json.dumps(dict(model.metrics), sort_keys=True),
        ),
    )  # fmt: skip


def use(store: Store, model_id: str) -> bool:
    """Make a model the one that tags; False if there is no such model."""
    if not store.value("SELECT 1 FROM models WHERE id = ?", (model_id,)):
        return False
    store.execute("UPDATE models SET active = 0 WHERE active = 1")
    store.execute("UPDATE models SET active = 1 WHERE id = ?", (model_id,))
    return True


def to_model(row: Row) -> StoredModel:
    trained_on = json.loads(row["trained_on"])
    return StoredModel(
        row["id"], row["sha256"], trained_on.pop("topics", ""), trained_on,
        json.loads(row["metrics"]), bool(row["active"]), row["created_at"],
    )  # fmt: skip


def labels_since(store: Store, moment: str) -> int:
    """Return how many labels came after a moment, as the database writes moments."""
    return int(store.value("SELECT count(*) FROM labels WHERE created_at > ?", (moment,)))


def texts(store: Store, *, limit: int, cut: int) -> list[tuple[int, str, str]]:
    """Return (id, title, text) of the latest articles, originals only, texts cut short."""
    rows = store.rows(
        "SELECT id, title, substr(CASE WHEN text = '' THEN summary ELSE text END, 1, ?) AS text"
        " FROM articles WHERE status <> 'new' AND copy_of IS NULL ORDER BY id DESC LIMIT ?",
        (cut, limit),
    )
    return [(row["id"], row["title"], row["text"]) for row in rows]


def text_of(store: Store, article_id: int) -> tuple[str, str] | None:
    """Return (title, text) of one article."""
    row = store.row("SELECT title, text, summary FROM articles WHERE id = ?", (article_id,))
    return (row["title"], row["text"] or row["summary"]) if row else None


def forget_tags(store: Store, *, since: datetime | None) -> int:
    """Make articles seen since then due for tagging and grouping again; return how many."""
    cursor = store.execute(
        "UPDATE articles SET tagged_by = NULL, grouped_at = NULL"
        " WHERE tagged_by IS NOT NULL AND first_seen_at >= ?",
        (to_text(since) or "",),
    )
    return cursor.rowcount
