"""An archive backfilled on a cluster while workers and the whole job are killed at random moments.

    python -m benchmarks.killed_backfill [PAGES] [KILLS]

Compares the rows with those of a pool that nothing happened to; says what was killed and when.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.backfill import timed
from benchmarks.synthetic import pages, write_warc
from tests.adapters.clusters import running_cluster
from tests.daemon.home import CHIPWIRE
from tests.stories.test_backfill import rows, worker_pid


def disturb(home: Path, archive: Path, cluster: Path, address: str, kills: int) -> None:
    """Backfill by the cluster until it is done, killing something now and then."""
    dice = random.Random()
    home.mkdir()
    command = [*CHIPWIRE, "--home", str(home), "backfill", str(archive), "--cluster", address]
    left, began = kills, time.monotonic()
    while True:
        job = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        while left:
            try:
                job.wait(dice.uniform(5, 60))
                break
            except subprocess.TimeoutExpired:
                left -= 1
            whom = dice.choice(("job", "worker"))
            print(f"{time.monotonic() - began:7.1f} s  killed: {whom}", flush=True)
            if whom == "job":
                os.killpg(job.pid, signal.SIGKILL)
                break
            os.kill(worker_pid(cluster), signal.SIGKILL)
        if job.wait() == 0:
            return


def main(arguments: Sequence[str]) -> None:
    count = int(arguments[0]) if arguments else 4_000
    kills = int(arguments[1]) if len(arguments) > 1 else 8
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        archive = folder / "archive.warc.gz"
        write_warc(archive, pages(count))
        print(f"{timed(folder / 'pool', archive).wall_s:7.1f} s  pool, undisturbed", flush=True)
        with running_cluster(folder / "cluster", allowed_failures=9) as address:
            disturb(folder / "killed", archive, folder / "cluster", address, kills)
        found, expected = rows(folder / "killed"), rows(folder / "pool")
        for table, kept in expected.items():
            same = "the same to the byte" if found[table] == kept else "DIFFER"
            print(f"{table:14} {len(found[table]):7} rows, {same}")


if __name__ == "__main__":
    main(sys.argv[1:])
