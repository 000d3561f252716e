"""What a page says when something breaks: a sentence and what to do, never a traceback."""

import logging
import sqlite3
from typing import Any

from pipeline.review import answers, guard

logger = logging.getLogger(__name__)

LOCKED = "the database is locked by another program: save or close it there, then reload"
DAMAGED = "the database cannot be read: run `chipwire doctor`; restore with `chipwire restore`"
OURS = "this page met a fault of chipwire's own, see its log; every verdict it marked is stored"
WORDS = {
    **dict.fromkeys((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), LOCKED),
    **dict.fromkeys(
        (
            sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_IOERR,
        ),
        DAMAGED,
    ),
}  # fmt: skip


def answer(request: Any, exception: BaseException) -> Any:
    """Return the answer to a fault, or None for what Datasette words itself (403, 404, bad SQL)."""
    said = WORDS.get(getattr(exception, "sqlite_errorcode", 0) & 0xFF)
    if said:
        return answers.refused(guard.Refusal(503, said), request)
    path = request.path
    if path.startswith("/-/chipwire/") and not hasattr(exception, "status"):
        logger.error("page_failed path=%s error=%r", path, exception)
        return answers.refused(guard.Refusal(500, OURS), request)
    return None
