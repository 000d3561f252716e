"""What starting costs, in starts of a bare interpreter: python -m benchmarks.startup.

Processor time of the whole process, user and system; all commands in turn, round by round, so
that a busy machine slows them alike; medians.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROUNDS = 7
EMPTY = b'<?xml version="1.0"?><opml version="2.0"><head/><body></body></opml>'
CHIPWIRE = "from pipeline.cli import main; main()"


def commands(home: Path) -> dict[str, list[str]]:
    """Return what is started, by name; the bare interpreter first."""
    own = [sys.executable, "-c", CHIPWIRE]
    return {
        "bare interpreter": [sys.executable, "-c", "pass"],
        "--help": [*own, "--help"],
        "status": [*own, "--home", str(home), "status"],
        "run, nothing due": [*own, "--home", str(home), "run"],
    }


def cpu_s(command: list[str]) -> float:
    """Return the processor seconds one run of a command took."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used.ru_utime + used.ru_stime


def table(medians: Mapping[str, float]) -> list[str]:
    """Return each command's median as a multiple of the first one's."""
    bare = next(iter(medians.values()))
    return [f"  {name:20} {spent / bare:6.1f} x" for name, spent in medians.items()]


def measure() -> dict[str, float]:
    """Return each command's seconds of processor time, the bare interpreter's first."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "feeds.opml").write_bytes(EMPTY)
        started = commands(home)
        cpu_s(started["run, nothing due"])  # makes the database
        rounds = [{name: cpu_s(command) for name, command in started.items()}
                  for _ in range(ROUNDS)]  # fmt: skip
    return {name: statistics.median(one[name] for one in rounds) for name in started}


def main() -> None:
    print(f"processor time in bare interpreter starts, medians of {ROUNDS} interleaved rounds")
    print("\n".join(table(measure())))


if __name__ == "__main__":
    main()
