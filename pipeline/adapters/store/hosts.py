"""What the fetcher learnt of hosts, kept between runs; fills `pipeline.ports.HostMemory`."""

from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.times import from_text, to_text
from pipeline.models.hosts import HostRecord


class StoredHosts:
    """robots.txt rules and pauses, one row of `hosts` each."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, host: str) -> HostRecord | None:
        row = self._store.row("SELECT * FROM hosts WHERE host = ?", (host,))
        if row is None:
            return None
        return HostRecord(
            host, row["robots"], row["robots_status"], from_text(row["robots_at"]),
            from_text(row["paused_until"]),
        )  # fmt: skip

    def put(self, record: HostRecord) -> None:
        with self._store.transaction():
            self._store.execute(
                "INSERT OR REPLACE INTO hosts (host, robots, robots_status, robots_at,"
                " paused_until) VALUES (?,?,?,?,?)",
                (
                    record.host, record.robots, record.robots_status, to_text(record.robots_at),
                    to_text(record.paused_until),
                ),
            )  # fmt: skip
