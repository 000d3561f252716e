"""The database of every released schema, as the program of its day left it.

    python -m tests.adapters.databases      writes the one of the present schema, once

It is written when a version is released, and never again: the tests open each with the program
of today.
"""

import gzip
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.adapters.store import Store
from pipeline.adapters.store.connection import SCHEMA_VERSION
from tests.newsdesk import Newsdesk

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "databases"
DESCRIBED = """
SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'
AND name NOT LIKE '_sqlite_%' AND sql IS NOT NULL ORDER BY type, name
"""


def released() -> list[int]:
    """Return the versions whose databases are kept, the oldest first."""
    return sorted(int(path.name.removeprefix("v").split(".")[0]) for path in FOLDER.glob("v*.gz"))


def unpack(version: int, target: Path) -> Path:
    """Put the database of a version where a test may spoil it."""
    target.write_bytes(gzip.decompress((FOLDER / f"v{version}.db.gz").read_bytes()))
    return target


def schema(path: Path) -> dict[tuple[str, str], str]:
    """Return the statement that made each table, index, trigger and view, blanks evened out."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(DESCRIBED).fetchall()
    return {(kind, name): " ".join(sql.split()) for kind, name, sql in rows}


def write(path: Path) -> None:
    """Make a database with something in every table that people would miss."""
    with Store(path) as store:
        desk = Newsdesk(store)
        for number in range(1, 6):
            desk.article(f"HBM story {number}", text="stacked memory " * 20, topics={"hbm": 0.9})
        desk.article("台積電 2奈米", outlet="Taipei Wafer")
        with store.transaction():
            for sql in ROWS:
                store.execute(sql)
        store.connection.execute("PRAGMA journal_mode = DELETE")
        store.connection.execute("VACUUM")


ROWS = (
    "INSERT INTO labels (article_id, topic, reviewer, verdict, created_at)"
    " VALUES (1, 'hbm', 'ann', 'yes', '2026-11-23T11:00:00Z')",
    "INSERT INTO review_items (article_id, topic, title, doubt) VALUES (2, 'hbm', 'HBM 2', 0.4)",
    "UPDATE review_items SET verdict = 'n', reviewer = 'bob' WHERE article_id = 2",
    "INSERT INTO digests (id, name, period, created_at, until, subject, articles, stories, content)"
    " VALUES (1, 'daily', '2026-11-23', '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z', 's', 1, 1,"
    " '{}')",
    "INSERT INTO digest_stories (digest_id, article_id) VALUES (1, 1)",
    "INSERT INTO deliveries (digest_id, channel, recipient, state, message_id)"
    " VALUES (1, 'mail', 'ann@desk.example', 'delivered', '<1@chipwire>')",
    "INSERT INTO runs (job, started_at, finished_at, outcome)"
    " VALUES ('pass', '2026-11-23T07:00:00Z', '2026-11-23T07:01:00Z', 'ok')",
    "INSERT INTO mentions (article_id, company, count) VALUES (1, 'SK Hynix', 2)",
)


def main() -> None:
    target = FOLDER / f"v{SCHEMA_VERSION}.db.gz"
    if target.exists() and "--again" not in sys.argv:
        raise SystemExit(f"{target.name} was released: raise SCHEMA_VERSION, add a migration")
    with TemporaryDirectory() as folder:
        write(Path(folder) / "chipwire.db")
        packed = gzip.compress((Path(folder) / "chipwire.db").read_bytes(), mtime=0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    target.write_bytes(packed)


if __name__ == "__main__":
    main()
