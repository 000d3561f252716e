"""What the processes hold: a daemon at rest, a whole pass, a page that unfolds without end."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.resident import held_mib, share_mib
from benchmarks.results import OURS, Bar, Group, Measured, Options
from benchmarks.startup import CHIPWIRE, EMPTY

IMPORTING = "import time, trafilatura; time.sleep(1)"
EVERY_S = 0.1
REST_S = 20.0  # a daemon has made its first pass by then and sleeps


def measure(options: Options) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "feeds.opml").write_bytes(EMPTY)
        own = [sys.executable, "-c", CHIPWIRE]
        rows = {
            f"{OURS} daemon, nothing due": at_rest([*own, "--home", folder, "daemon"]),
            f"{OURS} run over the newsroom": peak([*own, "run", "--sample"]),
            "bare interpreter": at_rest([sys.executable, "-c", "import time; time.sleep(99)"], 2),
            "interpreter with trafilatura": peak([sys.executable, "-c", IMPORTING]),
        }
    bars = [
        Bar(
            "memory of a feed that unfolds to 600 MiB, beyond what was held", bomb(), "MiB", "≤", 30
        )
    ]
    group = Group("Resident memory", "MiB", rows)
    said = f"the daemon {REST_S:.0f} s after its start; a run with its two workers and their server"
    return Measured([group], bars, said)


def at_rest(command: list[str], after_s: float = REST_S) -> float:
    """Return what a process holds so many seconds after its start."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(after_s)
        held = held_mib(process.pid)
        process.terminate()
    return held


def peak(command: list[str]) -> float:
    """Return the most that a process and all it started were seen to hold together."""
    most = 0.0
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        while process.poll() is None:
            most = max(most, session_mib(process.pid))
            time.sleep(EVERY_S)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return most


def session_mib(session: int) -> float:
    """Return what all processes of a session hold, pages they share counted once."""
    held = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[3]) == session:
                held += share_mib(stat.parent.name)
        except (FileNotFoundError, ProcessLookupError, StopIteration):
            continue
    return held


def bomb() -> float:
    """Run the bomb in a process of its own, so that the peak is its own."""
    code = "from benchmarks.polling import bomb; print(bomb())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[-1])
