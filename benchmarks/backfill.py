"""A synthetic archive, backfilled by the pool and by a local cluster of two workers, in turns.

    python -m benchmarks.backfill [PAGES] [ROUNDS]

Prints the seconds of each run, from start to end of the command, on the clock and of the
processor (scheduler and workers of the cluster included), and the ratios of the medians; stops
where the rows are not the same to the byte. On a machine that others use the processor tells
more: the clock gives a share to every process, and a cluster has more of them. Linux only.
"""

import ctypes
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.synthetic import pages, write_warc
from tests.adapters.clusters import running_cluster
from tests.daemon.home import CHIPWIRE
from tests.stories.test_backfill import rows

SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: what a command leaves behind becomes our child


@dataclass(frozen=True, slots=True)
class Took:
    """The seconds a command took, on the clock and of the processor."""

    wall_s: float
    cpu_s: float


def timed(home: Path, archive: Path, *more: str) -> Took:
    home.mkdir()
    # The model is made before the clock starts; the rows it tags do not depend on when.
    subprocess.run([*CHIPWIRE, "--home", str(home), "doctor"], capture_output=True, check=False)
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    began, spent = time.perf_counter(), children_cpu_s()
    command = [*CHIPWIRE, "--home", str(home), "backfill", str(archive), *more]
    job = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    if job.wait():
        raise subprocess.CalledProcessError(job.returncode, command)
    wall_s = time.perf_counter() - began
    wait_for_group(job.pid)
    return Took(wall_s, children_cpu_s() - spent)


def wait_for_group(group: int) -> None:
    """Wait for what a command started: only then its processor time is counted as ours."""
    while True:
        try:
            os.waitpid(-group, 0)
        except ChildProcessError:
            return


def children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cluster_cpu_s(folder: Path) -> float:
    """Return the processor seconds of all processes that work in a folder."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def compare(folder: Path, count: int, rounds: int) -> dict[str, Took]:
    """Return the median seconds of each.

    Raises:
        ValueError: they did not store the same rows.
    """
    archive, cluster = folder / "archive.warc.gz", folder / "cluster"
    write_warc(archive, pages(count))
    times: dict[str, list[Took]] = {"pool": [], "cluster": []}
    with running_cluster(cluster, allowed_failures=3) as address:
        for number in range(rounds):
            homes = {name: folder / f"{name}{number}" for name in times}
            for name, more in (("pool", ()), ("cluster", ("--cluster", address))):
                there = cluster_cpu_s(cluster)
                took = timed(homes[name], archive, *more)
                took = Took(took.wall_s, took.cpu_s + cluster_cpu_s(cluster) - there)
                times[name].append(took)
                print(f"{name:8} {took.wall_s:8.1f} s {took.cpu_s:8.1f} s of processor", flush=True)
            if rows(homes["pool"]) != rows(homes["cluster"]):
                raise ValueError("pool and cluster did not store the same rows")
            print("rows the same to the byte", flush=True)
    return {name: middle(found) for name, found in times.items()}


def middle(found: Sequence[Took]) -> Took:
    return Took(
        statistics.median(one.wall_s for one in found),
        statistics.median(one.cpu_s for one in found),
    )


def main(arguments: Sequence[str]) -> None:
    count = int(arguments[0]) if arguments else 20_000
    rounds = int(arguments[1]) if len(arguments) > 1 else 1
    with tempfile.TemporaryDirectory() as folder:
        found = compare(Path(folder), count, rounds)
    pool, cluster = found["pool"], found["cluster"]
    print(
        f"{count} pages, cluster / pool: {cluster.wall_s / pool.wall_s:.2f} on the clock,"
        f" {cluster.cpu_s / pool.cpu_s:.2f} of the processor"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
