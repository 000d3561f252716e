"""Sightings: the entries feeds announced, and the articles they made."""

from collections.abc import Sequence
from datetime import datetime

from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.search import bigrams
from pipeline.adapters.store.times import from_text, to_text
from pipeline.models.feeds import Entry, Feed
from pipeline.steps.feeds.identity import KnownSighting


def known(store: Store, feed_id: int) -> list[KnownSighting]:
    """Return a feed's sightings, the newest last."""
    rows = store.rows(
        "SELECT guid, url, title, summary, published_at, article_id FROM sightings"
        " WHERE feed_id = ? ORDER BY id",
        (feed_id,),
    )
    return [
        KnownSighting(
            guid=row["guid"], url=row["url"], title=row["title"], summary=row["summary"],
            published_at=from_text(row["published_at"]), article_id=row["article_id"],
        )
        for row in rows
    ]  # fmt: skip


def article_at(store: Store, keys: Sequence[str]) -> int | None:
    """Return the article already known under one of these canonical addresses."""
    for key in keys:
        found = store.value("SELECT article_id FROM article_urls WHERE url = ?", (key,))
        if found is not None:
            return int(found)
    return None


def add(store: Store, feed: Feed, entry: Entry, *, key: str, now: datetime) -> bool:
    """Store an entry seen for the first time; True if it made a new article.

    Part of the transaction that also remembers the feed's validators: an entry that could
    not be stored is fetched again, never skipped by a 304.
    """
    article_id = article_at(store, [key])
    is_new = article_id is None
    if article_id is None:
        article_id = add_article(store, feed, entry, key=key, now=now)
    store.execute(
        "INSERT INTO sightings (feed_id, guid, article_id, url, title, summary, published_at,"
        " date_source, seen_at, body, author, outlet, raw_date, opaque)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (feed_id, guid) DO NOTHING",
        (
            feed.id, entry.guid, article_id, entry.url, entry.title, entry.summary,
            to_text(entry.published_at), entry.date_source, to_text(now), entry.body,
            entry.author, entry.outlet, entry.raw_date, int(entry.opaque),
        ),
    )  # fmt: skip
    return is_new


def add_article(store: Store, feed: Feed, entry: Entry, *, key: str, now: datetime) -> int:
    """Insert the article an entry announces; one without a page of its own is complete."""
    has_page = not key.startswith("feed:")
    complete = entry.opaque or not has_page
    address = entry.url if has_page else f"{entry.url or feed.url}#{entry.guid}"
    cursor = store.execute(
        "INSERT INTO articles (url, title, author, site, published_at, date_source,"
        " first_seen_at, summary, status, reason, next_fetch_at, cjk)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            address, entry.title, entry.author, entry.outlet or feed.source.title,
            to_text(entry.published_at), entry.date_source, to_text(now), entry.summary,
            "ok" if complete else "new", "there is no page of its own" if complete else "",
            None if complete else to_text(now), bigrams(entry.title),
        ),
    )  # fmt: skip
    article_id = int(cursor.lastrowid or 0)
    store.execute("INSERT INTO article_urls (url, article_id) VALUES (?,?)", (key, article_id))
    return article_id


def edit(store: Store, feed: Feed, entry: Entry, *, guid: str, now: datetime) -> None:
    """Store what a publisher changed in the entry known as `guid`.

    The earlier version is kept. Its page is fetched again, for the new text.
    """
    store.execute(
        "INSERT INTO sighting_versions (feed_id, guid, title, summary, url, replaced_at)"
        " SELECT feed_id, guid, title, summary, url, ? FROM sightings"
        " WHERE feed_id = ? AND guid = ?",
        (to_text(now), feed.id, guid),
    )
    store.execute(
        "UPDATE sightings SET title = ?, summary = ?, url = ?, body = ?,"
        " published_at = coalesce(?, published_at) WHERE feed_id = ? AND guid = ?",
        (
            entry.title, entry.summary, entry.url, entry.body, to_text(entry.published_at),
            feed.id, guid,
        ),
    )  # fmt: skip
    store.execute(
        "UPDATE articles SET attempts = 0, next_fetch_at = ?, summary = ?"
        " WHERE id = (SELECT article_id FROM sightings WHERE feed_id = ? AND guid = ?)",
        (to_text(now), entry.summary, feed.id, guid),
    )
