"""Starting beside a bare interpreter."""

from benchmarks import startup
from benchmarks.results import OURS, Bar, Group, Measured, Options


def measure(options: Options) -> Measured:
    medians = startup.measure()
    bare = next(iter(medians))
    ours = [name for name in medians if name != bare]
    rows = {f"{OURS} {name}": 1000 * medians[name] for name in ours}
    bars = [
        Bar(f"start-up, `{name}` against a bare interpreter", medians[name] / medians[bare])
        for name in ours
    ]
    group = Group("Starting", "ms of processor time", rows | {bare: 1000 * medians[bare]})
    return Measured([group], bars, f"medians of {startup.ROUNDS} rounds in turn")
