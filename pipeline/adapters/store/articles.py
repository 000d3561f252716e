"""Articles in the database: pages that are due, texts that came, tags and listings."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.adapters.store.connection import Row, Store
from pipeline.adapters.store.search import bigrams
from pipeline.adapters.store.times import from_text, to_text
from pipeline.models.articles import Article, ArticleStatus, TextSource
from pipeline.models.feeds import DateSource
from pipeline.models.tags import Tag


@dataclass(frozen=True, slots=True)
class DuePage:
    """An article whose page is due, with what its best sighting offers."""

    article_id: int
    url: str
    title: str
    attempts: int
    feed_text: str
    summary: str
    body: str
    author: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What fetching and extraction made of an article, ready to be stored.

    `tagged_by` is the model that has read the text already, if one has.
    """

    article_id: int
    title: str
    author: str
    site: str
    language: str
    published_at: datetime | None
    date_source: DateSource
    text: str
    text_source: TextSource
    status: ArticleStatus
    content_hash: str
    reason: str = ""
    tagged_by: str | None = None


def count_due(store: Store, now: datetime) -> int:
    """Return how many articles' pages should be fetched now."""
    due: int = store.value(
        "SELECT count(*) FROM articles WHERE next_fetch_at <= ?", (to_text(now),)
    )
    return due


def due_pages(store: Store, now: datetime, *, limit: int) -> list[DuePage]:
    """Return articles whose page should be fetched now, the newest first."""
    rows = store.rows(
        "SELECT a.id, a.url, a.title, a.attempts, a.summary, a.published_at, s.body, s.author,"
        " coalesce(json_extract(f.options, '$.text'), 'auto') AS feed_text"
        " FROM articles a"
        " LEFT JOIN sightings s ON s.id = (SELECT id FROM sightings WHERE article_id = a.id"
        "   ORDER BY length(body) DESC, id LIMIT 1)"
        " LEFT JOIN feeds f ON f.id = s.feed_id"
        " WHERE a.next_fetch_at <= ?"
        " ORDER BY a.next_fetch_at, a.id DESC LIMIT ?",
        (to_text(now), limit),
    )
    return [
        DuePage(
            article_id=row["id"], url=row["url"], title=row["title"], attempts=row["attempts"],
            feed_text=row["feed_text"] or "auto", summary=row["summary"], body=row["body"] or "",
            author=row["author"] or "", published_at=from_text(row["published_at"]),
        )
        for row in rows
    ]  # fmt: skip


UPDATE_CLEANED = """
UPDATE articles SET title = :title, author = :author,
  site = CASE WHEN :site = '' THEN site ELSE :site END, language = :language,
  published_at = coalesce(:published_at, published_at), date_source = :date_source,
  fetched_at = :now, text = :text, text_source = :text_source, status = :status,
  content_hash = :content_hash, reason = :reason, next_fetch_at = NULL, cjk = :cjk,
  copy_of = (SELECT min(id) FROM articles
             WHERE content_hash = :content_hash AND content_hash <> '' AND id < :id),
  tagged_by = CASE WHEN content_hash = :content_hash THEN coalesce(tagged_by, :tagged_by)
    ELSE :tagged_by END,
  grouped_at = CASE WHEN content_hash = :content_hash THEN grouped_at END
WHERE id = :id
"""


READ_BEFORE = """
SELECT 1 FROM articles WHERE id = ? AND content_hash = ? AND tagged_by IS NOT NULL
"""


def save_cleaned(store: Store, cleaned: Cleaned, *, key: str, now: datetime) -> bool:
    """Store an article's text; an edit keeps what it replaces in `article_versions`.

    `key` is the page's canonical address: one more name under which the article is known.
    A changed text makes the article due for tagging and grouping again. Returns whether what
    is known of the text is now to be replaced: not if the same text was read before.
    """
    known = store.value(READ_BEFORE, (cleaned.article_id, cleaned.content_hash)) is not None
    keep_version(store, cleaned, now=now)
    store.execute(
        UPDATE_CLEANED,
        {
            "id": cleaned.article_id, "title": cleaned.title, "author": cleaned.author,
            "site": cleaned.site, "language": cleaned.language, "text": cleaned.text,
            "published_at": to_text(cleaned.published_at), "date_source": cleaned.date_source,
            "text_source": cleaned.text_source, "status": cleaned.status,
            "content_hash": cleaned.content_hash, "reason": cleaned.reason,
            "cjk": bigrams(f"{cleaned.title}\n{cleaned.text}"), "now": to_text(now),
            "tagged_by": cleaned.tagged_by,
        },
    )  # fmt: skip
    store.execute(
        "INSERT OR IGNORE INTO article_urls (url, article_id) VALUES (?,?)",
        (key, cleaned.article_id),
    )
    return not known


