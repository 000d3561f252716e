"""A newsdesk for tests: puts feeds, articles, tags and stories into a real database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from pipeline.adapters.store import Store
from pipeline.adapters.store.times import to_text

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
TOPICS = {"foundry": "Foundry", "hbm": "High-bandwidth memory", "lithography": "Lithography"}


@dataclass
class Newsdesk:
    """Speaks the domain: a story runs in four outlets, an article passes the cut."""

    store: Store
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def article(
        self,
        title: str,
        *,
        text: str = "",
        outlet: str = "Wafer Daily",
        when: datetime = NOW - timedelta(hours=2),
        topics: Mapping[str, float] | None = None,
        story: int | None = None,
    ) -> int:
        """Store an article one feed announced, with its tags; return its id."""
        number = next(self.numbers)
        feed = self.feed(outlet)
        with self.store.transaction():
            self.store.execute(
                "INSERT INTO articles (id, url, title, site, language, published_at,"
                " first_seen_at, fetched_at, text, text_source, status, tagged_by)"
                " VALUES (?,?,?,?,'en',?,?,?,?,'page','ok','m')",
                (
                    number, f"https://news.example/{number}", title, outlet, to_text(when),
                    to_text(when), to_text(when), text or f"{title} in detail, said the company.",
                ),
            )  # fmt: skip
            self.store.execute(
                "INSERT INTO sightings (feed_id, guid, article_id, seen_at) VALUES (?,?,?,?)",
                (feed, f"guid-{number}", number, to_text(when)),
            )
            if story is not None:
                self.into_story(story, number, when=when)
        self.tag(number, topics or {"foundry": 0.9}, when=when)
        return number

    def feed(self, title: str) -> int:
        with self.store.transaction():
            self.store.execute(
                "INSERT OR IGNORE INTO feeds (url, title) VALUES (?,?)",
                (f"https://{title.replace(' ', '-').lower()}.example/rss", title),
            )
        found: int = self.store.value("SELECT id FROM feeds WHERE title = ?", (title,))
        return found

    def tag(self, article: int, topics: Mapping[str, float], *, when: datetime = NOW) -> None:
        with self.store.transaction():
            self.store.execute_many(
                "INSERT OR REPLACE INTO tags (article_id, topic, probability, tagged, model_id,"
                " tagged_at, outcome) VALUES (?,?,?,?,'m',?,?)",
                [
                    (article, name, sure, int(sure >= 0.5), to_text(when), outcome(sure))
                    for name, sure in topics.items()
                ],
            )

    def into_story(self, story: int, article: int, *, when: datetime) -> None:
        self.store.execute(
            "INSERT INTO stories (id, title, article_id, first_seen_at, last_seen_at, articles,"
            " outlets) SELECT ?, title, id, ?, ?, 1, 1 FROM articles WHERE id = ?"
            " ON CONFLICT (id) DO UPDATE SET articles = articles + 1, outlets = outlets + 1,"
            " last_seen_at = excluded.last_seen_at",
            (story, to_text(when), to_text(when), article),
        )
        self.store.execute("UPDATE articles SET story_id = ? WHERE id = ?", (story, article))

    def mention(self, article: int, *companies: str) -> None:
        with self.store.transaction():
            self.store.execute_many(
                "INSERT INTO mentions (article_id, company, count) VALUES (?,?,1)",
                [(article, company) for company in companies],
            )

    def update(self, article: int, statement: str, *, topic: str = "foundry") -> None:
        """Let an article bear on a statement of the baseline."""
        with self.store.transaction():
            self.store.execute(
                "INSERT OR IGNORE INTO baseline (line, article, kind, topics, text, day)"
                " VALUES (24,'cnbc','paragraph',?,?,'2025-06-13')",
                (topic, statement),
            )
            self.store.execute(
                "INSERT INTO updates VALUES (?,?,24,0.8,0.9)",
                (article, topic),
            )

    def edit(self, article: int, text: str, *, when: datetime) -> None:
        """Let a publisher change an article's text, as a fetch of its page would store it."""
        with self.store.transaction():
            self.store.execute(
                "INSERT INTO article_versions (article_id, title, text, replaced_at)"
                " SELECT id, title, text, ? FROM articles WHERE id = ?",
                (to_text(when), article),
            )
            self.store.execute(
                "UPDATE articles SET text = ?, fetched_at = ? WHERE id = ?",
                (text, to_text(when), article),
            )

    def published(self, article: int, when: datetime) -> None:
        with self.store.transaction():
            self.store.execute(
                "UPDATE articles SET published_at = ? WHERE id = ?", (to_text(when), article)
            )

    def copy(self, article: int, original: int) -> None:
        with self.store.transaction():
            self.store.execute("UPDATE articles SET copy_of = ? WHERE id = ?", (original, article))

    def label(self, article: int, topic: str, verdict: str, *, reviewer: str = "ann") -> None:
        with self.store.transaction():
            self.store.execute(
                "INSERT INTO labels (article_id, topic, reviewer, verdict, created_at)"
                " VALUES (?,?,?,?,?)",
                (article, topic, reviewer, verdict, to_text(NOW)),
            )


def outcome(sure: float) -> str:
    return "tag" if sure >= 0.5 else "review" if sure >= 0.3 else "no"
