"""Opening the database for commands that only read it, and the names they are given."""

from difflib import get_close_matches

from pipeline.adapters.store import Store
from pipeline.app.parts import App
from pipeline.errors import ConfigError
from pipeline.settings import Home


def open_store(home: Home) -> Store:
    """Return the home's database, read-only.

    Raises:
        ConfigError: there is none yet.
    """
    if not home.database.is_file():
        raise ConfigError(
            f"{home.path} holds no chipwire.db yet",
            fix="`chipwire run` makes it, or point --home at the folder of your watch",
        )
    return Store(home.database, read_only=True)


def check_topic(app: App, store: Store, topic: str) -> None:
    """Refuse a topic that neither stands in a file nor was ever used, with the nearest name."""
    used = "SELECT 1 FROM tags WHERE tagged = 1 AND topic = ?"  # by index; all is a long walk
    if topic in filed_topics(app) or store.value(used, (topic,)):
        return
    known = known_topics(app, store)
    if topic in known:
        return
    close = get_close_matches(topic.lower(), sorted(known), n=1)
    raise ConfigError(
        f"there is no topic {topic!r}",
        why=f"did you mean {close[0]}?" if close else "",
        fix=f"write one of {', '.join(sorted(known))}",
    )


def filed_topics(app: App) -> set[str]:
    return {path.name.removesuffix(".toml") for path in app.folder("topics").iterdir()}


def known_topics(app: App, store: Store) -> set[str]:
    """Return the names of the topics that stand in a file or were ever used."""
    used = store.rows("SELECT DISTINCT topic FROM tags")
    return filed_topics(app) | {row["topic"] for row in used}
