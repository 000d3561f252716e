"""The whole chain with one process and two, and with more and more feeds."""

from benchmarks.chain_growth import PROCESSES, grow
from benchmarks.chain_site import PER_HOST
from benchmarks.results import OURS, Bar, Group, Measured, Options


def measure(options: Options) -> Measured:
    found = grow(options.feeds)
    few, many = min(options.feeds), max(options.feeds)
    one, two = PROCESSES
    rows = {
        f"{OURS}, {feeds:,} feeds, {processes} process{'es' if processes > 1 else ''}": each[
            "wall_ms"
        ]
        for (feeds, processes), each in found.items()
    }
    speed = found[many, one]["wall_ms"] / found[many, two]["wall_ms"]
    cost = found[many, two]["cpu_ms"] / found[few, two]["cpu_ms"]
    bars = [
        Bar(f"speed of two processes against one, {many:,} feeds", speed),
        Bar(f"processor time an article, {many:,} feeds against {few:,}", cost),
        Bar(f"memory of the parent, {many:,} feeds", found[many, two]["peak_mib"], "MiB"),
    ]
    group = Group("One article as feeds grow", "ms on the clock", rows)
    return Measured([group], bars, f"{PER_HOST} made-up pages a feed, each at a host of its own")
