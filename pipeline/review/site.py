"""What Datasette was told of the watch: its file, its topics, and whom it answers."""

from pathlib import Path
from typing import Any

from datasette import NotFound

from pipeline.adapters.store import Store
from pipeline.review import guard


def database(datasette: Any) -> Path:
    """Return the file to read and write: the configured database, else the first with a file."""
    wanted = configured(datasette).get("database")
    for name, candidate in datasette.databases.items():
        if candidate.path and wanted in (None, name):
            return Path(candidate.path)
    raise NotFound("this Datasette serves no chipwire.db")


def topics(datasette: Any, store: Store) -> dict[str, str]:
    """Return the titles of the topics by name: those configured, else those the tags know."""
    found = titles(datasette)
    if found:
        return found
    return {row["topic"]: row["topic"] for row in store.rows("SELECT DISTINCT topic FROM tags")}


def titles(datasette: Any) -> dict[str, str]:
    """Return the titles of the configured topics by name, none where nobody configured them."""
    found = configured(datasette).get("topics")
    return found if isinstance(found, dict) else {}


def hosts(datasette: Any) -> frozenset[str]:
    """Return the names under which the page may be asked for."""
    return guard.LOOPBACK | frozenset(configured(datasette).get("hosts") or ())


def token(datasette: Any) -> str:
    """Return the secret that programs and other machines send, "" where there is none."""
    return str(configured(datasette).get("token") or "").strip()


def configured(datasette: Any) -> dict[str, Any]:
    return dict(datasette.plugin_config("chipwire") or {})
