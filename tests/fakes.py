"""Fakes that speak the domain: they fill the protocols of `pipeline.ports` without patching."""

import threading
from datetime import UTC, datetime, timedelta


class TurnedClock:
    """A clock that moves only when the test turns it, or when someone sleeps by it.

    `sleep` returns at once and turns the clock by as much; `slept` remembers each.
    """

    def __init__(self, start: datetime = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self._now += timedelta(seconds=seconds)

    def advance(
        self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> datetime:
        """Turn the clock and return what it shows then."""
        with self._lock:
            self._now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
            return self._now
