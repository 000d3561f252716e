"""A reviewer's own file with the review table in it, for any SQLite browser; never waited for.

A person editing in a browser holds the write lock from the first keystroke until they save. So
a sheet is read and written with no busy timeout: locked means next time.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.adapters.store import review_schema
from pipeline.adapters.store.connection import Store
from pipeline.errors import StoreError, StoreLocked

COLUMNS = (
    "article_id", "topic", "title", "probability", "doubt", "evidence", "site", "published_at",
    "url", "reason",
)  # fmt: skip
LISTED = 500  # items in a sheet, the least sure of the queue


@dataclass(frozen=True, slots=True)
class Cell:
    """What a sheet says of one cell; `verdict` is "" where it is open."""

    article_id: int
    topic: str
    verdict: str
    note: str
    reviewer: str


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a sheet without ever waiting.

    Raises:
        StoreLocked: someone is editing it.
        StoreError: it is no sheet.
    """
    try:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreLocked(
                f"{path} is being edited",
                fix="save it there; its verdicts are taken next time, nothing is lost",
            ) from error
        raise StoreError(f"{path} cannot be used", why=str(error)) from error
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{path} is no review sheet",
            why=str(error),
            fix="move it away; `chipwire review sheet`",
        ) from error


def read(path: Path) -> list[Cell]:
    """Return what every row of a sheet says now; raises as `opened` does."""
    with opened(path) as sheet:
        rows = sheet.execute(
            "SELECT article_id, topic, coalesce(verdict, ''), trim(coalesce(note, '')),"
            " trim(coalesce(reviewer, '')) FROM review_items ORDER BY id"
        ).fetchall()
    return [Cell(*row) for row in rows]


def queue(store: Store) -> list[tuple[object, ...]]:
    """Return the open items a sheet should hold."""
    rows = store.rows(
        "SELECT article_id, topic, title, probability, doubt, evidence, site, published_at, url,"
        " reason FROM review_items WHERE verdict IS NULL ORDER BY doubt DESC, id LIMIT ?",
        (LISTED,),
    )
    return [tuple(row) for row in rows]


def write(path: Path, reviewer: str, rows: Sequence[tuple[object, ...]]) -> int:
    """Make the sheet, or add to it what it lacks; return how many rows are new.

    No row is changed or taken away. Raises as `opened` does.
    """
    with opened(path) as sheet:
        sheet.execute("BEGIN IMMEDIATE")
        if not sheet.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            from pipeline.adapters.store.migrations import split

            for statement in split(review_schema.table(reviewer=reviewer) + review_schema.SHEET):
                sheet.execute(statement)
        before = sheet.total_changes
        sheet.executemany(ADD, [(*row, row[0], row[1]) for row in rows])
        added = sheet.total_changes - before
        sheet.execute("COMMIT")
    return added


ADD = """
INSERT INTO review_items
  (article_id, topic, title, probability, doubt, evidence, site, published_at, url, reason)
SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
WHERE NOT EXISTS (SELECT 1 FROM review_items WHERE article_id = ? AND topic = ?)
"""


def taken(store: Store, name: str) -> dict[tuple[int, str], Cell]:
    """Return what a sheet said of each cell when it was last read."""
    rows = store.rows(
        "SELECT article_id, topic, verdict, note, reviewer FROM sheet_cells WHERE sheet = ?",
        (name,),
    )
    return {(row["article_id"], row["topic"]): Cell(*row) for row in rows}


def remember(store: Store, name: str, cells: Sequence[Cell]) -> None:
    """Note what a sheet says now, whether or not that was news to the log.

    The log alone would not do: a verdict given on the page first leaves no label of the
    sheet's, and would come back from it after an undo on the page.
    """
    store.execute_many(
        "INSERT INTO sheet_cells (sheet, article_id, topic, verdict, note, reviewer)"
        " VALUES (?,?,?,?,?,?) ON CONFLICT (sheet, article_id, topic) DO UPDATE SET"
        " verdict = excluded.verdict, note = excluded.note, reviewer = excluded.reviewer",
        [
            (name, cell.article_id, cell.topic, cell.verdict, cell.note, cell.reviewer)
            for cell in cells
        ],
    )
