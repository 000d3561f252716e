"""Which articles a search finds, the best first, at a cost that hardly grows with the store.

SQLite's own rank counts every article that holds a word before it ranks one: at a million
articles 15 to 40 ms for a query, and 1.4 s where all that match are ranked. So what matches is
walked from the newest back, and the last ones stored are ranked by `pipeline.steps.relevance`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.adapters.store.connection import Store
from pipeline.steps import relevance

NEWEST = 500  # matches that are ranked: the last that were stored
# Looking one article up in the index costs as much as walking a thousand: .3 ms.
SPARSE = 1_000
MANY = 50_000  # articles that a facet leaves, so many that they are not listed beforehand
LATELY = 60_000  # articles of the dates asked for: more are not looked through for the first id


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: an FTS5 expression, conditions on `articles a`, and their values.

    `among` selects the `id` of what a facet leaves, from an index alone; "" where there is none.
    """

    match: str
    phrases: tuple[str, ...]
    conditions: str
    among: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


def best(store: Store, search: Search, *, limit: int) -> list[int]:
    """Return the ids of the articles that match, the best first, at most `limit`."""
    values = {**search.values, "first": first_id(store, search)}
    left = span(store, FROM_FIRST.format(search.among), values, most=MANY) if search.among else ALL
    found = matching(store, search, way(left), {**values, "most": max(NEWEST, limit)})
    ids = relevance.by_title(found, search.phrases)
    read = ids[: relevance.READ]
    ranked = relevance.by_text(read, texts(store, read), search.phrases)
    return [*ranked, *ids[relevance.READ :]][:limit]


@dataclass(frozen=True, slots=True)
class Span:
    """How many articles a facet leaves, and over how many ids they spread."""

    articles: int
    width: int


def span(store: Store, ids: str, values: Mapping[str, object], *, most: int) -> Span:
    """Measure what a facet leaves; of more than `most` articles only so many are looked at."""
    counted = f"SELECT count(*), max(id) - min(id) FROM ({ids} LIMIT {most})"  # noqa: S608 - constants; values are bound
    [row] = store.rows(counted, dict(values))
    return Span(row[0], row[1] or 0)


ALL = Span(MANY, 0)
Way = Literal["walk all", "walk what is left", "look each up"]


def way(left: Span) -> Way:
    """Return how what matches is best found, by what a facet leaves."""
    if left.articles >= MANY:
        return "walk all"
    return "look each up" if left.width > SPARSE * left.articles else "walk what is left"


FROM_FIRST = "SELECT id FROM ({}) WHERE id >= :first"
# CROSS JOIN: the index is walked from its end, in the order the answer has, until it is full.
WALKED = """SELECT f.rowid AS id, a.title FROM articles_fts f
CROSS JOIN articles a ON a.id = f.rowid WHERE articles_fts MATCH :match"""
LOOKED_UP = """SELECT f.rowid AS id, a.title FROM among CROSS JOIN articles_fts f
ON f.rowid = among.id CROSS JOIN articles a ON a.id = f.rowid WHERE articles_fts MATCH :match"""
# "+": the index is to walk its matches once, not to be asked for every id by itself.
AMONG = """AND f.rowid BETWEEN (SELECT min(id) FROM among) AND (SELECT max(id) FROM among)
AND +f.rowid IN (SELECT id FROM among)"""


def matching(
    store: Store, search: Search, how: Way, values: Mapping[str, object]
) -> list[relevance.Found]:
    """Return what matches and passes the conditions, the last stored first; each way the same."""
    among = f"WITH among(id) AS MATERIALIZED ({FROM_FIRST.format(search.among)})"
    begun = {
        "walk all": f"{WALKED} AND f.rowid >= :first",
        "walk what is left": f"{among} {WALKED} {AMONG}",
        "look each up": f"{among} {LOOKED_UP}",
    }[how]
    rows = store.rows(
        f"{begun} AND {search.conditions} ORDER BY f.rowid DESC LIMIT :most",
        {**values, "match": search.match},
    )
    return [relevance.Found(row["id"], row["title"]) for row in rows]


def first_id(store: Store, search: Search) -> int:
    """Return an id below which no article is of the dates asked for; 0 if that takes long to tell.

    Ids grow with time, but for archives: a backfill's old articles have the newest ids.
    """
    if "since" not in search.values:
        return 0
    row = store.row(FIRST, {"since": search.values["since"], "most": LATELY})
    assert row is not None  # an aggregate
    return int(row["first"]) if row["first"] and row["articles"] < LATELY else 0


# "+": min(id) alone would be taken as a reason to walk the whole table by id.
FIRST = """SELECT min(+id) AS first, count(*) AS articles FROM (
  SELECT id FROM articles WHERE coalesce(published_at, first_seen_at) >= :since LIMIT :most)"""


def texts(store: Store, ids: list[int]) -> dict[int, tuple[str, str]]:
    rows = store.rows(
        "SELECT id, title, CASE WHEN text = '' THEN summary ELSE text END AS text FROM articles"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    )
    return {row["id"]: (row["title"], row["text"]) for row in rows}
