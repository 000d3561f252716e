"""Reading a page beside trafilatura's own calls, page by page in turn."""

import logging
import statistics
import time
from collections.abc import Callable

from benchmarks.chain_site import load_pages
from benchmarks.results import OURS, Bar, Group, Measured, Options
from pipeline.models.articles import PageTask
from pipeline.steps.extraction import extract, warm_up

TEXT, WHOLE = "trafilatura, text", "trafilatura, text and metadata"


def measure(options: Options) -> Measured:
    import trafilatura

    logging.disable(logging.CRITICAL)  # trafilatura reports every page without text
    ways: dict[str, Callable[[bytes], object]] = {
        OURS: lambda html: extract(PageTask(0, "https://outlet.example/news", html)),
        TEXT: lambda html: trafilatura.extract(html, include_comments=False),
        WHOLE: lambda html: trafilatura.extract(html, include_comments=False, with_metadata=True),
    }
    pages = load_pages(options.pages)
    warm_up()
    for way in ways.values():
        way(pages[0])
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for page in pages:
        for name, way in ways.items():
            began = time.process_time()
            way(page)
            spent[name].append(1000 * (time.process_time() - began))
    logging.disable(logging.NOTSET)
    means = {name: statistics.fmean(times) for name, times in spent.items()}
    bars = [
        Bar(f"extraction, processor time against {WHOLE}", means[OURS] / means[WHOLE]),
        Bar(f"extraction, processor time against {TEXT}", means[OURS] / means[TEXT]),
    ]
    what = "news" if options.pages else "newsroom"
    group = Group("Reading one page", "ms of processor time", means)
    return Measured([group], bars, f"{len(pages)} {what} pages, each by all in turn")
