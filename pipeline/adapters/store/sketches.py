"""Sketches in the database: which stored texts share hashes with a new one.

Works inside the transaction the caller has open. Every hash of the new text is looked up by
key, so the cost does not grow with the number of articles. Stored for look-up are only the
lowest hashes of each article: a stored text that lies in the new one shares all of them, one
that the new text is a third of shares ten; the whole sketch lies beside, in one row.
"""

import json
from array import array
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from pipeline.adapters.store.connection import Store

# Hashes of an article that can be looked up. All of them (100) made adding one to 100,000
# articles cost 9 ms and 6 ms of the commit: each is a page of its own to read and write.
LOWEST = 32
# A hash that stands in more articles than this belongs to a set phrase, or to a wire story that
# everybody ran; either way the first ones stored are all that need comparing.
COMMON = 50
# Candidates compared in full; the copies of one text beyond these add nothing.
MOST = 20

# One statement for all hashes: 3.1 ms an article, look-up and saving, against 4.3 with one each.
SHARING = """
SELECT (SELECT group_concat(article_id) FROM (
  SELECT article_id FROM sketches WHERE hash = wanted.value AND article_id < ?
  ORDER BY article_id LIMIT ?
)) AS holders FROM json_each(?) AS wanted
"""
OF_ARTICLE = "SELECT hashes FROM article_sketches WHERE article_id = ?"
FORGET = "DELETE FROM sketches WHERE hash = ? AND article_id = ?"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored article that shares hashes, with its whole sketch."""

    article_id: int
    sketch: frozenset[int]


def save(store: Store, article_id: int, sketch: Collection[int]) -> None:
    """Replace the sketch of an article; writes only if it differs."""
    before = stored(store, article_id)
    if before and before == sketch:
        return
    forget(store, article_id)
    ordered = sorted(sketch)
    store.execute(
        "INSERT INTO article_sketches (article_id, hashes) VALUES (?, ?)",
        (article_id, array("q", ordered).tobytes()),
    )
    store.connection.executemany(
        "INSERT INTO sketches (hash, article_id) VALUES (?, ?)",
        [(value, article_id) for value in ordered[:LOWEST]],
    )


def forget(store: Store, article_id: int) -> None:
    """Remove the sketch of an article, before the article itself goes."""
    rows = [(value, article_id) for value in stored(store, article_id)]
    store.connection.executemany(FORGET, rows)
    store.execute("DELETE FROM article_sketches WHERE article_id = ?", (article_id,))


def candidates(store: Store, sketch: Collection[int], *, before: int) -> list[Candidate]:
    """Return the articles with ids below `before` that share most hashes with a sketch.

    Hashes of set phrases count only where the sketch has hardly any others: a filled-in form
    does not meet its like, a wire story does meet its sixtieth copy.
    """
    rare: list[str] = []  # ids as the rows hold them, counted all at once: half the time
    common: list[str] = []
    rare_hashes = len(sketch)
    for row in store.rows(SHARING, (before, COMMON + 1, json.dumps(list(sketch)))):
        found = row["holders"].split(",") if row["holders"] else []
        if len(found) <= COMMON:
            rare += found
        else:
            common += found
            rare_hashes -= 1
    counts = Counter(rare if 4 * rare_hashes >= len(sketch) else rare + common)
    best = sorted((-count, int(article_id)) for article_id, count in counts.items())[:MOST]
    return [Candidate(article_id, stored(store, article_id)) for _, article_id in best]


def stored(store: Store, article_id: int) -> frozenset[int]:
    """Return the sketch of an article, empty where it has none."""
    row = store.row(OF_ARTICLE, (article_id,))
    return frozenset(array("q", row["hashes"]) if row else ())
