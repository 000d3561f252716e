"""An archive backfilled by the pool and by a cluster of two workers on this machine, in turns."""

import tempfile
from pathlib import Path

from benchmarks.backfill import compare
from benchmarks.results import OURS, Bar, Group, Measured, Options


def measure(options: Options) -> Measured:
    pages = options.archive_pages
    with tempfile.TemporaryDirectory() as folder:
        found = compare(Path(folder), pages, options.rounds)
    pool, cluster = found["pool"], found["cluster"]
    each = {
        f"{OURS}, pool of two processes": 1000 * pool.cpu_s / pages,
        f"{OURS}, Dask cluster of two workers": 1000 * cluster.cpu_s / pages,
    }
    what = f"backfill of {pages:,} pages, cluster against pool"
    bars = [
        Bar(f"{what}, on the clock", cluster.wall_s / pool.wall_s, sign="≤", limit=1.2),
        Bar(f"{what}, processor time", cluster.cpu_s / pool.cpu_s),
    ]
    group = Group("One archived page, start of the command included", "ms of processor time", each)
    said = f"{options.rounds} rounds in turn, the same rows to the byte"
    return Measured([group], bars, said)
