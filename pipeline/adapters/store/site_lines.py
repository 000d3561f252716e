"""Which lines each site repeats, counted in pages; old counts fade."""

import json
from collections.abc import Collection

from pipeline.adapters.store.connection import Store
from pipeline.steps.extraction.boilerplate import PAGE

# After so many pages of a site its counts are halved and what stood on one page is forgotten:
# some 1,000 rows a site however long it is watched, and a line it stopped printing is let go.
WINDOW = 100


def pages(store: Store, site: str, hashes: Collection[int]) -> dict[int, int]:
    """Return on how many of the site's pages each of these lines stood, the unknown left out."""
    rows = store.rows(
        "SELECT line_hash, pages FROM json_each(?) AS wanted"
        " JOIN site_lines ON site = ? AND line_hash = wanted.value",
        (json.dumps(list(hashes)), site),
    )
    return {row["line_hash"]: row["pages"] for row in rows}


def repeated(store: Store, site: str, *, least: int) -> tuple[tuple[int, int], ...]:
    """Return the lines that stood on `least` pages of the site, and `PAGE`, with their pages."""
    rows = store.rows(
        "SELECT line_hash, pages FROM site_lines WHERE site = ? AND (pages >= ? OR line_hash = ?)",
        (site, least, PAGE),
    )
    return tuple((row["line_hash"], row["pages"]) for row in rows)


def count(store: Store, site: str, hashes: Collection[int]) -> None:
    """Note a further page of the site with these lines; call inside a transaction."""
    store.execute_many(
        "INSERT INTO site_lines (site, line_hash) VALUES (?,?)"
        " ON CONFLICT (site, line_hash) DO UPDATE SET pages = pages + 1",
        [(site, line) for line in hashes],
    )
    shown = store.value(
        "SELECT pages FROM site_lines WHERE site = ? AND line_hash = ?", (site, PAGE)
    )
    if shown >= WINDOW:
        store.execute("UPDATE site_lines SET pages = pages / 2 WHERE site = ?", (site,))
        store.execute("DELETE FROM site_lines WHERE site = ? AND pages = 0", (site,))
