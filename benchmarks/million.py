"""A home of a million articles, and how long its questions take.

    python -m benchmarks.million build HOME [ARTICLES]
    python -m benchmarks.million ask HOME

Texts are babbled in the newsroom's words at the newsroom's lengths; rows are those the writers
of `pipeline.adapters.store` make, in bulk: four languages, 80 feeds, three years, one article
in eight on a topic, stories of three, a digest a day that told them. Sketches are random
numbers, as real ones are. `ask` gives the median and the worst of seven, each on a fresh
connection, the file in the machine's cache.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
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
from pipeline.models.tags import Topic
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
class Words:
    """What articles are put together from, by language."""

    paragraphs: dict[str, list[str]]
    titles: dict[str, list[str]]


def words(dice: random.Random) -> Words:
    speakers: dict[str, Babbler] = {}
    for kind, babbler in babblers(load_archive()).items():
        speakers.setdefault(kind[:2], babbler)  # the articles on a topic come first
    share = {name: int(PARAGRAPHS * part) for name, part in LANGUAGES.items()}
    return Words(
        {name: [speakers[name].say(dice, LENGTH[name] // 4) for _ in range(count)]
         for name, count in share.items()},
        {name: [speakers[name].say(dice, 60 if name == "en" else 30) for _ in range(count // 2)]
         for name, count in share.items()},
    )  # fmt: skip


def build(home: Path, count: int) -> None:
    """Make the home's database; about a millisecond an article."""
    home.mkdir(parents=True)
    dice = random.Random(1)
    now = datetime.now(UTC).replace(microsecond=0)
    with Store(home / "chipwire.db") as store:
        store.connection.execute("PRAGMA synchronous = OFF")
        store.connection.execute("PRAGMA cache_size = -2000000")
        with store.transaction():
            add_feeds(store, now)
        source = rows(words(dice), dice, count, now)
        while batch := list(islice(source, BATCH)):
            with store.transaction():
                add(store, batch)
        with store.transaction():
            add_stories(store)
            add_sketches(store, count)
            add_digests(store, now)
        store.connection.execute("ANALYZE")


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
        yield Row(
            id=number,
            feed=dice.randrange(FEEDS) + 1,
            when=to_text(now - step * (count - number)) or "",
            language=language,
            title=dice.choice(said.titles[language]),
            text="\n".join(dice.sample(said.paragraphs[language], 4)),
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
    store.execute(
        "CREATE TEMP TABLE IF NOT EXISTS placed (article_id INTEGER PRIMARY KEY, story INTEGER)"
    )
    store.execute_many(
        "INSERT INTO placed VALUES (?,?)", [(row.id, row.story) for row in batch if row.story]
    )


def add_articles(store: Store, batch: list[Row]) -> None:
    url = "https://outlet{}.example/news/{}/a-title-of-some-words".format
    store.execute_many(
        "INSERT INTO articles (id, url, title, author, site, language, published_at,"
        " first_seen_at, fetched_at, text, text_source, status, content_hash, summary,"
        " date_source, tagged_by, grouped_at, cjk)"
        " VALUES (?,?,?,'A Reporter',?,?,?,?,?,?,'page','ok',?,?,'feed','million',?,?)",
        [
            (row.id, url(row.feed, row.id), row.title, f"Outlet {row.feed}", row.language,
             row.when, row.when, row.when, row.text, content_hash(row.text), row.text[:200],
             row.when, bigrams(f"{row.title}\n{row.text}"))
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


def add_stories(store: Store) -> None:
    store.execute(
        "INSERT INTO stories (id, title, article_id, first_seen_at, last_seen_at, articles,"
        " outlets) SELECT p.story, a.title, a.id, min(a.first_seen_at), max(a.first_seen_at),"
        " count(*), count(DISTINCT a.site) FROM placed p JOIN articles a ON a.id = p.article_id"
        " GROUP BY p.story"
    )
    store.execute(
        "UPDATE articles SET story_id = (SELECT story FROM placed WHERE article_id = articles.id)"
        " WHERE id IN (SELECT article_id FROM placed)"
    )


def add_sketches(store: Store, count: int) -> None:
    dice = np.random.default_rng(1)
    hashes = np.sort(dice.integers(0, 2**60, (count, HASHES), dtype=np.int64), axis=1)
    store.execute_many(
        "INSERT INTO article_sketches VALUES (?,?)",
        ((number, row.tobytes()) for number, row in enumerate(hashes, start=1)),
    )
    lowest = hashes[:, :LOWEST].ravel()
    articles = np.repeat(np.arange(1, count + 1), LOWEST)
    order = np.argsort(lowest, kind="stable")
    store.execute_many(
        "INSERT OR IGNORE INTO sketches VALUES (?,?)",
        zip(lowest[order].tolist(), articles[order].tolist(), strict=True),
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


TOPIC_VALUES = [Topic(name, name.title(), "") for name in TOPICS]
TITLES = {topic.name: topic.title for topic in TOPIC_VALUES}


def ask(home: Path) -> Iterator[str]:
    """Yield a line for every question: the median and the worst time of seven."""
    from pipeline.jobs import review

    database = home / "chipwire.db"
    with Store(database) as store:
        articles, newest = store.rows("SELECT count(*), max(published_at) FROM articles")[0]
        review.top_up(store, TOPIC_VALUES, tagged=1)
    yield f"{articles:,} articles, {database.stat().st_size / articles:,.0f} bytes each"
    now = datetime.fromisoformat(newest)  # a home built days ago has a last month, too
    for name, question in questions(now, articles // 2).items():
        yield timed(name, lambda asked=question: once(database, asked))  # type: ignore[misc]
    yield timed("a pass with nothing new", lambda: one_pass(home))


Question = Callable[[Store], object]


def questions(now: datetime, middle: int) -> dict[str, Question]:
    """Return what people ask, by name; `middle` is an article to explain."""
    from pipeline.adapters.store import explaining, listing, owed, queue
    from pipeline.adapters.store.listing import Filter
    from pipeline.jobs import digest, review
    from pipeline.models.policies import DigestPolicy

    month, week = now - timedelta(days=30), now - timedelta(days=7)

    def found(**wanted: object) -> Callable[[Store], object]:
        return lambda store: listing.articles(store, Filter(**wanted))  # type: ignore[arg-type]

    def listed(**wish: str) -> Callable[[Store], object]:
        return lambda store: queue.items(store, queue.Wish(**wish))

    return {
        "list": found(),
        "list of a topic": found(topic="hbm"),
        "list of a topic since a month": found(topic="hbm", since=month),
        "list of a company and a language": found(company="ASML", language="ko"),
        "search a rare word": found(query="SPHBM4"),
        "search a common word": found(query="chips"),
        "search with topic and week": found(query="chips", topic="hbm", since=week),
        "search with topic and month": found(query="memory makers", topic="hbm", since=month),
        "search with topic, no date": found(query="memory", topic="hbm"),
        "search Chinese with topic and month": found(query="芯片", topic="hbm", since=month),
        "queue": listed(),
        "queue of a topic": listed(topic="hbm"),
        "queue of a company": listed(company="ASML"),
        "queue of a language": listed(language="zh"),
        "queue with words": listed(query="chips"),
        "queue: choices": queue.choices,
        "queue: waiting": queue.waiting,
        "queue: top up": lambda store: review.top_up(store, TOPIC_VALUES, tagged=1),
        "explain": lambda store: explaining.explain(store, middle),
        "digest material": lambda store: owed.material(
            store, DigestPolicy(), topics=TITLES, now=now
        ),
        "digest composed": lambda store: digest.preview(
            store, DigestPolicy(), now=now, newsroom=digest.Newsroom(TITLES)
        ),
    }  # fmt: skip


def once(database: Path, question: Callable[[Store], object]) -> float:
    with Store(database) as store:
        began = time.perf_counter()
        question(store)
        return time.perf_counter() - began


def one_pass(home: Path) -> float:
    from pipeline.app import App
    from pipeline.app.one_pass import run_pass
    from pipeline.settings import Home, load

    place = Home(home)
    outlines = "".join(
        f'<outline type="rss" xmlUrl="https://outlet{number}.example/rss"/>'
        for number in range(1, FEEDS + 1)
    )
    (home / "feeds.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
    with App(place, load(place.settings, {})) as app:
        began = time.perf_counter()
        report = run_pass(app, digest=False)
        spent = time.perf_counter() - began
    assert not report.found_work
    return spent


def timed(name: str, measure: Callable[[], float]) -> str:
    times = sorted(measure() for _ in range(7))
    return f"{name:38} {1000 * statistics.median(times):9.1f} ms {1000 * times[-1]:9.1f} ms"


if __name__ == "__main__":
    if sys.argv[1] == "build":
        build(Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000)
    else:
        for line in ask(Path(sys.argv[2])):
            print(line, flush=True)
