"""What the review page's queue costs in SQL: 240,000 items against 2,400, under every filter.

    python -m benchmarks.review_queue [items]

The goal is under 50 ms for any view at 240,000 items; the ratio to a hundredth of them says
what grows. Processor time, median of 15, both databases asked in turn. Two full-text queries
are shown: one whose word stands in one article of a hundred, one that stands in all.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from pipeline.adapters.store import Store, queue

ITEMS = 240_000
TOPICS = ("chip-curbs", "hbm", "foundry", "lithography")
ROUNDS = 15
VIEWS = {
    "least sure first": queue.Wish(),
    "one topic": queue.Wish(topic="hbm"),
    "one outlet": queue.Wish(outlet="Outlet 7"),
    "one language": queue.Wish(language="ko"),
    "one company": queue.Wish(company="ASML"),
    "a rare word": queue.Wish(query="rareword"),
    "a common word": queue.Wish(query="fab"),
    "judged": queue.Wish(state="judged"),
    "disputed": queue.Wish(state="disputed"),
}


def main() -> None:
    """Print a line per view: milliseconds in the small and the large queue, and their ratio."""
    items = int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS
    with tempfile.TemporaryDirectory() as folder:
        small, large = (Store(Path(folder) / f"{n}.db") for n in (items // 100, items))
        with small, large:
            fill(small, items // 100)
            fill(large, items)
            print(f"{'view':18} {items // 100:>10,} {items:>10,} {'ratio':>7}   ms")
            for name, wish in VIEWS.items():
                few, many = interleaved(small, large, wish)
                print(f"{name:18} {few:10.2f} {many:10.2f} {many / few:7.1f}")


def interleaved(small: Store, large: Store, wish: queue.Wish) -> tuple[float, float]:
    times: dict[Store, list[float]] = {small: [], large: []}
    for _ in range(ROUNDS):
        for store, taken in times.items():
            start = time.process_time()
            queue.items(store, wish)
            queue.waiting(store)
            taken.append((time.process_time() - start) * 1000)
    return median(times[small]), median(times[large])


def fill(store: Store, items: int) -> None:
    """Store an article for each item, in 200 outlets; one in 50 is judged, one in 500 twice."""
    with store.transaction():
        store.execute_many(
            "INSERT INTO articles (id, url, title, site, language, first_seen_at, text, status)"
            " VALUES (?,?,?,?,?,'2026-11-23T07:00:00Z',?,'ok')",
            articles(items),
        )
        store.execute_many(
            "INSERT INTO mentions (article_id, company, count) VALUES (?, 'ASML', 1)",
            [(n,) for n in range(1, items, 100)],
        )
        store.execute_many(
            "INSERT INTO review_items (article_id, topic, title, probability, doubt, site)"
            " VALUES (?,?,?,0.4,?,?)",
            (
                (n, TOPICS[n % 4], f"Fab report {n}", n * 7919 % items / items, f"Outlet {n % 200}")
                for n in range(1, items + 1)
            ),
        )
        for reviewer, verdict, every in (("ann", "yes", 50), ("bob", "no", 500)):
            store.execute_many(
                "INSERT INTO labels (article_id, topic, reviewer, verdict, created_at)"
                " VALUES (?,?,?,?,'2026-11-23T07:05:00Z')",
                [(n, TOPICS[n % 4], reviewer, verdict) for n in range(1, items, every)],
            )


def articles(items: int) -> Iterator[tuple[object, ...]]:
    for n in range(1, items + 1):
        words = "rareword in the fab" if n % 100 == 0 else "news of the fab"
        yield (
            n, f"https://a.test/{n}", f"Fab report {n}", f"Outlet {n % 200}",
            ("en", "ko", "zh", "ja")[n % 4], words,
        )  # fmt: skip


if __name__ == "__main__":
    main()
