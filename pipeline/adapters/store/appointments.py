"""Appointments no rule of ours would make: the clock was ahead when they were noted."""

from datetime import datetime, timedelta

from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.times import to_text

# Beyond the longest wait of each: a page's last retry comes after 30 hours, a delivery's after
# 6, a server's own wish is cut at 7 days.
LONGEST = {
    "articles": ("next_fetch_at", timedelta(hours=31)),
    "deliveries": ("next_attempt_at", timedelta(hours=7)),
    "hosts": ("paused_until", timedelta(days=7, hours=1)),
}


def bring_forward(store: Store, now: datetime) -> int:
    """Make due now what lies further ahead than any rule puts it; return how many rows.

    Where the clock stood a month ahead for an hour, what was noted then would otherwise wait
    for that month to pass.
    """
    mended = 0
    for table, (column, longest) in LONGEST.items():
        latest = to_text(now + longest)
        if store.value(f"SELECT 1 FROM {table} WHERE {column} > ? LIMIT 1", (latest,)):  # noqa: S608 - constants
            with store.transaction():
                mended += store.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {column} > ?",  # noqa: S608 - our names
                    (to_text(now), latest),
                ).rowcount
    return mended
