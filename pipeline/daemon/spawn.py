"""The parent's side of a child: start it, wait for it, stop it."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from pipeline.daemon.child import LAST_SECONDS, Errand

# -P and no -m: a folder named `pipeline` where the daemon was started must not be imported.
BOOT = "from pipeline.daemon.child import main; main()"
PATIENCE_S = LAST_SECONDS + 1
LONGEST_S = 6 * 3600  # a child that takes longer hangs: its work is due again


@dataclass(frozen=True, slots=True)
class Answer:
    """How an errand went: exit code (negative: the signal that ended it), and what it said.

    `version` is the child's, "" if it did not come to say it.
    """

    code: int
    error: str = ""
    plan: str = ""
    version: str = ""


class Spawner:
    """Sends one child at a time; a new errand waits for the last. Safe between threads."""

    def __init__(self, *, longest_s: float = LONGEST_S) -> None:
        self._longest_s = longest_s
        self._turn = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._stopped = threading.Event()

    def send(self, errand: Errand) -> Answer | None:
        """Do an errand in a child of its own; None if the daemon is ending."""
        with self._turn:
            if self._stopped.is_set():
                return None
            return self._run(replace(errand, parent=os.getpid()))

    def _run(self, errand: Errand) -> Answer:
        inherited = () if errand.lock is None else (errand.lock,)
        with subprocess.Popen(  # noqa: S603 - ourselves, with arguments of our own
            [sys.executable, "-P", "-c", BOOT, json.dumps(asdict(errand))],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            pass_fds=inherited,
            start_new_session=True,  # Ctrl-C reaches the parent alone, which then tells it
        ) as child:
            self._child = child
            if self._stopped.is_set():
                child.send_signal(signal.SIGTERM)
            try:
                printed, _ = child.communicate(timeout=self._longest_s)
            except subprocess.TimeoutExpired:
                child.kill()
                return Answer(-signal.SIGKILL, f"ended after {self._longest_s:g} s: it hung")
            finally:
                self._child = None
                sweep(child)
        return understood(child.returncode, printed)

    @property
    def stopped(self) -> bool:
        """Whether no more errands are taken: the daemon is ending."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Let the child finish its batch, for at most nine seconds; send no more errands."""
        self._stopped.set()
        child = self._child
        if child is None:
            return
        child.send_signal(signal.SIGTERM)
        killer = threading.Timer(PATIENCE_S, child.kill)
        killer.daemon = True
        killer.start()
        with self._turn:
            killer.cancel()


def sweep(child: "subprocess.Popen[str]") -> None:
    """End what a child that was killed left behind: workers in C code, commands of channels.

    The child leads a process group of its own. One that ended by itself left nothing of ours;
    what a user's command put into the background goes on.
    """
    if child.wait() < 0:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def understood(code: int, printed: str) -> Answer:
    """Return the last line a child printed, and its exit code."""
    try:
        said = json.loads(printed.splitlines()[-1])
        return Answer(code, *(str(said.get(name, "")) for name in ("error", "plan", "version")))
    except (IndexError, ValueError):
        return Answer(code, error=f"the child ended without an answer (exit {code})")
