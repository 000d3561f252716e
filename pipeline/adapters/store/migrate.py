"""Bringing an older database up to date: back it up, then migrate, then mark it."""

import sqlite3
from pathlib import Path

from pipeline.adapters.store.connection import APPLICATION_ID, SCHEMA_VERSION
from pipeline.adapters.store.migrations import migrations


def bring_up_to_date(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Apply what is missing; a database that held something is copied first."""
    from sqlite_utils import Database

    if version:
        back_up(connection, path.with_name(f"{path.name}.before-schema-{SCHEMA_VERSION}"))
    connection.execute("PRAGMA journal_mode = WAL")
    # One transaction round all of it: two programs that open a new home at once take turns,
    # and a kill half-way leaves the old schema with its old version.
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(Database(connection, execute_plugins=False))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def back_up(connection: sqlite3.Connection, target: Path) -> None:
    """Copy the live database with SQLite's online backup; a file copy would tear the WAL."""
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
    finally:
        copy.close()
