"""What questions cost at a million articles, beside what was promised."""

import statistics
import tempfile
from pathlib import Path

from benchmarks.million import DIGEST, PASS, QUEUE, SEARCH, Times, ask
from benchmarks.million_home import build
from benchmarks.results import Bar, Group, Measured, Options

UNIT = "ms of processor time"
AT_ONCE_MS, DIGEST_MS, PASS_MS = 50.0, 5000.0, 2000.0


def measure(options: Options) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder) / "home"
        if options.home is None:
            build(home, options.articles)
        times = dict(ask(home))
    medians = {name: statistics.median(one) for name, one in times.items()}
    at_once = {name: ms for name, ms in medians.items() if is_promised(name)}
    waited = {name: ms for name, ms in medians.items() if name.startswith((DIGEST, "`"))}
    others = {name: ms for name, ms in medians.items() if name not in at_once | waited}
    where = f"At {options.articles:,} articles"
    groups = [
        Group(f"{where}: search and review", UNIT, at_once, AT_ONCE_MS),
        Group(f"{where}: digests and commands", UNIT, waited),
        Group(f"{where}: other questions", UNIT, others, drawn=False),
    ]
    return Measured(groups, bars(times), "medians of seven, the file in the machine's cache")


def is_promised(name: str) -> bool:
    """Tell whether a question is to be answered at once: searches by topic and date, the queue."""
    return name.startswith(QUEUE) or (name.startswith(SEARCH) and "topic, since" in name)


def bars(times: Times) -> list[Bar]:
    """Return what was promised: the slowest question of each kind."""
    medians = {name: statistics.median(one) for name, one in times.items()}
    queues = [ms for name, ms in medians.items() if name.startswith(QUEUE)]
    searches = [ms for name, ms in medians.items() if is_promised(name) and name.startswith(SEARCH)]
    digests = [ms for name, ms in medians.items() if name == f"{DIGEST} composed"]
    where = "at a million articles"
    return [
        Bar(f"{where}, a search with topic and date, the slowest", max(searches), "ms", "≤",
            AT_ONCE_MS),
        Bar(f"{where}, the review queue under any filter", max(queues), "ms", "≤", AT_ONCE_MS),
        Bar(f"{where}, a digest composed", digests[0], "ms", "≤", DIGEST_MS),
        Bar(f"{where}, a pass with nothing new", medians[PASS], "ms", "≤", PASS_MS),
    ]  # fmt: skip
