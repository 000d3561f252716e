"""How the whole chain grows: from one worker process to two, and from ten feeds to a thousand.

    python -m benchmarks.chain_growth [FEEDS...]

Every feed announces six made-up pages at a host of its own. Each count of feeds runs with one
process and with two, in turn; figures are for an article.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.chain_site import PER_HOST, running_site
from benchmarks.whole_chain import per_article, run

FEEDS = (10, 100, 1000)
PROCESSES = (1, 2)
Grown = dict[tuple[int, int], dict[str, float]]  # by feeds and processes


def grow(feeds: Sequence[int] = FEEDS, *, rounds: int = 1) -> Grown:
    """Return milliseconds an article and the parent's peak in MiB, medians of the rounds."""
    found: Grown = {}
    with tempfile.TemporaryDirectory() as models:
        for count in feeds:
            with running_site(PER_HOST * count) as port:
                taken: dict[int, list[dict[str, float]]] = {number: [] for number in PROCESSES}
                if not found:
                    one_pass(port, count, 1, Path(models))  # makes the model
                for _ in range(rounds):
                    for processes, results in taken.items():
                        results.append(one_pass(port, count, processes, Path(models)))
            for processes, results in taken.items():
                figures = per_article(results, PER_HOST * count)
                figures["peak_mib"] = max(one["peak_mib"] for one in results)
                found[count, processes] = figures
    return found


def one_pass(port: int, feeds: int, processes: int, models: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        home.mkdir()
        (home / "models").symlink_to(models)  # made once, not once a pass
        pages = str(PER_HOST * feeds)
        own = [sys.executable, "-m", "benchmarks.chain_ours", "ours"]
        return run([*own, str(port), str(home), pages, str(processes)])


def table(found: Grown) -> list[str]:
    lines = [f"{'feeds':>7} {'processes':>10} {'wall ms':>9} {'cpu ms':>9} {'in parent':>10} MiB"]
    for (feeds, processes), one in found.items():
        figures = f"{one['wall_ms']:9.1f} {one['cpu_ms']:9.1f} {one['parent_cpu_ms']:10.1f}"
        lines.append(f"{feeds:7} {processes:10} {figures} {one['peak_mib']:4.0f}")
    return lines


def main(arguments: Sequence[str]) -> None:
    print("\n".join(table(grow([int(one) for one in arguments] or FEEDS))))


if __name__ == "__main__":
    main(sys.argv[1:])
