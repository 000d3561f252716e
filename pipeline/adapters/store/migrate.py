"""Bringing an older database up to date: back it up, then migrate, then mark it."""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.adapters.store.connection import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from sqlite_utils import Migrations


def bring_up_to_date(
    connection: sqlite3.Connection,
    path: Path,
    version: int,
    *,
    steps: "Migrations | None" = None,
    target: int = SCHEMA_VERSION,
) -> None:
    """Apply what is missing up to `target`; a database that held something is copied first.

    `steps` are all schema changes in order, by default those of this program.

    Raises:
        StoreError: it is damaged, or there is no room for the copy; nothing was changed.
    """
    from sqlite_utils import Database

    from pipeline.adapters.store.migrations import migrations

    if version:
        back_up(path, path.with_name(f"{path.name}.before-schema-{target}"))
    connection.execute("PRAGMA journal_mode = WAL")
    # One transaction round all of it: two programs that open a new home at once take turns,
    # and a kill half-way leaves the old schema with its old version.
    connection.execute("BEGIN IMMEDIATE")
    try:
        (steps or migrations).apply(Database(connection, execute_plugins=False))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {target}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def back_up(path: Path, target: Path) -> None:
    """Write a checked copy: a migration must not run on a damaged file, nor without a way back."""
    from pipeline.adapters.store import backup

    backup.write(path, target)
