"""Digests in the database: composed ones, what stood in them, and the outbox."""

from collections.abc import Sequence

from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.times import to_text
from pipeline.models.digests import Delivery, Digest


def exists(store: Store, name: str, period: str) -> bool:
    """Say whether the digest of a period was composed."""
    return bool(store.value("SELECT 1 FROM digests WHERE name = ? AND period = ?", (name, period)))


def save(store: Store, digest: Digest, *, content: str, deliveries: Sequence[Delivery] = ()) -> int:
    """Store a digest, what stood in it and its outbox together; return its id.

    Part of the transaction that is open: none of the three is ever there without the others.
    `deliveries` carry any digest id; the new one is put in.
    """
    digest_id = store.execute(
        "INSERT INTO digests (name, period, created_at, since, until, subject, articles, stories,"
        " content) VALUES (?,?,?,?,?,?,?,?,?)",
        (
            digest.name, digest.period, to_text(digest.created_at), to_text(digest.since),
            to_text(digest.created_at), digest.subject, digest.articles, digest.stories, content,
        ),
    ).lastrowid  # fmt: skip
    assert digest_id is not None  # an INSERT that did not raise has a row
    stories = [story for section in digest.sections for story in section.stories]
    store.execute_many(
        "INSERT INTO digest_stories (digest_id, story_id, article_id) VALUES (?,?,?)",
        [(digest_id, story.story_id, number) for story in stories for number in story.article_ids],
    )
    store.execute_many(
        "INSERT INTO deliveries (digest_id, channel, recipient, message_id, message,"
        " next_attempt_at, state, last_error) VALUES (?,?,?,?,?,?,?,?)",
        [
            (
                digest_id, delivery.channel, delivery.recipient, delivery.message_id,
                delivery.message, to_text(digest.created_at),
                "refused" if delivery.error else "pending", delivery.error or None,
            )
            for delivery in deliveries
        ],
    )  # fmt: skip
    return digest_id


def last(store: Store, name: str) -> tuple[int, str] | None:
    """Return the id and the content of the last digest of a name that held stories."""
    row = store.row(
        "SELECT id, content FROM digests WHERE name = ? AND stories > 0 ORDER BY id DESC LIMIT 1",
        (name,),
    )
    return (row["id"], row["content"]) if row else None


def contents(store: Store, name: str, *, limit: int) -> list[str]:
    """Return the content of the last digests of a name that held stories, the newest first."""
    rows = store.rows(
        "SELECT content FROM digests WHERE name = ? AND stories > 0 ORDER BY until DESC, id DESC"
        " LIMIT ?",
        (name, limit),
    )
    return [row["content"] for row in rows]
