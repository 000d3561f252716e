"""What the daemon tells about itself: `daemon.json` in the home, for `status` and `doctor`.

A file, not a table: it has to tell of a database that is locked or gone.
"""

import contextlib
import json
import os
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

NAME = "daemon.json"
MOST_SILENT_S = 120  # four heartbeats: a daemon silent for longer is not well


@dataclass(frozen=True, slots=True)
class Told:
    """One daemon: since when it runs, what it is doing, and what keeps it from working.

    `problem` is the last piece of work's, `configuration` the one of files that were not taken
    over; both are "" when all is well. Times are UTC text.
    """

    pid: int
    started_at: str
    doing: str = ""
    problem: str = ""
    configuration: str = ""


class State:
    """Keeps `daemon.json`; a folder that cannot be written costs the telling, not the work.

    Safe between threads: the work tells, the heartbeat tells again what could not be written.
    """

    def __init__(self, home: Path, told: Told) -> None:
        self._path = home / NAME
        self.told = told
        self._written: Told | None = None
        self._turn = threading.Lock()

    def tell(self, **changes: Any) -> None:
        """Change what is told; the file is replaced whole."""
        unfinished = self._path.with_name(f"{NAME}.partial")
        with self._turn, contextlib.suppress(OSError):
            self.told = replace(self.told, **changes)
            if self.told == self._written and self._path.exists():
                return
            unfinished.write_text(json.dumps(asdict(self.told)), encoding="utf-8")
            unfinished.replace(self._path)
            self._written = self.told

    def beat(self) -> None:
        """Show that the daemon is alive: the file's time is its last heartbeat."""
        self.tell()  # a disk that was full then may have room now
        with contextlib.suppress(OSError):
            os.utime(self._path)

    def close(self) -> None:
        """Remove the file: a daemon that ended in order leaves none."""
        with contextlib.suppress(OSError):
            self._path.unlink()


def read(home: Path) -> tuple[Told, float] | None:
    """Return what the daemon told last, and the moment of its last heartbeat (seconds, epoch)."""
    path = home / NAME
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return Told(**values), path.stat().st_mtime
    except (OSError, ValueError, TypeError):
        return None
