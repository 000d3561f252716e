"""A Dask cluster on this machine for tests and benchmarks, in processes of its own.

Not LocalCluster: its nannies live in the caller's process, and closing it while one restarts
a killed worker waited for ever.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def running_cluster(folder: Path, *, workers: int = 2, allowed_failures: int = 1) -> Iterator[str]:
    """Give the address of a scheduler with so many workers of one thread."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures),
        "DASK_TEMPORARY_DIRECTORY": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    place = folder / "scheduler.json"
    file = ("--scheduler-file", str(place))
    commands = [
        ["scheduler", *file, "--host", "127.0.0.1", "--port", "0", "--no-dashboard"],
        ["worker", *file, "--nthreads", "1", "--nworkers", str(workers), "--no-dashboard"],
    ]
    with (folder / "cluster.log").open("wb") as log:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "dask", *command], env=environment, cwd=folder,
                stdout=log, stderr=log, start_new_session=True,
            )
            for command in commands
        ]  # fmt: skip
        try:
            yield address_in(place)
        finally:
            for process in processes:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def address_in(place: Path) -> str:
    """Wait for the scheduler's file and return the address in it."""
    import json

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return str(json.loads(place.read_text())["address"])
        except (FileNotFoundError, ValueError):
            time.sleep(0.1)
    raise TimeoutError(f"no scheduler wrote {place}")
