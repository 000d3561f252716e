"""A synthetic archive, backfilled by the pool and by a local cluster of two workers, in turns.

    python -m benchmarks.backfill [PAGES] [ROUNDS]

Prints the seconds on the clock of each run, from start to end of the command, and the ratio of
the medians; says whether the rows are the same to the byte.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.synthetic import pages, write_warc
from tests.adapters.clusters import running_cluster
from tests.daemon.home import CHIPWIRE
from tests.stories.test_backfill import rows


def timed(home: Path, archive: Path, *more: str) -> float:
    home.mkdir()
    # The model is made before the clock starts; the rows it tags do not depend on when.
    subprocess.run([*CHIPWIRE, "--home", str(home), "doctor"], capture_output=True, check=False)
    began = time.perf_counter()
    subprocess.run(
        [*CHIPWIRE, "--home", str(home), "backfill", str(archive), *more],
        check=True, capture_output=True,
    )  # fmt: skip
    return time.perf_counter() - began


def compare(folder: Path, count: int, rounds: int) -> None:
    archive = folder / "archive.warc.gz"
    write_warc(archive, pages(count))
    times: dict[str, list[float]] = {"pool": [], "cluster": []}
    with running_cluster(folder / "cluster", allowed_failures=3) as address:
        for number in range(rounds):
            homes: list[Path] = []
            for name, more in (("pool", ()), ("cluster", ("--cluster", address))):
                homes.append(folder / f"{name}{number}")
                times[name].append(timed(homes[-1], archive, *more))
                print(f"{name:8} {times[name][-1]:8.1f} s", flush=True)
            same = rows(homes[0]) == rows(homes[1])
            print(f"rows the same to the byte: {same}", flush=True)
    middle = {name: statistics.median(found) for name, found in times.items()}
    print(f"{count} pages: cluster / pool {middle['cluster'] / middle['pool']:.2f}")


def main(arguments: Sequence[str]) -> None:
    count = int(arguments[0]) if arguments else 20_000
    rounds = int(arguments[1]) if len(arguments) > 1 else 1
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), count, rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
