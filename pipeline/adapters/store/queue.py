"""What the review page reads: the queue under its filters, one item whole, how far people got."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.adapters.store import review
from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.explaining import explain, rows
from pipeline.adapters.store.search import match_query
from pipeline.steps.verdicts import agreement, disputed

State = Literal["open", "judged", "disputed"]
LISTED = 200  # items a page holds: more than a hand on the keyboard outruns while it loads more
COMMON = 30_000  # articles that hold the words, or name the company, looked for
EVIDENCE = 400  # characters of the passage that a list needs


@dataclass(frozen=True, slots=True)
class Wish:
    """Which items the page shows; "" leaves a filter open."""

    state: State = "open"
    topic: str = ""
    company: str = ""
    language: str = ""
    outlet: str = ""
    query: str = ""


COLUMNS = f"""i.id, i.article_id, i.topic, i.title, i.probability, i.doubt,
  substr(i.evidence, 1, {EVIDENCE}) AS evidence, i.verdict, i.note, i.reviewer, i.site,
  i.published_at, i.url, i.reason"""


CHOICES = {
    "outlets": "SELECT site FROM articles WHERE site <> '' AND id IN"
    " (SELECT article_id FROM review_items ORDER BY id DESC LIMIT 2000)"
    " GROUP BY site ORDER BY count(*) DESC, site LIMIT 200",
    "languages": "SELECT language FROM articles WHERE language <> '' AND id IN"
    " (SELECT article_id FROM review_items ORDER BY id DESC LIMIT 2000)"
    " GROUP BY language ORDER BY count(*) DESC, language",
    "companies": "SELECT company FROM mentions WHERE article_id IN"
    " (SELECT article_id FROM review_items ORDER BY id DESC LIMIT 2000)"
    " GROUP BY company ORDER BY count(*) DESC, company LIMIT 300",
}


def items(store: Store, wish: Wish) -> list[dict[str, Any]]:
    """Return the items that pass the filters: open ones least sure first, judged newest first."""
    conditions, parameters = filters(wish, common=common(store, wish))
    if wish.query and "match" not in parameters:
        return []
    if wish.state == "disputed":
        return differing(store, conditions, parameters)
    if wish.state == "judged":
        source = (
            "labels l JOIN review_items i ON i.article_id = l.article_id AND i.topic = l.topic"
            " AND l.id = (SELECT max(id) FROM labels n"
            "   WHERE n.article_id = l.article_id AND n.topic = l.topic)"
        )
        conditions.insert(0, "i.verdict IS NOT NULL")
        order = "l.id DESC"
    else:
        source, order = "review_items i", "i.doubt DESC, i.id"
        conditions.insert(0, "i.verdict IS NULL")
    where = " AND ".join(conditions)
    sql = f"SELECT {COLUMNS} FROM {source} WHERE {where} ORDER BY {order} LIMIT {LISTED}"  # noqa: S608 - constants; values are bound
    return rows(store, sql, parameters)


# A filter by articles comes in two forms: the list of all that pass, made once, or a question
# for each item, until the page is full. Which is cheaper depends on how many articles pass.
# Open items are mostly of late: words are looked for between the first and the last of them.
AMONG = {
    "open": "(SELECT min(article_id) FROM review_items WHERE verdict IS NULL)"
    " AND (SELECT max(article_id) FROM review_items WHERE verdict IS NULL)",
    "judged": "(SELECT min(article_id) FROM review_items)"
    " AND (SELECT max(article_id) FROM review_items)",
}
NAMING = "SELECT article_id FROM mentions WHERE company = :company"
HOLDING = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH :match"
BY_LIST = {
    "company": f"i.article_id IN ({NAMING})",
    "match": f"i.article_id IN ({HOLDING} AND rowid BETWEEN {{among}})",
}
BY_ITEM = {
    "company": f"EXISTS ({NAMING} AND article_id = i.article_id)",
    "match": f"EXISTS ({HOLDING} AND rowid = +i.article_id)",
}


def common(store: Store, wish: Wish) -> frozenset[str]:
    """Return which filters so many articles pass that asking each item is cheaper.

    At 240,000 items, a word all of them hold: 246 ms by the list of its articles, .9 µs each.
    """
    match = match_query(wish.query)
    asked = {
        "company": (NAMING, wish.company),
        "match": (f"{HOLDING} AND rowid BETWEEN {among(wish)}", match),
    }
    return frozenset(
        name
        for name, (articles, value) in asked.items()
        if value and many(store, articles, {name: value})
    )


def many(store: Store, articles: str, parameters: dict[str, object]) -> bool:
    counted = f"SELECT count(*) FROM ({articles} LIMIT {COMMON})"  # noqa: S608 - constants; values are bound
    return bool(store.value(counted, parameters) == COMMON)


def among(wish: Wish) -> str:
    return AMONG["open" if wish.state == "open" else "judged"]


def filters(wish: Wish, *, common: frozenset[str]) -> tuple[list[str], dict[str, object]]:
    by_list = {name: text.format(among=among(wish)) for name, text in BY_LIST.items()}
    by = {name: (BY_ITEM if name in common else by_list)[name] for name in BY_LIST}
    table = [
        ("i.topic = :topic", "topic", wish.topic),
        ("i.site = :outlet", "outlet", wish.outlet),
        (
            "EXISTS (SELECT 1 FROM articles a WHERE a.id = i.article_id"
            " AND a.language = :language)", "language", wish.language,
        ),
        (by["company"], "company", wish.company),
        (by["match"], "match", match_query(wish.query)),
    ]  # fmt: skip
    kept = [(condition, name, value) for condition, name, value in table if value]
    return [condition for condition, _, _ in kept], {name: value for _, name, value in kept}


def differing(
    store: Store, conditions: list[str], parameters: dict[str, object]
) -> list[dict[str, Any]]:
    where = " AND ".join(["1", *conditions])
    sql = (
        f"SELECT {COLUMNS} FROM review_items i JOIN ("  # noqa: S608 - constants; values are bound
        "   SELECT article_id, topic, max(id) AS newest FROM standing_labels"
        "   WHERE verdict <> 'skip' AND (article_id, topic) IN (SELECT article_id, topic"
        "     FROM labels GROUP BY 1, 2 HAVING min(reviewer) <> max(reviewer))"
        "   GROUP BY article_id, topic"
        "   HAVING count(DISTINCT verdict) > 1) d"
        " ON d.article_id = i.article_id AND d.topic = i.topic"
        f" WHERE {where} ORDER BY d.newest DESC LIMIT {LISTED}"
    )
    return rows(store, sql, parameters)


def waiting(store: Store) -> dict[str, int]:
    """Return how many open items each topic has."""
    found = store.rows(
        "SELECT topic, count(*) AS items FROM review_items WHERE verdict IS NULL GROUP BY topic"
    )
    return {row["topic"]: row["items"] for row in found}


def said_last(store: Store, reviewer: str, *, limit: int = 50) -> list[dict[str, Any]]:
    """Return the reviewer's verdicts that stand, newest first: what `u` takes back."""
    sql = (
        f"SELECT {COLUMNS}, s.verdict AS said FROM ("  # noqa: S608 - constants; values are bound
        "   SELECT * FROM standing_labels WHERE reviewer = :who ORDER BY id DESC LIMIT :limit) s"
        " JOIN review_items i ON i.article_id = s.article_id AND i.topic = s.topic"
        " ORDER BY s.id DESC"
    )
    return rows(store, sql, {"who": reviewer, "limit": limit})


