"""Text, title and date on real news pages, and processor time against trafilatura.

    python -m benchmarks.extraction FOLDER [--write-floors FILE]

The folder holds `truth.jsonl` (id, url, title, date, text) and `ID.html.gz`. Halves are by
registrable domain, so that a rule made for one site shows. Times are interleaved page by page;
the best of three counts, so that a busy machine slows all alike.
"""

import argparse
import gzip
import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.shingles import score
from pipeline.models.articles import Extracted, PageTask
from pipeline.steps import urls
from pipeline.steps.extraction import extract, warm_up

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Page:
    """A real page and what its publisher says is in it."""

    url: str
    html: bytes
    title: str
    date: str
    text: str

    @property
    def half(self) -> int:
        owner = urls.registrable(urls.host(self.url))
        return hashlib.sha256(owner.encode()).digest()[0] % 2


def load(folder: Path) -> list[Page]:
    """Return the folder's pages in the order of `truth.jsonl`."""
    rows = map(json.loads, (folder / "truth.jsonl").read_text().splitlines())
    return [
        Page(
            row["url"],
            gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes()),
            row["title"],
            row["date"] or "",
            row["text"],
        )
        for row in rows
    ]


def fingerprint(pages: Iterable[Page]) -> str:
    """Return the hash of the data that floors were measured on."""
    digest = hashlib.sha256()
    for page in pages:
        for part in (page.url.encode(), page.html, page.title.encode(), page.text.encode()):
            digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def figures(pages: list[Page], found: list[Extracted]) -> dict[str, float]:
    """Return F1, precision, recall, and the shares of right titles and dates."""
    both = list(zip(pages, found, strict=True))
    text = score((page.text, article.text) for page, article in both)
    dated = [(page, article) for page, article in both if page.date]
    return {
        "f1": text.f1,
        "precision": text.precision,
        "recall": text.recall,
        "title": _mean(same_title(page.title, article.title) for page, article in both),
        "date": _mean(same_day(page.date, article) for page, article in dated),
        "stubs": _mean(bool(article.stub) for article in found),
    }


def _mean(values: Iterable[bool]) -> float:
    counted = list(values)
    return sum(counted) / len(counted) if counted else 0.0


def same_title(truth: str, found: str) -> bool:
    """Compare letters and digits only: quotation marks differ between a page's own copies."""
    left, right = ("".join(c for c in title.casefold() if c.isalnum()) for title in (truth, found))
    return left == right


def same_day(truth: str, article: Extracted) -> bool:
    """Compare days, in UTC; no leeway for zones."""
    return article.published_at is not None and article.published_at.date() == date.fromisoformat(
        truth
    )


def main() -> None:
    """Print the table, both halves and the times; write floors if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write-floors", type=Path)
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)  # trafilatura reports every page without text
    pages = load(arguments.folder)
    found = [extract(PageTask(0, page.url, page.html)) for page in pages]
    theirs = [_by_trafilatura(page) for page in pages]
    whole = figures(pages, found)
    show("all", len(pages), whole)
    for half in (0, 1):
        chosen = [at for at, page in enumerate(pages) if page.half == half]
        for name, articles in (("chipwire", found), ("trafilatura", theirs)):
            row = figures([pages[i] for i in chosen], [articles[i] for i in chosen])
            show(f"half {half}, {name}", len(chosen), row)
    show("trafilatura", len(pages), figures(pages, theirs))
    show_times(pages)
    if arguments.write_floors:
        floors = {key: round(value - 0.002, 4) for key, value in whole.items() if key != "stubs"}
        pinned = {"data": fingerprint(pages), **floors}
        arguments.write_floors.write_text(json.dumps(pinned, indent=2) + "\n")


def show(name: str, count: int, row: dict[str, float]) -> None:
    """Print one line of the table."""
    cells = "  ".join(f"{key} {value:.4f}" for key, value in row.items())
    print(f"{name:20} {count:4} pages  {cells}")


def _by_trafilatura(page: Page) -> Extracted:
    from trafilatura import bare_extraction

    document: Any = bare_extraction(
        page.html, url=page.url, include_comments=False, with_metadata=True
    )
    if document is None:
        return Extracted()
    from pipeline.steps.extraction.written_dates import parse

    return Extracted(
        title=document.title or "", text=document.text or "", published_at=parse(document.date)
    )


def show_times(pages: list[Page]) -> None:
    """Print processor time relative to trafilatura's calls without and with metadata."""
    import trafilatura

    def bare(page: Page) -> object:
        return trafilatura.extract(page.html, url=page.url, include_comments=False)

    def with_metadata(page: Page) -> object:
        return trafilatura.extract(
            page.html, url=page.url, include_comments=False, with_metadata=True
        )

    def ours(page: Page) -> object:
        return extract(PageTask(0, page.url, page.html))

    ways: dict[str, Callable[[Page], object]] = {
        "trafilatura, text": bare,
        "trafilatura, text and metadata": with_metadata,
        "chipwire": ours,
    }
    warm_up()
    for way in ways.values():
        way(pages[0])
    spent = dict.fromkeys(ways, timedelta())
    for page in pages:
        rounds = [[_seconds(way, page) for way in ways.values()] for _ in range(ROUNDS)]
        for name, times in zip(ways, zip(*rounds, strict=True), strict=True):
            spent[name] += timedelta(seconds=min(times))
    text, whole = spent["trafilatura, text"], spent["trafilatura, text and metadata"]
    for name, total in spent.items():
        each = total / len(pages) / timedelta(milliseconds=1)
        print(f"{name:32} {each:6.1f} ms/page  {total / text:.2f} of text, {total / whole:.2f}")


def _seconds(way: Callable[[Page], object], page: Page) -> float:
    began = time.process_time()
    way(page)
    return time.process_time() - began


if __name__ == "__main__":
    main()
