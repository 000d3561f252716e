"""What the daemon knows of itself while it runs: its last heartbeat, its children's ends."""

import threading
import time
from dataclasses import dataclass


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
        self._beat = time.monotonic()
        self._ended: dict[tuple[str, str], Ended] = {}

    def beat(self) -> None:
        self._beat = time.monotonic()

    @property
    def silent_s(self) -> float:
        """How long ago the last heartbeat was."""
        return time.monotonic() - self._beat

    def note(self, job: str, outcome: str, seconds: float) -> None:
        """Count a child's end; `outcome` is "ok", "failed" or "locked"."""
        with self._lock:
            before = self._ended.get((job, outcome), Ended())
            self._ended[job, outcome] = Ended(before.times + 1, before.seconds + seconds)

    def ended(self) -> dict[tuple[str, str], Ended]:
        """Return the ends by job and outcome."""
        with self._lock:
            return dict(self._ended)
