"""Forget old articles that carry no tag and no label, if the configuration says after how long."""

from datetime import datetime, timedelta

from pipeline.adapters.store import Store
from pipeline.adapters.store import pruning as table

BATCH = 200  # articles a transaction: a person's review waits milliseconds, not minutes


def run(store: Store, *, days: int, now: datetime) -> dict[str, int]:
    """Delete what `[retention] days` lets go of, in short transactions; 0 days keeps all."""
    gone = 0
    while days and (batch := table.forgettable(store, now - timedelta(days=days), limit=BATCH)):
        with store.transaction():
            table.forget(store, batch)
        gone += len(batch)
    return {"articles": gone}
