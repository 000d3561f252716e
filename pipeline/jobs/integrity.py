"""Read the whole database once a week, so that damage is found while a good backup exists."""

from pipeline.adapters.store import Store
from pipeline.adapters.store.backup import integrity
from pipeline.errors import StoreError


def run(store: Store) -> dict[str, int]:
    """Check every page and index, and that the full-text index fits the articles.

    Raises:
        StoreError: something is damaged; it names the command that mends it.
    """
    faults = integrity(store.connection)
    if faults:
        raise StoreError(
            f"{store.path} is damaged", why="; ".join(faults),
            fix="stop what uses it, then `chipwire restore` puts back the newest good backup",
        )  # fmt: skip
    with store.transaction():
        store.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    return {"pages": store.value("PRAGMA page_count")}
