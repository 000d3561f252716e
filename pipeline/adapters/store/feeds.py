"""Feeds in the database: what is watched, what is due, what we remember."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from pipeline.adapters.store.connection import Row, Store
from pipeline.adapters.store.times import from_text, to_text
from pipeline.models.feeds import Feed, FeedMemory, FeedOptions, FeedSource

# the columns people query; the rest of a FeedMemory lies in the `memory` column as JSON
COLUMNS = (
    "status", "etag", "last_modified", "body_hash", "interval_s", "next_poll_at",
    "last_polled_at", "last_ok_at", "failures", "last_error", "failing_since",
)  # fmt: skip
MEMORY = tuple(field.name for field in fields(FeedMemory) if field.name not in COLUMNS)


def watch(store: Store, sources: Sequence[FeedSource]) -> None:
    """Make the database's list of feeds what the configuration says; writes only changes.

    A feed taken out of the configuration keeps its row, its memory and its articles.
    """
    rows = store.rows("SELECT url, title, site_url, category, options, listed FROM feeds")
    known = {row["url"]: row for row in rows}
    wanted = {source.url: source for source in sources}
    changed = [source for source in sources if differs(known.get(source.url), source)]
    dropped = [url for url, row in known.items() if row["listed"] and url not in wanted]
    if not changed and not dropped:
        return
    with store.transaction():
        for source in changed:
            store.execute(
                "INSERT INTO feeds (url, title, site_url, category, options) VALUES (?,?,?,?,?)"
                " ON CONFLICT (url) DO UPDATE SET title = excluded.title,"
                " site_url = excluded.site_url, category = excluded.category,"
                " options = excluded.options, listed = 1",
                (source.url, source.title, source.site_url, source.category, options_text(source)),
            )
        for url in dropped:
            store.execute("UPDATE feeds SET listed = 0 WHERE url = ?", (url,))


def differs(row: Row | None, source: FeedSource) -> bool:
    return row is None or (
        row["title"], row["site_url"], row["category"], row["options"], row["listed"]
    ) != (source.title, source.site_url, source.category, options_text(source), 1)  # fmt: skip


def options_text(source: FeedSource) -> str:
    return json.dumps(asdict(source.options), sort_keys=True)


def listed(store: Store) -> list[Feed]:
    """Return every feed of the configuration, in the order it was added."""
    return [to_feed(row) for row in store.rows("SELECT * FROM feeds WHERE listed = 1 ORDER BY id")]


def due(store: Store, now: datetime) -> list[Feed]:
    """Return the feeds to poll now, the longest overdue first."""
    rows = store.rows(
        "SELECT * FROM feeds WHERE listed = 1 AND status IN ('active', 'challenged')"
        " AND (next_poll_at IS NULL OR next_poll_at <= ?) ORDER BY next_poll_at, id",
        (to_text(now),),
    )
    return [feed for feed in map(to_feed, rows) if not feed.source.options.paused]


def next_poll_at(store: Store) -> datetime | None:
    """Return when the next feed is due."""
    return from_text(
        store.value(
            "SELECT min(next_poll_at) FROM feeds"
            " WHERE listed = 1 AND status IN ('active', 'challenged')"
        )
    )


def remember(store: Store, feed_id: int, memory: FeedMemory) -> None:
    """Write what is known of a feed now; part of the transaction that stores its entries."""
    values = {name: to_cell(getattr(memory, name)) for name in COLUMNS}
    rest = {name: encode(getattr(memory, name)) for name in MEMORY}
    values["memory"] = json.dumps(rest, sort_keys=True)
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    store.execute(
        f"UPDATE feeds SET {assignments} WHERE id = :id",  # noqa: S608 - names are ours
        {**values, "id": feed_id},
    )


def move(store: Store, feed_id: int, url: str) -> None:
    """Give a feed its new address, unless another feed already has it."""
    store.execute("UPDATE OR IGNORE feeds SET url = ? WHERE id = ?", (url, feed_id))


def to_feed(row: Row) -> Feed:
    options = json.loads(row["options"])
    options["headers"] = tuple(tuple(pair) for pair in options.get("headers", ()))
    rest: dict[str, Any] = {
        name: decode(value) for name, value in json.loads(row["memory"]).items()
    }
    memory = replace(FeedMemory(), **{name: rest[name] for name in MEMORY if name in rest})
    source = FeedSource(
        url=row["url"], title=row["title"], site_url=row["site_url"], category=row["category"],
        options=FeedOptions(**options),
    )  # fmt: skip
    return Feed(id=row["id"], source=source, memory=with_columns(memory, row))


def with_columns(memory: FeedMemory, row: Row) -> FeedMemory:
    moments = ("next_poll_at", "last_polled_at", "last_ok_at", "failing_since")
    cells: dict[str, Any] = {name: row[name] for name in COLUMNS}
    cells.update({name: from_text(row[name]) for name in moments})
    return replace(memory, **cells)


def to_cell(value: object) -> object:
    return to_text(value) if isinstance(value, datetime) else value


def encode(value: object) -> object:
    if isinstance(value, datetime):
        return {"at": to_text(value)}
    if isinstance(value, tuple | list | frozenset):
        return {"many": [encode(part) for part in value]}
    return value


def decode(value: Any) -> object:
    if isinstance(value, dict) and set(value) == {"at"}:
        return from_text(value["at"])
    if isinstance(value, dict) and set(value) == {"many"}:
        return tuple(decode(part) for part in value["many"])
    return value
