r"""The whole chain, fetch to store, beside the scripts a user would write and the CPU floor.

    python -m venv /somewhere/peers
    /somewhere/peers/bin/pip install --upgrade pip  # 23.2 stumbles over lxml[html-clean]
    /somewhere/peers/bin/pip install feedparser requests newspaper4k trafilatura \
        tinysegmenter jieba
    python -m benchmarks.whole_chain --peer-python /somewhere/peers/bin/python [--pages FOLDER]

`--pages` is a folder of `*.html.gz`; without it the sample newsroom's pages are served. All
contenders run in turn, round by round, each in a process of its own, against one server in
another; imports, models and worker processes are warm before the clock starts. Ours runs before
and after each of the others and is compared with it there, as a machine's speed may change by
half within minutes; the median of the rounds' ratios counts. Our chain also polls conditionally,
asks robots.txt, deduplicates, groups stories and compares with the baseline, which no peer does.
Linux only (reads /proc).
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chain_site import address, hosts, load_pages, running_site

NEWSPAPER, TRAFILATURA = "script, newspaper4k", "script, trafilatura"
FLOOR, FLOOR_ALONE, OURS = "floor, two processes", "floor, one process", "chipwire"
FAR_S = 0.3


@dataclass(frozen=True, slots=True)
class Bar:
    """What we promised: ours against another, as speed (at least) or processor time (at most)."""

    other: str
    measure: str
    limit: float


NEAR_BARS = (
    Bar(NEWSPAPER, "speed", 5), Bar(TRAFILATURA, "speed", 2.5), Bar(FLOOR, "speed", 0.6),
    Bar(FLOOR_ALONE, "cpu", 1.35),
)  # fmt: skip
FAR_BARS = (Bar(NEWSPAPER, "speed", 15),)
Medians = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Set:
    """What one run compares: the pages, the peers' interpreter if there is one, the rounds."""

    folder: Path | None
    pages: int
    peer_python: str
    rounds: int


def commands(asked: Set, port: int, scratch: Path, *, far: bool) -> Iterator[tuple[str, list[str]]]:
    """Yield each other contender's name and command; the floor fetches nothing: not when far."""
    feeds = [f"http://{address(number)}:{port}/feed" for number in range(hosts(asked.pages))]
    script = str(Path(__file__).parent / "peers" / "script.py")
    peers = {NEWSPAPER: "newspaper4k"} if far else {
        NEWSPAPER: "newspaper4k", TRAFILATURA: "trafilatura"
    }  # fmt: skip
    for name, library in peers.items():
        if asked.peer_python:
            yield name, [asked.peer_python, script, library, str(scratch / f"{library}.db"), *feeds]
    own = [sys.executable, "-m", "benchmarks.chain_ours"]
    if not far:
        folder = str(asked.folder) if asked.folder else "-"
        yield FLOOR, [*own, "floor", folder, "2"]
        yield FLOOR_ALONE, [*own, "floor", folder, "1"]


def run(command: list[str]) -> dict[str, float]:
    """Return what a contender measured. Its session is its own: its CPU is counted by that."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, start_new_session=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(asked: Set, *, latency_s: float, models: Path) -> Medians:
    """Return each contender's medians per article, in milliseconds, and what ours is to it.

    `wall_of_ours` and `cpu_of_ours` are another's time as a multiple of ours just before and after.
    """
    found: dict[str, list[dict[str, float]]] = {}
    with running_site(asked.folder, latency_s=latency_s) as port:
        for _ in range(asked.rounds):
            for name, result in one_round(asked, port, models, far=latency_s > 0):
                found.setdefault(name, []).append(result)
    return {name: per_article(results, asked.pages) for name, results in found.items()}


def one_round(
    asked: Set, port: int, models: Path, *, far: bool
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield ours and every other contender, each of the others between two of ours."""
    before = our_run(asked, port, models)
    yield OURS, before
    with tempfile.TemporaryDirectory() as scratch:
        for name, command in commands(asked, port, Path(scratch), far=far):
            other, after = run(command), our_run(asked, port, models)
            for key in ("wall", "cpu"):
                ours = (before[f"{key}_s"] + after[f"{key}_s"]) / 2
                other[f"{key}_of_ours"] = other[f"{key}_s"] / ours
            yield name, other
            yield OURS, after
            before = after


def our_run(asked: Set, port: int, models: Path) -> dict[str, float]:
    """Run ours in a home of its own; the models are made once, not once a run."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        home.mkdir()
        (home / "models").symlink_to(models)
        arguments = [str(port), str(home), str(asked.pages)]
        return run([sys.executable, "-m", "benchmarks.chain_ours", "ours", *arguments])


def per_article(results: list[dict[str, float]], pages: int) -> dict[str, float]:
    """Return the medians of wall and CPU, in milliseconds an article.

    Raises:
        ValueError: a contender left out pages; its time would say nothing.
    """
    for result in results:
        if result["articles"] != pages:
            raise ValueError(f"{result['articles']} of {pages} pages were dealt with")
    medians = {key: statistics.median(one[key] for one in results) for key in results[0]}
    return {
        key.replace("_s", "_ms") if key.endswith("_s") else key: (
            median / pages * 1000 if key.endswith("_s") else median
        )
        for key, median in medians.items()
        if key.endswith(("_s", "_of_ours"))
    }


def table(medians: Medians, bars: tuple[Bar, ...]) -> list[str]:
    """Return the report: each contender, then each promise and whether it holds."""
    lines = [f"  {'':22} {'wall ms':>9} {'cpu ms':>9}   an article"]
    for name, one in medians.items():
        parent = f"   ({one['parent_cpu_ms']:.1f} of it in the parent)" if name == OURS else ""
        lines.append(f"  {name:22} {one['wall_ms']:9.1f} {one['cpu_ms']:9.1f}{parent}")
    for bar in bars:
        other = medians.get(bar.other)
        if other is None:
            lines.append(f"  NOT MEASURED: {bar.other} (give --peer-python)")
            continue
        if bar.measure == "speed":
            ratio = other["wall_of_ours"]
            holds, sign = ratio >= bar.limit, ">="
        else:
            ratio = 1 / other["cpu_of_ours"]
            holds, sign = ratio <= bar.limit, "<="
        verdict = "holds" if holds else "MISSED"
        lines.append(
            f"  {bar.measure:5} against {bar.other:22} {ratio:5.2f} x"
            f"  {sign} {bar.limit:4}  {verdict}"
        )
    return lines


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--peer-python", default="")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--far-rounds", type=int, default=1, help="0 leaves the far server out")
    given = parser.parse_args(arguments)
    pages = len(load_pages(given.pages))
    with tempfile.TemporaryDirectory() as models:
        for latency_s, rounds, bars in (
            (0.0, given.rounds, NEAR_BARS), (FAR_S, given.far_rounds, FAR_BARS),
        ):  # fmt: skip
            if rounds:
                asked = Set(given.pages, pages, given.peer_python, rounds)
                medians = measure(asked, latency_s=latency_s, models=Path(models))
                print(f"{pages} pages, server {latency_s * 1000:.0f} ms away, {rounds} rounds")
                print("\n".join(table(medians, bars)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
