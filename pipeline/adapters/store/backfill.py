"""Backfills in the database: how far each archive was read, and the articles it brought.

An article that comes from an archive has no sighting, so no digest owes it to anybody.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.adapters.store.articles import Cleaned, save_cleaned
from pipeline.adapters.store.connection import Row, Store
from pipeline.adapters.store.times import to_text


@dataclass(frozen=True, slots=True)
class Backfill:
    """One archive under one set of filters: where to go on, and what came of it so far."""

    id: int
    position: int
    counts: Mapping[str, int]


def begin(
    store: Store, *, source: str, identity: str, filters: str, again: bool, now: datetime
) -> Backfill:
    """Return how far an archive was read with these filters; `again` forgets that first."""
    with store.transaction():
        store.execute(
            "INSERT INTO backfills (source, identity, filters, started_at, updated_at)"
            " VALUES (?,?,?,?,?) ON CONFLICT (identity, filters) DO UPDATE SET source = ?",
            (source, identity, filters, to_text(now), to_text(now), source),
        )
        row = store.row(
            "SELECT id, position, counts FROM backfills WHERE identity = ? AND filters = ?",
            (identity, filters),
        )
        assert row is not None  # inserted above
        if again:
            store.execute(
                "UPDATE backfills SET position = 0, counts = '{}' WHERE id = ?", (row[0],)
            )
            store.execute("DELETE FROM backfill_records WHERE backfill_id = ?", (row["id"],))
            return Backfill(row["id"], 0, {})
    return Backfill(row["id"], row["position"], json.loads(row["counts"]))


def settled(store: Store, backfill_id: int) -> set[str]:
    """Return the records that are done by name."""
    rows = store.rows("SELECT record FROM backfill_records WHERE backfill_id = ?", (backfill_id,))
    return {row["record"] for row in rows}


def settle(store: Store, backfill_id: int, record: str, outcome: str) -> bool:
    """Note what became of a record; False if it was noted before."""
    cursor = store.execute(
        "INSERT OR IGNORE INTO backfill_records (backfill_id, record, outcome) VALUES (?,?,?)",
        (backfill_id, record, outcome),
    )
    return cursor.rowcount == 1


def advance(store: Store, backfill: Backfill, *, position: int, size: int, now: datetime) -> None:
    """Note how far an archive was read; part of the transaction that stores what that brought."""
    store.execute(
        "UPDATE backfills SET position = ?, size = ?, counts = ?, updated_at = ?,"
        " finished_at = NULL WHERE id = ?",
        (
            position, size, json.dumps(dict(backfill.counts), sort_keys=True), to_text(now),
            backfill.id,
        ),
    )  # fmt: skip


def finish(store: Store, backfill_id: int, *, now: datetime) -> None:
    """Note that an archive was read to its end."""
    with store.transaction():
        store.execute(
            "UPDATE backfills SET finished_at = ? WHERE id = ? AND finished_at IS NULL",
            (to_text(now), backfill_id),
        )


def counted(backfill: Backfill, more: Mapping[str, int]) -> Backfill:
    """Return the backfill with what a batch came to added to its counts."""
    return replace(backfill, counts=dict(Counter(backfill.counts) + Counter(more)))


def known(store: Store, url: str, keys: Collection[str]) -> Row | None:
    """Return the id of the article at this address, and whether it has its text."""
    return store.row(
        "SELECT id, text <> '' AS has_text FROM articles WHERE id IN ("
        "  SELECT article_id FROM article_urls WHERE url IN (SELECT value FROM json_each(?))"
        "  UNION SELECT id FROM articles WHERE url = ?) ORDER BY text = '', id LIMIT 1",
        (json.dumps(sorted(keys)), url),
    )


def add(store: Store, cleaned: Cleaned, *, url: str, key: str, seen_at: datetime) -> int:
    """Store an archived article; return its id.

    It counts as first seen and fetched when the archive captured it, not today.
    """
    cursor = store.execute(
        "INSERT INTO articles (url, title, first_seen_at) VALUES (?,?,?)",
        (url, cleaned.title, to_text(seen_at)),
    )
    article_id = int(cursor.lastrowid or 0)
    save_cleaned(store, replace(cleaned, article_id=article_id), key=key, now=seen_at)
    return article_id
