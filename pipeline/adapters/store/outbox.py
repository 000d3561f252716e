"""The outbox: deliveries due, claimed, delivered, put off, refused."""

from datetime import datetime

from pipeline.adapters.store.connection import Row, Store
from pipeline.adapters.store.times import from_text, to_text
from pipeline.models.digests import Delivery

KEY = "digest_id = :digest_id AND channel = :channel AND recipient = :recipient"
# Per recipient only the oldest: after three days without a server, Monday's digest must not
# arrive behind Wednesday's.
DUE = """
SELECT d.*, g.name AS digest_name, g.created_at AS composed_at FROM deliveries d
JOIN digests g ON g.id = d.digest_id
WHERE d.state = 'pending' AND d.next_attempt_at <= :now AND NOT EXISTS (
  SELECT 1 FROM deliveries e WHERE e.state = 'pending' AND e.channel = d.channel
    AND e.recipient = d.recipient AND e.digest_id < d.digest_id)
ORDER BY d.digest_id, d.channel, d.recipient
"""


def due(store: Store, now: datetime) -> list[Delivery]:
    """Return the deliveries to try now: each recipient's oldest, if its time has come."""
    return [to_delivery(row) for row in store.rows(DUE, {"now": to_text(now)})]


def claim(store: Store, delivery: Delivery) -> bool:
    """Count an attempt before it is made; False if another program was faster.

    Also proves, before anything is sent, that the database can be written.
    """
    with store.transaction():
        claimed = store.execute(
            f"UPDATE deliveries SET attempts = attempts + 1 WHERE {KEY} AND state = 'pending'"  # noqa: S608 - constants
            " AND attempts = :attempts",
            {**key(delivery), "attempts": delivery.attempts},
        ).rowcount
    return claimed == 1


def delivered(store: Store, delivery: Delivery, *, now: datetime) -> None:
    """Mark a delivery as done; a mail's message is kept, other forms lie in `digests`."""
    with store.transaction():
        store.execute(
            "UPDATE deliveries SET state = 'delivered', delivered_at = :now, last_error = NULL,"  # noqa: S608 - constants
            f" message = CASE channel WHEN 'mail' THEN message END WHERE {KEY}",
            {**key(delivery), "now": to_text(now)},
        )


def put_off(store: Store, delivery: Delivery, *, error: str, until: datetime) -> None:
    """Keep a delivery for a later attempt."""
    with store.transaction():
        store.execute(
            f"UPDATE deliveries SET last_error = :error, next_attempt_at = :until WHERE {KEY}",  # noqa: S608 - constants
            {**key(delivery), "error": error, "until": to_text(until)},
        )


def give_up(store: Store, delivery: Delivery, *, state: str, error: str | None) -> None:
    """End a delivery as "refused" by its recipient or "abandoned" by us; without an error it
    was no failure but a channel that was taken out of the configuration."""
    with store.transaction():
        store.execute(
            f"UPDATE deliveries SET state = :state, last_error = :error WHERE {KEY}",  # noqa: S608 - constants
            {**key(delivery), "state": state, "error": error},
        )


def counts(store: Store) -> dict[str, int]:
    """Return how many deliveries are in each state."""
    rows = store.rows("SELECT state, count(*) AS many FROM deliveries GROUP BY state")
    return {row["state"]: row["many"] for row in rows}


def troubled(store: Store) -> list[Row]:
    """Return deliveries a person should know of: refused, abandoned, or failing, newest first.

    What was refused and is mended, for a later digest reached its reader, is no trouble.
    """
    return store.rows(
        "SELECT g.name, g.period, d.channel, d.recipient, d.state, d.attempts, d.next_attempt_at,"
        " d.last_error FROM deliveries d JOIN digests g ON g.id = d.digest_id"
        " WHERE d.state <> 'delivered' AND d.last_error IS NOT NULL AND NOT EXISTS ("
        " SELECT 1 FROM deliveries e WHERE e.channel = d.channel AND e.recipient = d.recipient"
        " AND e.state = 'delivered' AND e.digest_id > d.digest_id AND d.state <> 'pending')"
        " ORDER BY d.digest_id DESC, d.channel, d.recipient LIMIT 100"
    )


def ended(store: Store, digest_id: int) -> dict[tuple[str, str], bool]:
    """Return for each (channel, recipient) of a digest whether it ended without success."""
    rows = store.rows(
        "SELECT channel, recipient, state IN ('refused', 'abandoned') AS ended FROM deliveries"
        " WHERE digest_id = ?",
        (digest_id,),
    )
    return {(row["channel"], row["recipient"]): bool(row["ended"]) for row in rows}


def reopen(store: Store, delivery: Delivery, *, now: datetime) -> None:
    """Make a delivery pending: one that had ended, or one that the digest did not have.

    A message that was stored stays as it is; only where none could be made it is the new one.
    """
    with store.transaction():
        store.execute(
            "INSERT INTO deliveries (digest_id, channel, recipient, message_id, message,"
            " next_attempt_at) VALUES (:digest_id, :channel, :recipient, :message_id, :message,"
            " :now) ON CONFLICT DO UPDATE SET state = 'pending', last_error = NULL,"
            " next_attempt_at = excluded.next_attempt_at,"
            " message_id = iif(length(message), message_id, excluded.message_id),"
            " message = iif(length(message), message, excluded.message)"
            " WHERE state IN ('refused', 'abandoned')",
            {
                **key(delivery),
                "message_id": delivery.message_id,
                "message": delivery.message,
                "now": to_text(now),
            },
        )


def key(delivery: Delivery) -> dict[str, object]:
    return {
        "digest_id": delivery.digest_id,
        "channel": delivery.channel,
        "recipient": delivery.recipient,
    }


def to_delivery(row: Row) -> Delivery:
    return Delivery(
        digest_id=row["digest_id"], channel=row["channel"], recipient=row["recipient"],
        message_id=row["message_id"], message=row["message"] or b"", attempts=row["attempts"],
        digest=row["digest_name"], composed_at=from_text(row["composed_at"]),
    )  # fmt: skip