def save_part(store: Store, part: Cleaned, *, url: str, now: datetime) -> int | None:
    """Store one of the further articles of a glued page, under the page's address and a number.

    `part.article_id` is the page's article. Returns the part's own id; seen again, the part is
    left as it was, and there is none.
    """
    if store.value("SELECT 1 FROM articles WHERE url = ?", (url,)):
        return None
    cursor = store.execute(
        "INSERT INTO articles (url, title, first_seen_at, part_of, site) VALUES (?,?,?,?,?)",
        (url, part.title, to_text(now), part.article_id, part.site),
    )
    article_id = int(cursor.lastrowid or 0)
    save_cleaned(store, replace(part, article_id=article_id), key=url, now=now)
    return article_id


def keep_version(store: Store, cleaned: Cleaned, *, now: datetime) -> None:
    store.execute(
        "INSERT INTO article_versions (article_id, title, text, content_hash, replaced_at)"
        " SELECT id, title, text, content_hash, ? FROM articles"
        " WHERE id = ? AND text <> '' AND content_hash <> ?",
        (to_text(now), cleaned.article_id, cleaned.content_hash),
    )


def save_retry(
    store: Store, article_id: int, *, attempts: int, reason: str, next_fetch_at: datetime
) -> None:
    """Note that a page could not be had and when it is due again.

    Until then the article stands by its title and summary: news does not wait for a server.
    """
    store.execute(
        "UPDATE articles SET attempts = ?, reason = ?, next_fetch_at = ?,"
        " status = CASE status WHEN 'new' THEN 'failed' ELSE status END WHERE id = ?",
        (attempts, reason, to_text(next_fetch_at), article_id),
    )


def give_up(store: Store, article_id: int, *, status: ArticleStatus, reason: str) -> None:
    """Keep an article by its title and summary alone, with the reason there is no text.

    An article whose text came earlier keeps it: a page that is gone deletes nothing.
    """
    store.execute(
        "UPDATE articles SET status = CASE WHEN text <> '' THEN 'ok' ELSE ? END, reason = ?,"
        " attempts = attempts + 1, next_fetch_at = NULL WHERE id = ?",
        (status, reason, article_id),
    )


def save_tags(
    store: Store, article_id: int, tags: Sequence[Tag], *, model_id: str, now: datetime
) -> None:
    """Replace the tags of an article and note which model gave them.

    A clear "no" keeps its probability but not its terms: 8 topics an article, most of
    them no, would be most of the database.
    """
    moment = to_text(now)
    store.execute_many(
        "INSERT INTO tags (article_id, topic, probability, tagged, outcome, evidence, terms,"
        " model_id, tagged_at) VALUES (?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (article_id, topic) DO UPDATE SET probability = excluded.probability,"
        " tagged = coalesce(tags.verdict = 'yes', excluded.tagged), outcome = excluded.outcome,"
        " evidence = excluded.evidence,"
        " terms = excluded.terms, model_id = excluded.model_id, tagged_at = excluded.tagged_at",
        [
            (
                article_id, tag.topic, round(tag.probability, 6), int(tag.tagged), tag.outcome,
                "" if tag.outcome == "no" else tag.evidence,
                "[]" if tag.outcome == "no" else terms_text(tag), tag.model_id, moment,
            )
            for tag in tags
        ],
    )  # fmt: skip
    # Written only if it differs: an update writes the whole row anew, with its text.
    store.execute(
        "UPDATE articles SET tagged_by = ? WHERE id = ? AND tagged_by IS NOT ?",
        (model_id, article_id, model_id),
    )


def terms_text(tag: Tag) -> str:
    return json.dumps(
        [[term.name, round(term.weight, 6), term.offset] for term in tag.terms], ensure_ascii=False
    )


def article(store: Store, article_id: int) -> Article | None:
    """Return one article."""
    row = store.row("SELECT * FROM articles WHERE id = ?", (article_id,))
    return to_article(row) if row else None


def since(store: Store, moment: datetime) -> list[Article]:
    """Return the articles seen since a moment, the oldest first."""
    rows = store.rows(
        "SELECT * FROM articles WHERE first_seen_at >= ? ORDER BY id", (to_text(moment),)
    )
    return [to_article(row) for row in rows]


def recent_languages(store: Store, *, latest: int = 1000) -> frozenset[str]:
    """Return the languages of the articles stored last."""
    rows = store.execute(
        "SELECT DISTINCT language FROM (SELECT language FROM articles ORDER BY id DESC LIMIT ?)",
        (latest,),
    )
    return frozenset(language for (language,) in rows if language)


def to_article(row: Row) -> Article:
    first_seen_at = from_text(row["first_seen_at"])
    assert first_seen_at is not None  # NOT NULL in the schema
    return Article(
        id=row["id"], url=row["url"], title=row["title"], first_seen_at=first_seen_at,
        author=row["author"], site=row["site"], language=row["language"],
        published_at=from_text(row["published_at"]), fetched_at=from_text(row["fetched_at"]),
        text=row["text"], text_source=row["text_source"], status=row["status"],
        story_id=row["story_id"], content_hash=row["content_hash"],
    )  # fmt: skip
