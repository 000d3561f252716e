"""What `list`, `search` and `status` read: articles by topic, company, language and words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters.store.connection import Row, Store
from pipeline.adapters.store.search import match_query
from pipeline.adapters.store.searching import Search, best, span
from pipeline.adapters.store.times import to_text
from pipeline.steps.relevance import phrases


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles to list; None and "" leave a facet open."""

    topic: str = ""
    company: str = ""
    language: str = ""
    outlet: str = ""
    story: int | None = None
    since: datetime | None = None
    query: str = ""
    limit: int = 50


FEW = 500  # articles that a facet leaves, so few that all are read to find the newest
SELECT = """
SELECT a.id, a.url, a.title, a.site, a.author, a.language, a.status, a.text_source, a.story_id,
  coalesce(a.published_at, a.first_seen_at) AS published_at, a.first_seen_at,
  (SELECT json_group_array(json_object('topic', topic, 'probability', probability,
      'verdict', verdict))
     FROM (SELECT topic, probability, verdict FROM tags WHERE article_id = a.id AND tagged = 1
           ORDER BY probability DESC)) AS topics,
  (SELECT json_group_array(company)
     FROM (SELECT company FROM mentions WHERE article_id = a.id
           ORDER BY count DESC, company LIMIT 8)) AS companies
FROM articles a
"""


def articles(store: Store, wanted: Filter) -> list[Row]:
    """Return the articles that pass every filter: best match first with a query, else newest."""
    facets = passed(store, wanted)
    where = " AND ".join(["a.status <> 'new'", *(condition for condition, _, _ in facets)])
    values = {name: value for _, name, value in facets}
    among = next((ids for name, ids in COVERED.items() if name in values), "")
    if wanted.query:
        match = match_query(wanted.query)
        search = Search(match, phrases(wanted.query), where, among, values)
        return in_order(store, best(store, search, limit=wanted.limit) if match else [])
    source = SELECT
    if among and span(store, among, values, most=FEW + 1).articles <= FEW:
        source = f"{SELECT} JOIN ({among}) among ON among.id = a.id"
    order = "coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC"
    values["limit"] = wanted.limit
    return store.rows(f"{source} WHERE {where} ORDER BY {order} LIMIT :limit", values)


# Facets that an index alone can tell, those that leave fewest first.
COVERED = {
    "story": "SELECT id FROM articles WHERE story_id = :story",
    "topic": "SELECT article_id AS id FROM tags WHERE topic = :topic AND tagged = 1",
    "company": "SELECT article_id AS id FROM mentions"
    " WHERE company IN (SELECT value FROM json_each(:company))",
}


def passed(store: Store, wanted: Filter) -> list[tuple[str, str, object]]:
    """Return the facets asked for: condition, name and value of each."""
    company = spellings(store, wanted.company) if wanted.company else None
    table = [
        (
            "EXISTS (SELECT 1 FROM tags t WHERE t.article_id = a.id AND t.topic = :topic"
            " AND t.tagged = 1)", "topic", wanted.topic,
        ),
        (
            "EXISTS (SELECT 1 FROM mentions m WHERE m.article_id = a.id"
            " AND m.company IN (SELECT value FROM json_each(:company)))", "company", company,
        ),
        ("a.language = :language", "language", wanted.language),
        ("a.site = :outlet COLLATE NOCASE", "outlet", wanted.outlet),
        ("a.story_id = :story", "story", wanted.story),
        ("coalesce(a.published_at, a.first_seen_at) >= :since", "since", to_text(wanted.since)),
    ]  # fmt: skip
    return [facet for facet in table if facet[2] not in (None, "")]


def spellings(store: Store, company: str) -> str:
    """Return as JSON how stored articles write a company, whatever the case it is asked for in."""
    asked = company.casefold()
    return json.dumps([name for name in names(store, "company") if name.casefold() == asked])


def in_order(store: Store, ids: list[int]) -> list[Row]:
    """Return the articles with these ids, in their order."""
    wanted = "WHERE a.id IN (SELECT value FROM json_each(?))"
    rows = {row["id"]: row for row in store.rows(f"{SELECT} {wanted}", (json.dumps(ids),))}
    return [rows[article_id] for article_id in ids]


# Companies are asked for one after the other: a name a step, however many articles have it.
NAMED = {
    "language": "SELECT DISTINCT language FROM articles WHERE language <> ''",
    "outlet": "SELECT DISTINCT site FROM articles WHERE site <> ''",
    "company": "WITH RECURSIVE each(company) AS (SELECT min(company) FROM mentions UNION ALL"
    " SELECT (SELECT min(company) FROM mentions WHERE company > each.company) FROM each"
    " WHERE company NOT NULL) SELECT company FROM each WHERE company NOT NULL",
}


def names(store: Store, facet: str) -> list[str]:
    """Return what stored articles hold of a facet: "language", "outlet" or "company"."""
    return sorted(row[0] for row in store.rows(NAMED[facet]))


def newest_texts(store: Store, *, limit: int) -> Iterator[tuple[int, str, str]]:
    """Yield (id, title, text) of the newest articles; a feed's summary stands in for no text."""
    rows = store.rows(
        "SELECT id, title, CASE WHEN text = '' THEN summary ELSE text END AS text FROM articles"
        " WHERE status <> 'new' ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    for row in rows:
        yield row["id"], row["title"], row["text"]
