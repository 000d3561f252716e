"""One measured run of our own chain, or of the floor under it, in a process of its own.

    python -m benchmarks.chain_ours ours PORT HOME PAGES [PROCESSES]
    python -m benchmarks.chain_ours floor PAGES_FOLDER|- PROCESSES

Prints one line of JSON: articles, seconds on the clock, processor seconds of this process and
all it started, this process's peak of memory in MiB. Processes, imports and models (the tagger's
and that of languages) are warm before the clock starts, as they are for the peers.
"""

import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.chain_site import address, host_number, hosts, load_pages
from benchmarks.resident import peak_mib

SETTINGS = """\
[fetch]
contact = "bench@localhost"
allow_networks = ["127.0.0.0/8"]
host_delay_s = 0
[work]
processes = {processes}
"""
PROCESSES = 2
GERMAN = "<html><body><article><p>" + "Ein Satz genügt, damit alles geladen ist. " * 40
WARM = b"<html><body><article><p>" + b"One sentence makes a worker warm. " * 40 + b"</p></article>"


def session_cpu_s() -> float:
    """Return the processor seconds of all processes of this session that live."""
    spent, own = 0, os.getsid(0)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == own:
            spent += int(fields[11]) + int(fields[12])
    return spent / os.sysconf("SC_CLK_TCK")


def measured(work: Callable[[], int]) -> dict[str, float]:
    parent = time.process_time()
    began, spent = time.perf_counter(), session_cpu_s()
    articles = work()
    return {
        "articles": articles,
        "wall_s": time.perf_counter() - began,
        "cpu_s": session_cpu_s() - spent,
        "parent_cpu_s": time.process_time() - parent,
        "peak_mib": peak_mib(),
    }


def write_home(folder: Path, count: int, processes: int) -> None:
    """Make a home that watches one feed at each host."""
    from pipeline.models.feeds import FeedSource
    from pipeline.steps import opml

    subscriptions = opml.Subscriptions()
    for number in range(count):
        subscriptions = opml.add(subscriptions, FeedSource(f"http://h{number}.test/feed"))
    (folder / "feeds.opml").write_bytes(opml.write(subscriptions))
    (folder / "chipwire.toml").write_text(SETTINGS.format(processes=processes))


def ours(port: int, folder: Path, pages: int, *, processes: int = PROCESSES) -> dict[str, float]:
    """Run one whole pass: poll, fetch, extract, tag, group, store."""
    from pipeline.app import App
    from pipeline.app.one_pass import run_pass
    from pipeline.models.articles import PageTask
    from pipeline.settings import Home, load

    def resolve(host: str, _: int) -> list[tuple[str, int]]:
        return [(address(host_number(host)), port)]

    def watch(home: Path, count: int) -> App:
        write_home(home, count, processes)
        return App(Home(home), load(home / "chipwire.toml", {}), resolve=resolve)

    with tempfile.TemporaryDirectory() as empty, watch(Path(empty), 0) as app:
        run_pass(app, digest=False)  # it watches nothing: imports alone
    with watch(folder, hosts(pages)) as app:
        both = (WARM, GERMAN.encode())
        tasks = [PageTask(n, "http://h0.test/", both[n % 2], "text/html") for n in range(64)]
        for _ in app.workers.run_all(app.readers.page, tasks):
            pass

        def one_pass() -> int:
            counts = run_pass(app, force=False, digest=False).counts
            return counts["pages_fetched"] - counts["pages_failed"]

        return measured(one_pass)


def bare(html: bytes) -> None:
    """Call trafilatura with metadata once."""
    import trafilatura

    trafilatura.bare_extraction(html, with_metadata=True, include_comments=False)


def floor(folder: Path | None, processes: int) -> dict[str, float]:
    """Call bare trafilatura once a page: nothing fetched, nothing stored."""
    pages = load_pages(folder)
    with multiprocessing.get_context("forkserver").Pool(processes) as pool:
        pool.map(bare, [WARM] * 64, chunksize=1)

        def extract_all() -> int:
            return sum(1 for _ in pool.imap_unordered(bare, pages, chunksize=4))

        return measured(extract_all)


def main(arguments: list[str]) -> None:
    if arguments[0] == "ours":
        processes = int(arguments[4]) if len(arguments) > 4 else PROCESSES
        port, pages = int(arguments[1]), int(arguments[3])
        result = ours(port, Path(arguments[2]), pages, processes=processes)
    else:
        folder = None if arguments[1] == "-" else Path(arguments[1])
        result = floor(folder, int(arguments[2]))
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
