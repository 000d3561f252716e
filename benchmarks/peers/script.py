"""The script a user would write: feedparser, requests, an extractor and sqlite3, in turn.

    python script.py newspaper4k|trafilatura DATABASE FEED_URL...

Imports nothing of chipwire, so that it runs in an environment of its own. Prints one line of
JSON: articles stored, and the seconds they took on the clock and on the processor.
"""

import importlib
import json
import sqlite3
import sys
import time
from collections.abc import Callable
from typing import Any

# Imported by name: these libraries are not in chipwire's lock.
feedparser: Any = importlib.import_module("feedparser")
requests: Any = importlib.import_module("requests")

TIMEOUT_S = 30
Row = tuple[str, str, str, str]  # title, authors, date, text
WORDS = {"hbm": ("hbm", "memory"), "export": ("export control",), "foundry": ("foundry", "tsmc")}


def by_newspaper4k(url: str, html: str) -> Row:
    article: Any = importlib.import_module("newspaper").Article(url, fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return article.title, ", ".join(article.authors), str(article.publish_date), article.text


def by_trafilatura(url: str, html: str) -> Row:
    library: Any = importlib.import_module("trafilatura")
    found = library.bare_extraction(html, url=url, with_metadata=True, include_comments=False)
    if found is None:
        return "", "", "", ""
    return found.title or "", found.author or "", found.date or "", found.text or ""


EXTRACTORS: dict[str, Callable[[str, str], Row]] = {
    "newspaper4k": by_newspaper4k,
    "trafilatura": by_trafilatura,
}


def topics(text: str) -> str:
    """Return the topics whose words occur: the tagger of a short script."""
    lower = text.lower()
    return ",".join(name for name, words in WORDS.items() if any(word in lower for word in words))


def watch(database: sqlite3.Connection, feeds: list[str], extract: Callable[..., Row]) -> int:
    """Store every article of the feeds; return how many there were."""
    database.execute(
        "CREATE TABLE articles (url TEXT PRIMARY KEY, title, authors, date, text, topics)"
    )
    session = requests.Session()
    stored = 0
    for feed in feeds:
        for entry in feedparser.parse(session.get(feed, timeout=TIMEOUT_S).content).entries:
            page = session.get(entry.link, timeout=TIMEOUT_S)
            try:
                title, authors, date, text = extract(entry.link, page.text)
            except (ImportError, ValueError):  # newspaper4k wants a package for each language
                title = authors = date = text = ""
            database.execute(
                "INSERT OR IGNORE INTO articles VALUES (?,?,?,?,?,?)",
                (entry.link, title, authors, date, text, topics(text)),
            )
            database.commit()
            stored += 1
    return stored


def main(library: str, path: str, feeds: list[str]) -> None:
    extract = EXTRACTORS[library]
    extract("http://warm.test/up", "<html><body><p>Imports and tables are not timed.</p></body>")
    database = sqlite3.connect(path)
    began, spent = time.perf_counter(), time.process_time()
    stored = watch(database, feeds, extract)
    print(
        json.dumps(
            {
                "articles": stored,
                "wall_s": time.perf_counter() - began,
                "cpu_s": time.process_time() - spent,
            }
        )
    )
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
