"""docs/database.md: every table, view and column, read out of a fresh database."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pipeline.adapters.store import Store
from tests.documents.columns import COLUMNS, TABLES

# FTS5's own tables and SQLite's, which nobody queries
HIDDEN = ("sqlite_", "_sqlite_", "articles_fts_")


def written() -> str:
    """Return what the page holds below its introduction."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chipwire.db"
        Store(path).close()
        with closing(sqlite3.connect(path)) as connection:
            return "\n".join([*sections(connection)])


def sections(connection: sqlite3.Connection) -> Iterator[str]:
    kinds = connection.execute(
        "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY type, name"
    )
    for name, kind in kinds.fetchall():
        if not name.startswith(HIDDEN):
            yield f"## `{name}`{' (view)' if kind == 'view' else ''}\n"
            yield f"{TABLES.get(name, '')}\n"
            yield "\n".join(columns(connection, name, with_types=kind == "table"))
            yield ""


def columns(connection: sqlite3.Connection, table: str, *, with_types: bool) -> Iterator[str]:
    yield "| column | holds |" if not with_types else "| column | type | holds |"
    yield "|---|---|" if not with_types else "|---|---|---|"
    for _, name, kind, _, _, key in connection.execute(f"PRAGMA table_info({table})"):
        said = COLUMNS.get(f"{table}.{name}", COLUMNS.get(name, ""))
        mark = " (key)" if key else ""
        type_cell = f" {(kind or 'TEXT').lower()} |" if with_types else ""
        yield f"| `{name}`{mark} |{type_cell} {said} |"
