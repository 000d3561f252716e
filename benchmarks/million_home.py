"""Makes a home of a million articles, in bulk; `benchmarks.million build` calls it.

Texts are babbled in the newsroom's words at the newsroom's lengths; rows are those the writers
of `pipeline.adapters.store` make: four languages, 80 feeds, three years, one article in eight on
a topic, stories of three, a digest a day that told them. Sketches are random numbers, as real
ones are.
"""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.synthetic import Babbler, babblers
from pipeline.adapters.newsroom import load_archive
from pipeline.adapters.store import Store
from pipeline.adapters.store.search import bigrams
from pipeline.adapters.store.sketches import LOWEST
from pipeline.adapters.store.times import to_text
from pipeline.steps.pages import content_hash

TOPICS = (
    "advanced-packaging", "ai-accelerators", "ai-infrastructure", "chip-curbs",
    "chip-equipment", "foundry", "hbm", "lithography",
)  # fmt: skip
COMPANIES = ("Nvidia", "TSMC", "SK hynix", "ASML", "Samsung", "AMD", "Micron", "SMIC", "Huawei")
# Shares and lengths of the newsroom as backfilled, but for its topics: there two of three
# articles are on one, in a general stream of technology news about one in eight.
LANGUAGES = {"en": 0.72, "zh": 0.14, "ko": 0.07, "ja": 0.07}
LENGTH = {"en": 1375, "zh": 330, "ko": 470, "ja": 385}
ON_TOPIC, IN_REVIEW = 0.125, 0.08
FEEDS, YEARS, MENTIONS, HASHES, STORY = 80, 3, 3, 131, 3
PARAGRAPHS = 30_000  # different ones; an article is four of them, so hardly any two are alike
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of text, and the character pairs it is found by."""

    text: str
    cjk: str


@dataclass(frozen=True, slots=True)
class Words:
    """What articles are put together from, by language."""

    paragraphs: dict[str, list[Said]]
    titles: dict[str, list[Said]]


def words(dice: random.Random) -> Words:
    speakers: dict[str, Babbler] = {}
    for kind, babbler in babblers(load_archive()).items():
        speakers.setdefault(kind[:2], babbler)  # the articles on a topic come first

    def say(language: str, length: int, count: int) -> list[Said]:
        texts = (speakers[language].say(dice, length) for _ in range(count))
        return [Said(text, bigrams(text)) for text in texts]

    share = {name: int(PARAGRAPHS * part) for name, part in LANGUAGES.items()}
    return Words(
        {name: say(name, LENGTH[name] // 4, count) for name, count in share.items()},
        {name: say(name, 60 if name == "en" else 30, count // 2) for name, count in share.items()},
    )


def build(home: Path, count: int) -> None:
    """Make the home's database; a third of a millisecond of processor time an article."""
    home.mkdir(parents=True)
    dice = random.Random(1)
    now = datetime.now(UTC).replace(microsecond=0)
    with Store(home / "chipwire.db") as store, unguarded(store), later_indexed(store):
        with store.transaction():
            add_feeds(store, now)
        source = rows(words(dice), dice, count, now)
        while batch := list(islice(source, BATCH)):
            with store.transaction():
                add(store, batch)
        add_sketches(store, count)
    with Store(home / "chipwire.db") as store, store.transaction():
        add_digests(store, now)


@contextmanager
def unguarded(store: Store) -> Iterator[None]:
    """Spare what a home that can be built anew need not have: a log, flushes, checks of keys."""
    connection = store.connection
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA cache_size = -1000000")
    connection.execute("PRAGMA cache_spill = OFF")
    yield
    connection.execute("PRAGMA journal_mode = WAL")


@contextmanager
def later_indexed(store: Store) -> Iterator[None]:
    """Take the indexes away and make them anew at the end: sorted at once, not row by row."""
    found = store.rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL")
    for row in found:
        store.execute(f"DROP INDEX {row['name']}")
    yield
    for row in found:
        store.execute(row["sql"])


