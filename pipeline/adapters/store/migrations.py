"""Schema changes, in order; a released one is never edited (sqlite-utils applies each once)."""

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from pipeline.adapters.store import review_schema, schema

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("chipwire")


@migrations()
def m0001_first_schema(db: "Database") -> None:
    # one statement at a time: executescript would commit the migration's transaction first
    for script in (schema.TABLES, schema.SEARCH, schema.VIEWS, review_schema.REVIEW):
        for statement in split(script):
            db.execute(statement)


@migrations()
def m0002_asked_by_index(db: "Database") -> None:
    for statement in split(schema.BY_INDEX):
        db.execute(statement)


def split(script: str) -> list[str]:
    """Return the statements of an SQL script, triggers in one piece."""
    import sqlite3

    statements: list[str] = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending.strip())
            pending = ""
    return statements
