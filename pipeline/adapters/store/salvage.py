"""What a damaged database knows better than its backup: verdicts, and what was already sent.

A backup is hours old. Without this, verdicts given since were lost and the day's digest went
out a second time. Articles come along where a verdict or a digest speaks of them; everything
else is fetched, tagged and grouped again.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.adapters.store.connection import APPLICATION_ID, SCHEMA_VERSION, Row, Store

SOME = 2**20  # keys to look through where the largest cannot be read
MOST_FAILURES = 10_000  # ranges that cannot be read; by then it is the whole table


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How many rows the damaged file added to the restored one, or settled there."""

    articles: int = 0
    labels: int = 0
    digests: int = 0
    deliveries: int = 0


def take_over(damaged: Path, database: Path) -> Salvaged:
    """Bring what can still be read of the damaged file into the restored database.

    The damaged file is read from a copy: opening it would replay its WAL and change it. Rows
    are matched by their keys, for a backup is an earlier state of the same file; an article
    with another address than in the backup shows that it is not, and what speaks of it is left
    out. Nothing is taken from a file that is not ours or newer than us.

    Raises:
        StoreError: the restored database cannot be written.
    """
    with tempfile.TemporaryDirectory(dir=database.parent, prefix="chipwire-salvage-") as folder:
        broken = opened_copy(damaged, Path(folder))
        if broken is None:
            return Salvaged()
        with closing(broken), Store(database) as store, store.transaction():
            return bring(broken, store)


def opened_copy(damaged: Path, folder: Path) -> sqlite3.Connection | None:
    """Return a copy of the file, opened; None where it is no database we understand."""
    for suffix in ("", "-wal"):
        source = damaged.with_name(damaged.name + suffix)
        if source.exists():
            shutil.copyfile(source, folder / f"broken.db{suffix}")
    connection = sqlite3.connect(folder / "broken.db")
    connection.row_factory = Row
    try:
        ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        ours, version = False, 0
    if ours and version <= SCHEMA_VERSION:
        return connection
    connection.close()
    return None


def bring(broken: sqlite3.Connection, store: Store) -> Salvaged:
    last = newest(store, "digests")
    labels = list(readable(broken, "labels", "id", after=newest(store, "labels")))
    told = list(readable(broken, "digest_stories", "digest_id", after=last))
    digests = sum(
        add(store, "digests", row) for row in readable(broken, "digests", "id", after=last)
    )
    before: int = store.value("SELECT count(*) FROM articles")
    wanted = sorted({row["article_id"] for row in (*labels, *told)})
    there = {number for number in wanted if has_article(broken, store, number)}
    brought: int = store.value("SELECT count(*) FROM articles") - before
    for row in told:
        if row["article_id"] in there:
            story = store.value("SELECT id FROM stories WHERE id = ?", (row["story_id"],))
            add(store, "digest_stories", row, story_id=story)
    return Salvaged(
        articles=brought,
        labels=sum(add(store, "labels", row) for row in labels if row["article_id"] in there),
        digests=digests,
        deliveries=sum(
            settle(store, row) for row in readable(broken, "deliveries", "digest_id", after=0)
        ),
    )


def newest(store: Store, table: str) -> int:
    found: int = store.value(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 - names are ours
    return found


def readable(broken: sqlite3.Connection, table: str, key: str, *, after: int) -> Iterator[Row]:
    """Yield the rows over a key that can be read; a range that raises is halved.

    So a damaged page takes the rows on it, and no others, out of reach.
    """
    try:
        top = broken.execute(f"SELECT max({key}) FROM {table}").fetchone()[0] or 0  # noqa: S608 - names are ours
    except sqlite3.DatabaseError:
        top = after + SOME
    sql = f"SELECT * FROM {table} WHERE {key} BETWEEN ? AND ?"  # noqa: S608 - names are ours
    pending, failures = [(after + 1, top)], 0
    while pending and failures < MOST_FAILURES:
        low, high = pending.pop()
        try:
            yield from broken.execute(sql, (low, high)).fetchall()
        except sqlite3.DatabaseError:
            failures += 1
            middle = (low + high) // 2
            pending += [(middle + 1, high), (low, middle)] if low < high else []


def has_article(broken: sqlite3.Connection, store: Store, number: int) -> bool:
    """Return whether the restored database holds the very article, copied if need be.

    A copied one is due to be tagged and grouped anew: the model or the stories may differ.
    """
    try:
        row = broken.execute("SELECT * FROM articles WHERE id = ?", (number,)).fetchone()
    except sqlite3.DatabaseError:
        row = None
    there = store.value("SELECT url FROM articles WHERE id = ?", (number,))
    if there or row is None:
        return bool(there) and (row is None or row["url"] == there)
    anew = dict.fromkeys(("story_id", "copy_of", "part_of", "tagged_by", "grouped_at"))
    if not add(store, "articles", row, **anew):
        return False
    store.execute("INSERT OR IGNORE INTO article_urls VALUES (?, ?)", (row["url"], number))
    return True


def settle(store: Store, row: Row) -> int:
    """Take over a delivery; one that the backup holds as pending learns how it ended."""
    ended = (row["state"], row["attempts"], row["delivered_at"], row["last_error"])
    key = (row["digest_id"], row["channel"], row["recipient"])
    where = "digest_id = ? AND channel = ? AND recipient = ? AND state = 'pending'"
    changed = 0
    if row["state"] != "pending":
        changed = store.execute(
            "UPDATE deliveries SET state = ?, attempts = ?, delivered_at = ?, last_error = ?"  # noqa: S608 - constants
            f" WHERE {where}",
            (*ended, *key),
        ).rowcount
    return changed or add(store, "deliveries", row)


def add(store: Store, table: str, row: Row, **instead: object) -> int:
    """Insert a row unless its key is taken; return how many were inserted.

    Columns the table does not have are left out, and a row that its rules refuse as well: the
    cells of a damaged file can hold anything.
    """
    columns = {each["name"] for each in store.rows(f"PRAGMA table_info({table})")}
    values = {name: row[name] for name in row.keys() if name in columns} | instead  # noqa: SIM118 - a Row iterates over values
    marks = ", ".join("?" * len(values))
    try:
        return store.execute(
            f"INSERT OR IGNORE INTO {table} ({', '.join(values)}) VALUES ({marks})",  # noqa: S608 - names are ours
            tuple(values.values()),
        ).rowcount
    except sqlite3.IntegrityError:
        return 0
