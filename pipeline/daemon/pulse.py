"""What the daemon knows of itself while it runs: its last heartbeat, its children's ends."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MOST_STUCK_S = 10 * 60  # between two ticks without a child: a file system that does not answer


@dataclass(frozen=True, slots=True)
class Ended:
    """Children of one job that ended in one way: how many, and the seconds they took."""

    times: int = 0
    seconds: float = 0.0


class Pulse:
    """Counted by the work thread and the heartbeat, read by whoever asks over HTTP."""

    def __init__(self) -> None:
        self.started_at = time.time()
        self._lock = threading.Lock()
        self._beat = self._turned = time.monotonic()
        self._waiting = False
        self._ended: dict[tuple[str, str], Ended] = {}

    def beat(self) -> None:
        self._beat = time.monotonic()

    def turn(self) -> None:
        """Note that the work thread goes on."""
        self.turned_at(time.monotonic())

    def turned_at(self, moment: float) -> None:
        """Note when it went on last, by the monotonic clock."""
        self._turned = moment

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Note that the work thread waits for a child, whose own time is limited elsewhere."""
        self._waiting = True
        try:
            yield
        finally:
            self._waiting = False
            self.turn()

    @property
    def silent_s(self) -> float:
        """How long ago the last heartbeat was."""
        return time.monotonic() - self._beat

    @property
    def stuck_s(self) -> float:
        """How long the work thread has neither turned nor waited for a child."""
        return 0.0 if self._waiting else time.monotonic() - self._turned

    def note(self, job: str, outcome: str, seconds: float) -> None:
        """Count a child's end; `outcome` is "ok", "failed" or "locked"."""
        with self._lock:
            before = self._ended.get((job, outcome), Ended())
            self._ended[job, outcome] = Ended(before.times + 1, before.seconds + seconds)

    def ended(self) -> dict[tuple[str, str], Ended]:
        """Return the ends by job and outcome."""
        with self._lock:
            return dict(self._ended)
