"""What Datasette says of our tables: which columns first, which facets, what they hold."""

from typing import Any

TABLES: dict[str, dict[str, Any]] = {
    "articles": {
        "title": "Articles",
        "description": "Every article found, cleaned; the search looks at title and text.",
        "facets": ["site", "language", "status", "text_source"],
        "sort_desc": "id",
        "label_column": "title",
        "fts_table": "articles_fts",
        "fts_pk": "id",
        "size": 50,
    },
    "tagged_articles": {
        "title": "Tagged articles",
        "description": "One row an article: its topics and the companies it names.",
        "facets": ["site", "language"],
        "sort_desc": "published_at",
        "size": 50,
    },
    "stories": {
        "title": "Stories",
        "description": "Articles that tell the same event, however many outlets ran it.",
        "facets": ["outlets"],
        "sort_desc": "last_seen_at",
        "label_column": "title",
        "size": 50,
    },
    "tags": {
        "title": "Tags",
        "description": "A topic on an article: how sure, and the passage that says so.",
        "facets": ["topic", "tagged", "outcome"],
        "sort_desc": "tagged_at",
        "size": 50,
    },
    "feeds": {
        "title": "Feeds",
        "description": "What is watched, and how each is doing.",
        "facets": ["status", "category"],
        "label_column": "title",
        "sort": "title",
    },
    "runs": {
        "title": "Runs",
        "description": "What each job did, and what went wrong.",
        "facets": ["job", "outcome"],
        "sort_desc": "id",
    },
    "review_items": {
        "title": "Review",
        "description": "What to judge: the page /-/chipwire/review is made for it.",
        "facets": ["topic", "verdict", "reviewer", "reason"],
        "sort_desc": "doubt",
        "label_column": "title",
    },
    "labels": {
        "title": "Labels",
        "description": "People's verdicts, append-only; an undo is a label too.",
        "facets": ["topic", "verdict", "reviewer", "origin"],
        "sort_desc": "id",
    },
    "topic_weeks": {
        "title": "Topics by week",
        "description": "Articles, stories and outlets per topic and week.",
        "facets": ["topic"],
        "sort_desc": "week",
    },
    "standing_labels": {
        "title": "Verdicts that stand",
        "description": "Each reviewer's newest verdict, without what was undone.",
        "facets": ["topic", "verdict", "reviewer"],
        "sort_desc": "id",
    },
    "feed_health": {
        "title": "Health of feeds",
        "description": "How each feed is doing, and since when one fails.",
        "facets": ["status"],
    },
    "mentions": {
        "title": "Mentions",
        "description": "Companies, agencies and products an article names, and how often.",
        "facets": ["company"],
    },
}
# The columns a table begins with; all of them are one choice away in its menus.
SHOWN: dict[str, tuple[str, ...]] = {
    "articles": ("published_at", "title", "site", "language", "story_id", "status", "url"),
    "tags": ("article_id", "topic", "probability", "tagged", "verdict", "outcome", "evidence"),
    "stories": ("title", "articles", "outlets", "first_seen_at", "last_seen_at"),
    "feeds": (
        "title", "status", "category", "last_ok_at", "next_poll_at", "failures", "last_error",
    ),
    "labels": ("created_at", "article_id", "topic", "verdict", "reviewer", "note", "origin"),
    "review_items": (
        "topic", "title", "probability", "verdict", "note", "reviewer", "evidence", "site",
        "reason",
    ),
}  # fmt: skip
# Bookkeeping: still there under its address, but not what a reader is looking for.
HIDDEN = (
    "article_sketches", "article_urls", "hosts", "site_lines", "sketches", "digest_stories",
    "sheet_cells", "backfill_records", "backfills", "sighting_versions", "_sqlite_migrations",
)  # fmt: skip
WELCOME = (
    'Judge tags on <a href="/-/chipwire/review">the review page</a>; see'
    ' <a href="/-/chipwire/all">topics over weeks, companies and stories</a>.'
)


def metadata(plugin: dict[str, Any]) -> dict[str, Any]:
    """Return Datasette's metadata, with the plugin's own settings."""
    tables = {**TABLES, **{name: {"hidden": True} for name in HIDDEN}}
    return {
        "title": "chipwire",
        "description_html": WELCOME,
        "databases": {"chipwire": {"description_html": WELCOME, "tables": tables}},
        "plugins": {"chipwire": plugin},
    }
