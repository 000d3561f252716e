"""What the pages of a topic, a company and a story tell: weeks, articles, statements, outlets."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.adapters.store import stats
from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.explaining import rows

LISTED = 60

WEEK = "date(coalesce(a.published_at, a.first_seen_at), 'weekday 0', '-6 days')"
ARTICLE = """a.id, a.title, a.site, a.url, a.language, a.story_id,
  coalesce(a.published_at, a.first_seen_at) AS published_at"""


def topic(store: Store, name: str, mondays: Sequence[str]) -> dict[str, Any]:
    """Return a topic's weeks, newest articles, companies, and news beside the baseline."""
    return {
        "weeks": weeks(
            store,
            "SELECT week, articles FROM topic_weeks WHERE topic = ? AND week >= ?",
            name,
            mondays,
        ),
        "articles": rows(
            store,
            f"SELECT {ARTICLE}, t.probability, t.verdict FROM tags t"  # noqa: S608 - constants
            " JOIN articles a ON a.id = t.article_id WHERE t.topic = ? AND t.tagged = 1"
            " AND a.copy_of IS NULL ORDER BY published_at DESC LIMIT ?",
            (name, LISTED),
        ),
        "companies": rows(
            store,
            "SELECT m.company AS name, count(*) AS articles FROM tags t"
            " JOIN mentions m ON m.article_id = t.article_id WHERE t.topic = ? AND t.tagged = 1"
            " GROUP BY m.company ORDER BY 2 DESC, 1 LIMIT 20",
            (name,),
        ),
        "statements": statements(store, "u.topic = ?", name),
    }


def company(store: Store, name: str, mondays: Sequence[str]) -> dict[str, Any]:
    """Return a company's weeks, newest articles and topics, among articles on any topic."""
    return {
        "weeks": weeks(
            store,
            f"SELECT {WEEK} AS week, count(*) AS articles FROM mentions m"  # noqa: S608 - constants
            " JOIN articles a ON a.id = m.article_id WHERE m.company = ? AND week >= ?"
            " GROUP BY week",
            name,
            mondays,
        ),
        "articles": rows(
            store,
            f"SELECT {ARTICLE}, m.count AS mentions FROM mentions m"  # noqa: S608 - constants
            " JOIN articles a ON a.id = m.article_id WHERE m.company = ? AND a.copy_of IS NULL"
            " ORDER BY published_at DESC LIMIT ?",
            (name, LISTED),
        ),
        "topics": rows(
            store,
            "SELECT t.topic AS name, count(*) AS articles FROM mentions m JOIN tags t"
            " ON t.article_id = m.article_id AND t.tagged = 1 WHERE m.company = ?"
            " GROUP BY t.topic ORDER BY 2 DESC, 1",
            (name,),
        ),
    }


def story(store: Store, story_id: int) -> dict[str, Any] | None:
    """Return a story with its articles in the order they came, topics and statements."""
    found = rows(store, "SELECT * FROM stories WHERE id = ?", (story_id,))
    if not found:
        return None
    return {
        **found[0],
        "count": found[0]["articles"],
        "articles": rows(
            store,
            f"SELECT {ARTICLE}, a.copy_of FROM articles a WHERE a.story_id = ?"  # noqa: S608 - constants
            " ORDER BY published_at, a.id LIMIT ?",
            (story_id, LISTED),
        ),
        "topics": rows(
            store,
            "SELECT t.topic AS name, count(*) AS articles FROM articles a JOIN tags t"
            " ON t.article_id = a.id AND t.tagged = 1 WHERE a.story_id = ?"
            " GROUP BY t.topic ORDER BY 2 DESC, 1",
            (story_id,),
        ),
        "statements": statements(store, "a.story_id = ?", story_id),
    }


def names(store: Store, mondays: Sequence[str]) -> dict[str, Any]:
    """Return the topics over weeks, the companies that have a page, and the latest stories."""
    counts = rows(
        store,
        "SELECT topic AS name, count(*) AS articles FROM tags WHERE tagged = 1"
        " GROUP BY topic ORDER BY 2 DESC, 1",
        (),
    )
    found = stats.topics(store, list(mondays))
    most = max((max(row) for row in found.values()), default=0)
    return {
        "mondays": mondays,
        "topics": [
            {**row, "weeks": shares(dict(zip(mondays, found.get(row["name"], ()))), mondays, most)}  # noqa: B905 - none for a topic of no week
            for row in counts
        ],
        "companies": rows(
            store,
            "SELECT company AS name, count(*) AS articles FROM mentions"
            " GROUP BY company ORDER BY 2 DESC, 1 LIMIT 60",
            (),
        ),
        "stories": rows(
            store,
            "SELECT id, title, articles, outlets, last_seen_at AS published_at FROM stories"
            " ORDER BY last_seen_at DESC LIMIT 40",
            (),
        ),
    }


def weeks(store: Store, sql: str, name: str, mondays: Sequence[str]) -> list[dict[str, Any]]:
    """Return every one of these weeks, each with its share of the fullest one."""
    found = {row["week"]: row["articles"] for row in rows(store, sql, (name, mondays[0]))}
    return shares(found, mondays, max((found.get(monday, 0) for monday in mondays), default=0))


def shares(counts: Mapping[str, int], mondays: Sequence[str], most: int) -> list[dict[str, Any]]:
    return [
        {
            "week": monday,
            "articles": counts.get(monday, 0),
            "share": round(counts.get(monday, 0) / most, 3) if most else 0,
        }
        for monday in mondays
    ]


def statements(store: Store, condition: str, value: object) -> list[dict[str, Any]]:
    """Return statements of the baseline with the articles that bring news about each."""
    found = rows(
        store,
        f"SELECT b.line, b.text, b.day, u.similarity, {ARTICLE} FROM updates u"  # noqa: S608 - constants
        " JOIN baseline b ON b.line = u.baseline_line JOIN articles a ON a.id = u.article_id"
        f" WHERE {condition} ORDER BY b.line, published_at DESC",
        (value,),
    )
    grouped: dict[int, dict[str, Any]] = {}
    for row in found:
        said = {"text": row["text"], "day": row["day"], "articles": []}
        said = grouped.setdefault(row["line"], said)
        if row["id"] not in {article["id"] for article in said["articles"]}:
            said["articles"].append(row)
    return list(grouped.values())
