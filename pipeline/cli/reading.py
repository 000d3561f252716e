"""Opening the database for commands that only read it."""

from pipeline.adapters.store import Store
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