def choices(store: Store) -> dict[str, list[str]]:
    """Return the outlets, languages and companies that filters may name, the frequent first."""
    return {name: [row[0] for row in store.rows(sql)] for name, sql in CHOICES.items()}


def item(store: Store, article_id: int, topic: str) -> dict[str, Any] | None:
    """Return an article whole, with its reasons, and every label on the topic, oldest first."""
    if not store.value("SELECT 1 FROM articles WHERE id = ?", (article_id,)):
        return None
    found = explain(store, article_id)
    found["text"] = store.value(
        "SELECT CASE WHEN text <> '' THEN text ELSE summary END FROM articles WHERE id = ?",
        (article_id,),
    )
    found["labels"] = rows(
        store,
        "SELECT topic, reviewer, verdict, note, probability_then, created_at FROM labels"
        " WHERE article_id = ? ORDER BY id",
        (article_id,),
    )
    listed = rows(
        store,
        f"SELECT {COLUMNS} FROM review_items i WHERE i.article_id = ? AND i.topic = ?",  # noqa: S608 - constants; values are bound
        (article_id, topic),
    )
    found["item"] = listed[0] if listed else None
    return found


def progress(store: Store, reviewer: str) -> dict[str, Any]:
    """Return how far people got: labels by topic, agreement, disputes, the model and its gate."""
    log = review.labels(store)
    said = rows(
        store,
        "SELECT topic, sum(verdict = 'yes') AS yes, sum(verdict = 'no') AS no FROM standing_labels"
        " GROUP BY topic ORDER BY topic",
        (),
    )
    model = rows(
        store,
        "SELECT id, created_at, active, trained_on, metrics FROM models"
        " ORDER BY created_at DESC, id LIMIT 1",
        (),
    )
    return {
        "labels": len(log),
        "mine": sum(label.reviewer == reviewer for label in log),
        "topics": said,
        "disputed": len(disputed(log)),
        "agreement": [
            {
                "first": pair.first, "second": pair.second, "cells": pair.cells,
                "agreed": pair.agreed, "kappa": pair.kappa,
            }
            for pair in agreement(log)
        ],
        "model": figures(model[0]) if model else None,
    }  # fmt: skip


def figures(model: dict[str, Any]) -> dict[str, Any]:
    """Return the newest model with what the gate measured before and after, and its ruling."""
    return {
        **model,
        "active": bool(model["active"]),
        "trained_on": json.loads(model["trained_on"]),
        "metrics": json.loads(model["metrics"]),
    }
