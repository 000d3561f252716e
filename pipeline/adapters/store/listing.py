"""What `list`, `search` and `status` read: articles by topic, company, language and words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters.store.connection import Row, Store
from pipeline.adapters.store.search import match_query
from pipeline.adapters.store.times import to_text


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
    conditions = ["a.status <> 'new'"]
    parameters: dict[str, object] = {"limit": wanted.limit}
    order = "coalesce(a.published_at, a.first_seen_at) DESC, a.id DESC"
    source = SELECT
    match = match_query(wanted.query)
    if wanted.query:
        if not match:
            return []
        source = f"{found(wanted)} {SELECT} JOIN found ON found.id = a.id"
        parameters["match"] = match
        order = "found.rank, a.id DESC"
    for condition, name, value in facets(wanted):
        conditions.append(condition)
        parameters[name] = value
    where = " AND ".join(conditions)
    return store.rows(f"{source} WHERE {where} ORDER BY {order} LIMIT :limit", parameters)


RECENT = "SELECT id FROM articles WHERE coalesce(published_at, first_seen_at) >= :since"
# Facets that an index alone can tell.
COVERED = {
    "topic": "SELECT article_id FROM tags WHERE topic = :topic AND tagged = 1",
    "company": "SELECT article_id FROM mentions WHERE company = :company COLLATE NOCASE",
    "since": RECENT,
}


def found(wanted: Filter) -> str:
    """Return the common table of the articles that match, ranked.

    Words are looked for among what date, topic and company leave, and only between its lowest
    and highest id: with 885,000 articles, a month and a topic, 85 ms of processor time instead
    of 385, most of which went into rows of articles that were then left out.
    """
    bounded = wanted.since or wanted.topic or wanted.company
    if not bounded:
        return f"WITH found AS MATERIALIZED ({MATCHING})"
    if wanted.topic and wanted.since:
        among = f"{COVERED['topic']} AND article_id IN ({RECENT})"
    else:
        among = COVERED["topic" if wanted.topic else "since" if wanted.since else "company"]
    return f"WITH among(id) AS MATERIALIZED ({among}), found AS MATERIALIZED ({MATCHING}{BETWEEN})"


MATCHING = """SELECT rowid AS id, bm25(articles_fts, 5.0, 1.0, 1.0) AS rank
  FROM articles_fts WHERE articles_fts MATCH :match"""
# "+": the index is to walk its matches once, not to be asked for every id by itself.
BETWEEN = """ AND rowid BETWEEN (SELECT min(id) FROM among) AND (SELECT max(id) FROM among)
  AND +rowid IN (SELECT id FROM among)"""


def facets(wanted: Filter) -> list[tuple[str, str, object]]:
    table = [
        (
            "EXISTS (SELECT 1 FROM tags t WHERE t.article_id = a.id AND t.topic = :topic"
            " AND t.tagged = 1)", "topic", wanted.topic,
        ),
        (
            "EXISTS (SELECT 1 FROM mentions m WHERE m.article_id = a.id"
            " AND m.company = :company COLLATE NOCASE)", "company", wanted.company,
        ),
        ("a.language = :language", "language", wanted.language),
        ("a.site = :outlet COLLATE NOCASE", "outlet", wanted.outlet),
        ("a.story_id = :story", "story", wanted.story),
        ("coalesce(a.published_at, a.first_seen_at) >= :since", "since", to_text(wanted.since)),
    ]  # fmt: skip
    return [facet for facet in table if facet[2] not in (None, "")]


NAMED = {
    "language": "SELECT DISTINCT language FROM articles WHERE language <> ''",
    "outlet": "SELECT DISTINCT site FROM articles WHERE site <> ''",
    "company": "SELECT DISTINCT company FROM mentions",
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
