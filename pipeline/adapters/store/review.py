"""The review queue and the log of labels: what to judge next, and what was said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.adapters.store.connection import Row, Store
from pipeline.adapters.store.times import to_text
from pipeline.errors import ConfigError
from pipeline.models.labels import VERDICTS, Label, LabelRule
from pipeline.steps.verdicts import doubt, settle, storable

CANDIDATES = 3_000  # articles the queue is chosen from, the newest


@dataclass(frozen=True, slots=True)
class Wanted:
    """A cell for the queue: which topic of which article, how doubtful, and why it was chosen."""

    article_id: int
    topic: str
    doubt: float
    reason: str


def candidates(store: Store) -> list[tuple[int, str, float]]:
    """Return (article, topic, probability) of the newest articles nobody has labelled."""
    rows = store.rows(
        "SELECT t.article_id, t.topic, t.probability FROM tags t JOIN ("
        "  SELECT id FROM articles a WHERE a.tagged_by IS NOT NULL AND a.copy_of IS NULL"
        "  AND NOT EXISTS (SELECT 1 FROM labels l WHERE l.article_id = a.id)"
        "  ORDER BY id DESC LIMIT ?) newest ON newest.id = t.article_id",
        (CANDIDATES,),
    )
    return [(row["article_id"], row["topic"], row["probability"]) for row in rows]


def open_items(store: Store) -> int:
    """Return how many items wait for a verdict."""
    return int(store.value("SELECT count(*) FROM review_items WHERE verdict IS NULL"))


def listed(store: Store) -> set[tuple[int, str]]:
    """Return the cells that wait for a verdict."""
    rows = store.rows("SELECT article_id, topic FROM review_items WHERE verdict IS NULL")
    return {(row["article_id"], row["topic"]) for row in rows}


ADD = """
INSERT OR IGNORE INTO review_items
  (id, article_id, topic, title, probability, doubt, evidence, note, site, published_at, url,
   reason)
SELECT :id, a.id, :topic, a.title, t.probability, :doubt, coalesce(t.evidence, ''), :note, a.site,
  coalesce(a.published_at, a.first_seen_at), a.url, :reason
FROM articles a LEFT JOIN tags t ON t.article_id = a.id AND t.topic = :topic
WHERE a.id = :article AND NOT EXISTS (
  SELECT 1 FROM review_items i WHERE i.article_id = a.id AND i.topic = :topic)
"""


def add_items(store: Store, wanted: Sequence[Wanted]) -> None:
    """Put cells into the queue; one that is there stays as it is."""
    store.execute_many(
        ADD,
        [
            {
                "id": None, "article": cell.article_id, "topic": cell.topic, "note": "",
                "doubt": round(cell.doubt, 6), "reason": cell.reason,
            }
            for cell in wanted
        ],
    )  # fmt: skip


def outdated(store: Store) -> list[Row]:
    """Return the open items whose article has been tagged anew since they were listed."""
    return store.rows(
        "SELECT i.id, i.article_id AS article, i.topic, i.note, i.reason, t.probability"
        " FROM review_items i JOIN tags t ON t.article_id = i.article_id AND t.topic = i.topic"
        " WHERE i.verdict IS NULL AND i.probability IS NOT t.probability"
    )


def renew(store: Store, rows: Sequence[Row], thresholds: dict[str, float]) -> None:
    """Show the present probability and evidence of these items; id and note stay."""
    for row in rows:
        store.execute("DELETE FROM review_items WHERE id = ?", (row["id"],))
        threshold = thresholds.get(row["topic"], 0.5)
        unsure = round(doubt(row["probability"], threshold), 6)
        store.execute(ADD, {**dict(row), "doubt": unsure})


def support(store: Store) -> dict[str, int]:
    """Return how many articles of each topic people have said yes to."""
    rows = store.rows(
        "SELECT topic, count(DISTINCT article_id) AS articles FROM standing_labels"
        " WHERE verdict = 'yes' GROUP BY topic"
    )
    return {row["topic"]: row["articles"] for row in rows}


APPEND = """
INSERT INTO labels (article_id, topic, reviewer, verdict, note, origin, probability_then,
  model_then, created_at)
SELECT a.id, :topic, :reviewer, :verdict, :note, :origin, t.probability, t.model_id, :created_at
FROM articles a LEFT JOIN tags t ON t.article_id = a.id AND t.topic = :topic WHERE a.id = :article
"""


def record(store: Store, label: Label, *, now: datetime) -> bool:
    """Append a label, with the probability and model of this moment; return whether it was new.

    What the reviewer has already said of the cell adds nothing; nor does an undo of nothing.

    Raises:
        ConfigError: there is no such article.
    """
    label = replace(label, reviewer=storable(label.reviewer), note=storable(label.note))
    with store.transaction():
        if not store.value("SELECT 1 FROM articles WHERE id = ?", (label.article_id,)):
            raise ConfigError(
                f"there is no article {label.article_id}",
                fix="`chipwire list` shows the ids of stored articles",
            )
        if said_already(store, label):
            return False
        sure = store.value(
            "SELECT probability FROM tags WHERE article_id = ? AND topic = ?",
            (label.article_id, label.topic),
        )
        unsure = doubt(sure or 0.0, 0.5)
        add_items(store, [Wanted(label.article_id, label.topic, unsure, "asked")])
        store.execute(
            APPEND,
            {
                "article": label.article_id, "topic": label.topic, "reviewer": label.reviewer,
                "verdict": label.verdict, "note": label.note, "origin": label.origin,
                "created_at": label.created_at or to_text(now),
            },
        )  # fmt: skip
    return True


def said_already(store: Store, label: Label) -> bool:
    if label.created_at and store.value(
        "SELECT 1 FROM labels WHERE article_id = ? AND topic = ? AND reviewer = ?"
        " AND verdict = ? AND note = ? AND created_at = ?",
        (
            label.article_id, label.topic, label.reviewer, label.verdict, label.note,
            label.created_at,
        ),
    ):  # fmt: skip
        return True  # a file that was imported before
    last = store.row(
        "SELECT verdict, note FROM labels WHERE article_id = ? AND topic = ? AND reviewer = ?"
        " ORDER BY id DESC LIMIT 1",
        (label.article_id, label.topic, label.reviewer),
    )
    if last is None:
        return label.verdict == "undo" and not label.note
    return (last["verdict"], last["note"]) == (label.verdict, label.note)


def labels(store: Store) -> list[Label]:
    """Return the whole log, oldest first."""
    rows = store.rows(
        "SELECT article_id, topic, verdict, reviewer, note, origin, created_at FROM labels"
        " ORDER BY id"
    )
    return [Label(**dict(row)) for row in rows if row["verdict"] in VERDICTS]


def exported(store: Store) -> list[dict[str, object]]:
    """Return the whole log with the address and title of each article, oldest first."""
    rows = store.rows(
        "SELECT l.article_id, a.url, a.title, l.topic, l.verdict, l.reviewer, l.note, l.origin,"
        " l.probability_then, l.model_then, l.created_at"
        " FROM labels l JOIN articles a ON a.id = l.article_id ORDER BY l.id"
    )
    return [dict(row) for row in rows]


def training_labels(store: Store, rule: LabelRule = "newest") -> list[tuple[int, str, bool]]:
    """Return (article, topic, yes or no) of every cell that trains under the rule, in order."""
    settled = settle(labels(store), rule)
    return sorted((article, topic, answer) for (article, topic), answer in settled.items())
