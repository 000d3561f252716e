"""Every benchmark in one command: peers and floors side by side, a table and a plot.

    python -m benchmarks [NAME...] [--peer-python PYTHON] [--pages FOLDER] [--write]

Without names all of them, an hour or two. `--write` keeps what was found in
`benchmarks/results.json` (what was not measured stays as it was), in the README's table and in
`docs/images/benchmarks.svg`. Peers need a Python of their own:

    python -m venv PEERS
    PEERS/bin/pip install --upgrade pip
    PEERS/bin/pip install feedparser requests newspaper4k trafilatura tinysegmenter jieba datasketch

`--pages` is a folder of real pages as `*.html.gz`; without it the newsroom's are read. `million`
builds its home in a temporary folder (15 minutes, 9 GB) unless `--home` names one that
`python -m benchmarks.million build` made.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import measures, report
from benchmarks.results import Options, load, save, told


def main(arguments: Sequence[str]) -> None:
    """Measure what was chosen, one benchmark after the other; a figure is kept once it is there."""
    usual = Options()
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(measures.NAMES))
    parser.add_argument("--peer-python", default="", metavar="PYTHON")
    parser.add_argument("--pages", type=Path, metavar="FOLDER")
    parser.add_argument("--home", type=Path, metavar="FOLDER")
    parser.add_argument("--articles", type=int, default=usual.articles)
    parser.add_argument("--archive-pages", type=int, default=usual.archive_pages)
    parser.add_argument("--feeds", type=int, nargs="+", default=usual.feeds)
    parser.add_argument("--rounds", type=int, default=usual.rounds)
    parser.add_argument("--write", action="store_true")
    chosen = vars(parser.parse_args(arguments))
    names, write = chosen.pop("names") or measures.NAMES, chosen.pop("write")
    unknown = set(names) - set(measures.NAMES)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; {', '.join(measures.NAMES)}")
    run(names, Options(**chosen), write=write)


def run(names: Sequence[str], options: Options, *, write: bool) -> None:
    for name in names:
        found = replace(measures.measure(name)(options), day=f"{datetime.now(UTC):%Y-%m-%d}")
        print("\n".join(told({name: found})), flush=True)
        if write:
            save({**load(), name: found})
            report.write(load())


if __name__ == "__main__":
    main(sys.argv[1:])
