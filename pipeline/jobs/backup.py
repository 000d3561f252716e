"""Back the database up into the home, and keep as many copies as wanted."""

from datetime import datetime
from pathlib import Path

from pipeline.adapters.store import backup


def run(database: Path, folder: Path, *, keep: int, now: datetime) -> dict[str, int]:
    """Write one checked backup, then delete the oldest beyond `keep`; return counts.

    Rotation comes after the check: a disk that fills up never costs the last good copy.

    Raises:
        StoreError: no backup was made; the earlier ones are untouched.
    """
    made = backup.write(database, backup.target_in(folder, now))
    gone = backup.rotate(folder, keep=keep, now=now)
    return counts(made, gone)


def counts(made: backup.Copy, gone: int) -> dict[str, int]:
    """Return what is written down of a backup."""
    return {"articles": made.articles, "bytes": made.size, "deleted": gone}
