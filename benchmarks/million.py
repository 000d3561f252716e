"""How long the questions of a home of a million articles take.

    python -m benchmarks.million build HOME [ARTICLES]
    python -m benchmarks.million ask HOME

`ask` gives the median and the worst of seven, each on a fresh connection, the file in the
machine's cache: milliseconds of processor time, which is all a question takes where nobody else
wants the processor. Nothing was ever analysed (ANALYZE), as in every home. What the home holds
stands in `benchmarks.million_home`.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.million_home import FEEDS, TOPICS, build
from benchmarks.startup import CHIPWIRE, cpu_s
from pipeline.adapters.store import Store
from pipeline.models.tags import Topic

ROUNDS = 7
TOPIC_VALUES = [Topic(name, name.title(), "") for name in TOPICS]
TITLES = {topic.name: topic.title for topic in TOPIC_VALUES}
Question = Callable[[Store], object]
Times = dict[str, list[float]]  # milliseconds by question


def ask(home: Path, *, rounds: int = ROUNDS) -> Iterator[tuple[str, list[float]]]:
    """Yield every question with its times in milliseconds, ascending."""
    from pipeline.jobs import review

    database = home / "chipwire.db"
    with Store(database) as store:
        articles, newest = store.rows("SELECT count(*), max(published_at) FROM articles")[0]
        review.top_up(store, TOPIC_VALUES, tagged=1)
    now = datetime.fromisoformat(newest)  # a home built days ago has a last month, too
    for name, question in questions(now, articles // 2).items():
        yield name, sorted(once(database, question) for _ in range(rounds))
    write_feeds(home)
    for name, arguments in COMMANDS.items():
        command = [sys.executable, "-c", CHIPWIRE, "--home", str(home), *arguments]
        yield name, sorted(1000 * cpu_s(command) for _ in range(rounds))


def once(database: Path, question: Question) -> float:
    with Store(database) as store:
        began = time.process_time()
        question(store)
        return 1000 * (time.process_time() - began)


SEARCH, QUEUE, DIGEST = "search: ", "review queue", "digest"
PASS = "`chipwire run` with nothing new"
COMMANDS = {
    PASS: ("run", "--no-digest"),
    "`chipwire list --topic hbm`": ("list", "--topic", "hbm"),
    "`chipwire search` with topic and month": (
        "search", "memory makers", "--topic", "hbm", "--since", "30d",
    ),
    "`chipwire status`": ("status",),
}  # fmt: skip


def questions(now: datetime, middle: int) -> dict[str, Question]:
    """Return what people and passes ask, by name; `middle` is an article to explain."""
    return {**lists(now), **queues(), **jobs(now, middle)}


def lists(now: datetime) -> dict[str, Question]:
    from pipeline.adapters.store import listing
    from pipeline.adapters.store.listing import Filter

    month, week = now - timedelta(days=30), now - timedelta(days=7)

    def found(**wanted: object) -> Question:
        return lambda store: listing.articles(store, Filter(**wanted))  # type: ignore[arg-type] # each value has its field's type

    return {
        "newest articles": found(),
        "newest of a topic": found(topic="hbm"),
        "newest of a topic since a month": found(topic="hbm", since=month),
        "newest of a company and a language": found(company="ASML", language="ko"),
        f"{SEARCH}a rare word": found(query="SPHBM4"),
        f"{SEARCH}a common word": found(query="chips"),
        f"{SEARCH}words since a month": found(query="memory makers", since=month),
        f"{SEARCH}word, topic, since a week": found(query="chips", topic="hbm", since=week),
        f"{SEARCH}words, topic, since a month": found(
            query="memory makers", topic="hbm", since=month
        ),
        f"{SEARCH}common words, topic, since a month": found(
            query="the chips", topic="hbm", since=month
        ),
        f"{SEARCH}Chinese, topic, since a month": found(query="晶片", topic="hbm", since=month),
        f"{SEARCH}word, topic, since a year": found(
            query="memory", topic="hbm", since=now - timedelta(days=365)
        ),
        f"{SEARCH}word and topic": found(query="memory", topic="hbm"),
    }


def queues() -> dict[str, Question]:
    from pipeline.adapters.store import queue

    def listed(**wish: str) -> Question:
        return lambda store: queue.items(store, queue.Wish("open", **wish))

    return {
        QUEUE: listed(),
        f"{QUEUE} of a topic": listed(topic="hbm"),
        f"{QUEUE} of a company": listed(company="ASML"),
        f"{QUEUE} of a language": listed(language="zh"),
        f"{QUEUE} of an outlet": listed(outlet="Outlet 7"),
        f"{QUEUE} with a word": listed(query="chips"),
        f"{QUEUE} with common words": listed(query="the chips"),
        f"{QUEUE} with a rare word": listed(query="SPHBM4"),
        f"{QUEUE}: choices": queue.choices,
        f"{QUEUE}: waiting": queue.waiting,
    }


def jobs(now: datetime, middle: int) -> dict[str, Question]:
    from pipeline.adapters.store import explaining, figures, overview, owed, stats, stories
    from pipeline.adapters.store.articles import to_article
    from pipeline.jobs import digest, review
    from pipeline.jobs.messages import Newsroom
    from pipeline.models.policies import DigestPolicy

    room, mondays = Newsroom(TITLES), stats.weeks(now, 26)

    def before(store: Store) -> object:
        row = store.row("SELECT * FROM articles ORDER BY id DESC LIMIT 1")
        assert row is not None
        return stories.held_before(store, to_article(row), ["hbm", "foundry"])

    return {
        "filling the queue": lambda store: review.top_up(store, TOPIC_VALUES, tagged=1),
        "explaining an article": lambda store: explaining.explain(store, middle),
        "what was held before a new article": before,
        "page of a topic": lambda store: overview.topic(store, "hbm", mondays),
        "page of a company": lambda store: overview.company(store, "ASML", mondays),
        "figures for monitors": figures.counts,
        f"{DIGEST}: material": lambda store: owed.material(
            store, DigestPolicy(), topics=TITLES, now=now
        ),
        f"{DIGEST} composed": lambda store: digest.preview(
            store, DigestPolicy(), now=now, newsroom=room
        ),
        f"{DIGEST} composed, the first of its name": lambda store: digest.preview(
            store, DigestPolicy(name="other"), now=now, newsroom=room
        ),
    }


def write_feeds(home: Path) -> None:
    outlines = "".join(
        f'<outline type="rss" xmlUrl="https://outlet{number}.example/rss"/>'
        for number in range(1, FEEDS + 1)
    )
    (home / "feeds.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")


def main(arguments: list[str]) -> None:
    home = Path(arguments[1])
    if arguments[0] == "build":
        build(home, int(arguments[2]) if len(arguments) > 2 else 1_000_000)
        return
    for name, times in ask(home):
        print(f"{name:42} {statistics.median(times):9.1f} ms {times[-1]:9.1f} ms", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
