"""A home on loopback and the daemon over it, as a test sees them: processes and files."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.adapters.lock import read_holder
from tests.conformance.server import RecordingServer, reply
from tests.fakes import rss

CHIPWIRE = [sys.executable, "-c", "from pipeline.cli import main; main()"]
PATIENCE_S = 240  # a pass that trains its first model took 70 s beside seven other test runs
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>{1}</article></body></html>"
TEXT = "".join(
    f"<p>TSMC said on Monday that shipment {n} of HBM3E memory for AI accelerators was held up by"
    f" new export controls on chips, and that lithography tools of ASML were affected too.</p>"
    for n in range(5)
)


class WatchedHome:
    """A home whose feeds lie on a server on loopback."""

    def __init__(
        self, path: Path, server: RecordingServer, *, feeds: int = 1, models: Path | None = None
    ) -> None:
        self.path = path
        self.server = server
        path.mkdir(parents=True, exist_ok=True)
        if models:
            shutil.copytree(models, path / "models")
        self.origin = f"http://127.0.0.1:{server.port}"
        urls = [f"{self.origin}/feed{n}" for n in range(feeds)]
        outlines = "".join(f'<outline type="rss" text="F" xmlUrl="{url}"/>' for url in urls)
        (path / "feeds.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
        self.configure("")
        for n, url in enumerate(urls):
            self.announces(url, f"story-{n}")

    def configure(self, more: str, *, timeout_s: float = 30) -> None:
        (self.path / "chipwire.toml").write_text(
            f'[fetch]\nallow_networks = ["127.0.0.0/8"]\nhost_delay_s = 0\n'
            f"timeout_s = {timeout_s}\n{more}"
        )

    def announces(self, url: str, *names: str) -> None:
        """Let a feed tell of articles, each with its page."""
        body = rss(*((name, f"HBM news of {name}") for name in names), site=self.origin)
        self.server.answers(url, reply(200, body.encode(), content_type="application/rss+xml"))
        for name in names:
            page = PAGE.format(f"HBM news of {name}", TEXT).encode()
            self.server.answers(f"{self.origin}/{name}", reply(200, page, content_type="text/html"))

    def run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*CHIPWIRE, "--home", str(self.path), *arguments],
            capture_output=True, text=True, timeout=PATIENCE_S, check=False, **options,
        )  # fmt: skip

    def state(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.path / "daemon.json").read_text())
        except (OSError, ValueError):
            return {}
        return found


class Daemon:
    """`chipwire daemon` as a process; a context manager that ends it whatever happens.

    `options` are those of subprocess.Popen, such as `env` and `cwd`.
    """

    def __init__(self, home: WatchedHome, *arguments: str, **options: Any) -> None:
        self.home = home
        self._log = home.path / "daemon.log"
        command = [*CHIPWIRE, "--home", str(home.path), "daemon", *arguments]
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                **{"args": command, "stderr": log, "stdout": subprocess.DEVNULL, **options}
            )

    def __enter__(self) -> "Daemon":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        until(lambda: not read_holder(self.home.path / "chipwire.lock"), self)

    @property
    def log(self) -> str:
        return self._log.read_text()

    def says(self, words: str, *, times: int = 1) -> None:
        """Wait until the log holds these words so many times."""
        until(lambda: self.log.count(words) >= times, self, words)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ends(self) -> int:
        """Wait for the end and return the exit code."""
        return self.process.wait(timeout=PATIENCE_S)


def until(condition: Callable[[], bool], daemon: Daemon, what: str = "the condition") -> None:
    """Wait for something another process does."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"no sign of {what} in:\n{daemon.log}"
        daemon_waits()


def daemon_waits() -> None:
    """Give the other process a moment; select, as nothing here is to be measured by it."""
    import select

    select.select([], [], [], 0.05)


@dataclass(frozen=True, slots=True)
class Process:
    """One process of this machine: `ancestors` are its parent, that one's parent, and so on."""

    pid: int
    ancestors: tuple[int, ...]
    ticks: int
    command: str

    def depth_below(self, pid: int) -> int:
        """Return how many generations it is below another; 0 if it is not."""
        return self.ancestors.index(pid) + 1 if pid in self.ancestors else 0


def processes() -> list[Process]:
    """Return what runs now, as /proc tells; those already dead and not yet reaped are left out."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    commands: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            pid = int(folder.name)
            state, parent, *rest = (folder / "stat").read_text().rpartition(")")[2].split()
            if state != "Z":
                parents[pid], ticks[pid] = int(parent), int(rest[9]) + int(rest[10])
                words = (folder / "cmdline").read_bytes().split(b"\0")[:-1]
                commands[pid] = b" ".join(words).decode(errors="replace")
    return [Process(pid, lineage(pid, parents), ticks[pid], commands[pid]) for pid in commands]


def lineage(pid: int, parents: dict[int, int]) -> tuple[int, ...]:
    found: list[int] = []
    while (parent := parents.get(pid, 0)) and parent not in found:
        found.append(parent)
        pid = parent
    return tuple(found)
