"""What adding one sketch and looking up its like costs with many articles stored.

python benchmarks/sketch_store.py [--articles 100000] [--hashes 100]
"""

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from pipeline.adapters.store import Store, sketches
from pipeline.steps import sketch

CHUNK = 100_000  # rows
BATCH = 20  # articles a transaction, as the grouping job commits them
BATCHES = 20


def fill(store: Store, articles: int, hashes: int) -> None:
    """Store as many articles with random sketches, in the order of the key: 20 times faster."""
    values = np.random.default_rng(1).integers(
        0, sketch.RANGE // sketch.FRACTION, (articles, hashes), dtype=np.int64
    )
    lowest = np.sort(values)[:, : sketches.LOWEST].ravel()
    order = np.argsort(lowest)
    with store.transaction():
        store.connection.executemany(
            "INSERT INTO articles (id, url, title, first_seen_at) VALUES (?, ?, '', '')",
            (
                (article_id, f"https://example.test/{article_id}")
                for article_id in range(1, articles + 1)
            ),
        )
        for first in range(0, len(order), CHUNK):
            places = order[first : first + CHUNK]
            rows = zip(
                lowest[places].tolist(), (places // sketches.LOWEST + 1).tolist(), strict=True
            )
            store.connection.executemany("INSERT INTO sketches VALUES (?, ?)", rows)
        store.connection.executemany(
            "INSERT INTO article_sketches VALUES (?, ?)",
            ((at + 1, values[at].tobytes()) for at in range(articles)),
        )


def add_batch(store: Store, first: int, hashes: int, chance: random.Random) -> tuple[float, float]:
    """Return the milliseconds an article took to look up and save, and its share of the commit."""
    bound = sketch.RANGE // sketch.FRACTION
    start = time.perf_counter()
    with store.transaction():
        for article_id in range(first, first + BATCH):
            store.execute(
                "INSERT INTO articles (id, url, title, first_seen_at) VALUES (?, ?, '', '')",
                (article_id, f"https://example.test/{article_id}"),
            )
            copied = sorted(sketches.stored(store, chance.randrange(1, 1000)))[: hashes // 2]
            own = [*copied, *(chance.randrange(bound) for _ in range(hashes - len(copied)))]
            assert sketches.candidates(store, own, before=article_id)
            sketches.save(store, article_id, own)
        done = time.perf_counter()
    end = time.perf_counter()
    return (done - start) * 1000 / BATCH, (end - done) * 1000 / BATCH


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--hashes", type=int, default=100)
    options = parser.parse_args()
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chipwire.db"
        with Store(path) as store:
            fill(store, options.articles, options.hashes)
            size = path.stat().st_size / 1e6
            firsts = range(options.articles + 1, options.articles + 1 + BATCH * BATCHES, BATCH)
            spent = [add_batch(store, first, options.hashes, chance) for first in firsts]
        adding = statistics.median(work for work, _ in spent)
        committing = statistics.median(commit for _, commit in spent)
        print(
            f"{options.articles} articles of {options.hashes} hashes, {size:.0f} MB: an article"
            f" takes {adding:.2f} ms to look up and save, {committing:.2f} ms of its batch's commit"
        )


if __name__ == "__main__":
    main()
