"""How the database grows: bytes an article, and what they are spent on."""

import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.million_home import build
from benchmarks.results import OURS, Bar, Group, Measured, Options
from pipeline.adapters.store import Store

ARTICLES = 20_000
PARTS = {
    "sketches": ("sketches", "article_sketches"),
    "full-text index": ("articles_fts",),
    "tags": ("tags",),
    "sightings": ("sightings",),
    "addresses": ("article_urls", "sqlite_autoindex_articles"),
    "articles": ("articles",),
}


def measure(options: Options) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder) / "home"
        if options.home is None:
            build(home, ARTICLES)
        with Store(home / "chipwire.db", read_only=True) as store:
            articles, text = store.rows("SELECT count(*), sum(length(text)) FROM articles")[0]
            sizes = parts(store)
    each = {name: size / articles for name, size in sizes.items()}
    whole = sum(each.values())
    rows = {f"{OURS}, all of it": whole} | dict(sorted(each.items(), key=lambda pair: -pair[1]))
    rows["the text alone, in characters"] = text / articles
    bars = [
        Bar("database, bytes an article", whole, "bytes"),
        Bar("database, the same without sketches", whole - each["sketches"], "bytes"),
    ]
    group = Group("Database, an article", "bytes", rows)
    return Measured([group], bars, f"{articles:,} articles, indexes beside what they index")


def parts(store: Store) -> Counter[str]:
    """Return the bytes each kind of content takes, indexes included."""
    found: Counter[str] = Counter()
    for row in store.rows("SELECT name, sum(pgsize) AS size FROM dbstat GROUP BY name"):
        found[part(row["name"])] += row["size"]
    return found


def part(name: str) -> str:
    for title, beginnings in PARTS.items():
        if name.startswith(beginnings):
            return title
    return "all else"