def add_feeds(store: Store, now: datetime) -> None:
    store.execute_many(
        "INSERT INTO feeds (id, url, title, next_poll_at, last_polled_at, last_ok_at)"
        " VALUES (?,?,?,?,?,?)",
        [
            (number, f"https://outlet{number}.example/rss", f"Outlet {number}",
             to_text(now + timedelta(days=9)), to_text(now), to_text(now))
            for number in range(1, FEEDS + 1)
        ],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One article to be: everything that goes into any table."""

    id: int
    feed: int
    when: str
    language: str
    title: str
    text: str
    cjk: str
    outcome: str
    topics: tuple[str, ...]
    story: int | None
    companies: tuple[str, ...]


def rows(said: Words, dice: random.Random, count: int, now: datetime) -> Iterator[Row]:
    names, weights = list(LANGUAGES), list(LANGUAGES.values())
    step = timedelta(days=365 * YEARS) / count
    on_topic = 0
    for number in range(1, count + 1):
        language = dice.choices(names, weights)[0]
        chance = dice.random()
        outcome = (
            "tag" if chance < ON_TOPIC else "review" if chance < ON_TOPIC + IN_REVIEW else "no"
        )
        story = None
        if outcome != "no":
            on_topic += 1
            story = (on_topic - 1) // STORY + 1
        title = dice.choice(said.titles[language])
        paragraphs = dice.sample(said.paragraphs[language], 4)
        yield Row(
            id=number,
            feed=dice.randrange(FEEDS) + 1,
            when=to_text(now - step * (count - number)) or "",
            language=language,
            title=title.text,
            text="\n".join(one.text for one in paragraphs),
            cjk=" ".join(one.cjk for one in (title, *paragraphs) if one.cjk),
            outcome=outcome,
            topics=tuple(dice.sample(TOPICS, dice.choice((1, 1, 2)))) if outcome != "no" else (),
            story=story,
            companies=tuple(dice.sample(COMPANIES, MENTIONS)),
        )


TERMS = json.dumps([[f"term {number}", 1.234567, 100 * number] for number in range(17)])


def add(store: Store, batch: list[Row]) -> None:
    """Write the rows of a batch into every table an article has rows in."""
    add_articles(store, batch)
    add_tags(store, batch)
    store.execute_many(
        "INSERT INTO mentions VALUES (?,?,2)",
        [(row.id, company) for row in batch for company in row.companies],
    )
    store.execute_many(
        "INSERT INTO updates VALUES (?,?,3,0.5,0.5)",
        [(row.id, row.topics[0]) for row in batch if row.outcome == "tag"],
    )
    add_stories(store, [row for row in batch if row.story])


def add_articles(store: Store, batch: list[Row]) -> None:
    url = "https://outlet{}.example/news/{}/a-title-of-some-words".format
    store.execute_many(
        "INSERT INTO articles (id, url, title, author, site, language, published_at,"
        " first_seen_at, fetched_at, text, text_source, status, content_hash, summary,"
        " date_source, tagged_by, grouped_at, story_id, cjk)"
        " VALUES (?,?,?,'A Reporter',?,?,?,?,?,?,'page','ok',?,?,'feed','million',?,?,?)",
        [
            (row.id, url(row.feed, row.id), row.title, f"Outlet {row.feed}", row.language,
             row.when, row.when, row.when, row.text, content_hash(row.text), row.text[:200],
             row.when, row.story, row.cjk)
            for row in batch
        ],
    )  # fmt: skip
    store.execute_many(
        "INSERT INTO article_urls VALUES (?,?)",
        sorted((url(row.feed, row.id).removeprefix("https://"), row.id) for row in batch),
    )
    store.execute_many(
        "INSERT INTO sightings (feed_id, guid, article_id, url, title, summary, published_at,"
        " seen_at) VALUES (?,?,?,?,?,?,?,?)",
        [
            (row.feed, f"guid-{row.id}", row.id, url(row.feed, row.id), row.title,
             row.text[:200], row.when, row.when)
            for row in batch
        ],
    )  # fmt: skip


def add_tags(store: Store, batch: list[Row]) -> None:
    store.execute_many(
        "INSERT INTO tags (article_id, topic, probability, tagged, evidence, terms, model_id,"
        " tagged_at, outcome) VALUES (?,?,?,?,?,?,'million',?,?)",
        [
            (row.id, topic, 0.9 if row.outcome == "tag" else 0.35, int(row.outcome == "tag"),
             row.text[:90], TERMS, row.when, row.outcome)
            if topic in row.topics
            else (row.id, topic, 0.01, 0, "", "[]", row.when, "no")
            for row in batch
            for topic in TOPICS
        ],
    )  # fmt: skip


def add_stories(store: Store, told: list[Row]) -> None:
    store.execute_many(
        "INSERT INTO stories VALUES (?,?,?,?,?,1,1) ON CONFLICT (id) DO UPDATE SET"
        " last_seen_at = excluded.last_seen_at, articles = articles + 1, outlets = outlets + 1",
        [(row.story, row.title, row.id, row.when, row.when) for row in told],
    )


def add_sketches(store: Store, count: int) -> None:
    """Add a sketch an article; the lowest hashes of all are sorted first, as their table is."""
    dice = np.random.default_rng(1)
    lowest = np.empty((count, LOWEST), np.int64)
    for first in range(0, count, BATCH):
        size = min(BATCH, count - first)
        hashes = np.sort(dice.integers(0, 2**60, (size, HASHES), dtype=np.int64), axis=1)
        lowest[first : first + size] = hashes[:, :LOWEST]
        with store.transaction():
            store.execute_many(
                "INSERT INTO article_sketches VALUES (?,?)",
                [(first + number, row.tobytes()) for number, row in enumerate(hashes, start=1)],
            )
    flat = lowest.ravel()
    order = np.argsort(flat, kind="stable")
    for part in np.array_split(order, 1 + len(order) // 1_000_000):
        with store.transaction():
            store.execute_many(
                "INSERT OR IGNORE INTO sketches VALUES (?,?)",
                zip(flat[part].tolist(), (part // LOWEST + 1).tolist(), strict=True),
            )


def add_digests(store: Store, now: datetime) -> None:
    """Add a digest a day that told what was tagged by then, but for the last day's."""
    for ago in range(365 * YEARS, 0, -1):
        until = now - timedelta(days=ago)
        digest = store.execute(
            "INSERT INTO digests (name, period, created_at, since, until, subject, articles,"
            " stories, content) VALUES ('daily',?,?,?,?,'News',40,40,'{}')",
            (f"{until:%Y-%m-%d}", to_text(until), to_text(until - timedelta(days=1)),
             to_text(until)),
        ).lastrowid  # fmt: skip
        store.execute(
            "INSERT INTO digest_stories SELECT ?, a.story_id, a.id FROM articles a WHERE"
            " coalesce(a.published_at, a.first_seen_at) > ?"
            " AND coalesce(a.published_at, a.first_seen_at) <= ?"
            " AND EXISTS (SELECT 1 FROM tags t WHERE t.article_id = a.id AND t.tagged = 1)",
            (digest, to_text(until - timedelta(days=1)), to_text(until)),
        )
