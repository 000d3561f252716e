"""Entries become articles, articles become searchable, and nothing is stored twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, articles, entries, feeds, readings
from pipeline.adapters.store.listing import Filter
from pipeline.adapters.store.listing import articles as list_articles
from pipeline.adapters.store.search import bigrams, match_query
from pipeline.models.feeds import Entry, Feed, FeedMemory, FeedOptions, FeedSource
from pipeline.models.tags import Tag, Term

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
SOURCE = FeedSource("https://a.test/feed", "A Test", "https://a.test/", "trade")
ENTRY = Entry("guid-1", "https://a.test/1", "HBM supply tightens", "Short.", published_at=NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "chipwire.db") as store:
        feeds.watch(store, [SOURCE])
        yield store


@pytest.fixture
def feed(store: Store) -> Feed:
    return feeds.due(store, NOW)[0]


def add(store: Store, feed: Feed, entry: Entry) -> bool:
    with store.transaction():
        return entries.add(store, feed, entry, key=entry.url, now=NOW)


def cleaned(article_id: int, **changes: object) -> articles.Cleaned:
    text = "SK hynix said its HBM4 lines are sold out.\n台积电称产能紧张。"
    whole = articles.Cleaned(
        article_id, "HBM supply tightens", "Ann", "A Test", "en", NOW, "page", text, "page",
        "ok", "hash-1",
    )  # fmt: skip
    return replace(whole, **changes)


def save(store: Store, article: articles.Cleaned) -> None:
    with store.transaction():
        articles.save_cleaned(store, article, key="https://a.test/1", now=NOW)


def test_two_feeds_that_announce_one_page_make_one_article(store: Store, feed: Feed) -> None:
    other = replace(SOURCE, url="https://b.test/feed")
    feeds.watch(store, [SOURCE, other])
    second = next(f for f in feeds.listed(store) if f.url == other.url)
    assert add(store, feed, ENTRY)
    assert not add(store, second, ENTRY)
    assert store.value("SELECT count(*) FROM articles") == 1
    assert store.value("SELECT count(*) FROM sightings") == 2


def test_an_entry_without_a_page_is_complete_at_once(store: Store, feed: Feed) -> None:
    add(store, feed, replace(ENTRY, opaque=True))
    assert articles.due_pages(store, NOW, limit=9) == []
    assert [task.title for task in readings.unread(store, after=0, limit=9)] == [
        "HBM supply tightens"
    ]


def test_a_due_page_brings_what_its_feed_offered(store: Store, feed: Feed) -> None:
    add(store, feed, replace(ENTRY, body="<p>Whole text", author="Ann"))
    page = articles.due_pages(store, NOW, limit=9)[0]
    assert (page.url, page.body, page.author, page.feed_text) == (
        "https://a.test/1", "<p>Whole text", "Ann", "auto",
    )  # fmt: skip


def test_an_edited_text_keeps_what_it_replaces_and_is_tagged_again(
    store: Store, feed: Feed
) -> None:
    add(store, feed, ENTRY)
    save(store, cleaned(1))
    tag(store, 1)
    save(store, cleaned(1))
    assert store.value("SELECT count(*) FROM article_versions") == 0
    assert readings.unread(store, after=0, limit=9) == []
    save(store, cleaned(1, text="Corrected.", content_hash="hash-2"))
    assert store.value("SELECT text FROM article_versions").startswith("SK hynix")
    assert len(readings.unread(store, after=0, limit=9)) == 1


def tag(store: Store, article_id: int, topic: str = "hbm", probability: float = 0.9) -> None:
    found = Tag(
        article_id, topic, probability, probability >= 0.5, "tag", "evidence",
        (Term("HBM4", 2.1, 5),), "model-1",
    )  # fmt: skip
    with store.transaction():
        articles.save_tags(store, article_id, [found], model_id="model-1", now=NOW)


def test_a_page_that_is_gone_deletes_no_text(store: Store, feed: Feed) -> None:
    add(store, feed, ENTRY)
    save(store, cleaned(1))
    with store.transaction():
        articles.give_up(store, 1, status="failed", reason="HTTP 410")
    article = articles.article(store, 1)
    assert article is not None
    assert (article.status, article.text[:8]) == ("ok", "SK hynix")


def test_exact_copies_point_at_the_first(store: Store, feed: Feed) -> None:
    add(store, feed, ENTRY)
    add(store, feed, replace(ENTRY, guid="2", url="https://b.test/1"))
    save(store, cleaned(1))
    with store.transaction():
        articles.save_cleaned(store, cleaned(2), key="https://b.test/1", now=NOW)
    assert store.rows("SELECT copy_of FROM articles ORDER BY id")[1]["copy_of"] == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("HBM4", 1),
        ("hbm4 SOLD", 1),
        ('"sold out"', 1),
        ('"out sold"', 0),
        ("台积电", 1),
        ("产能", 1),
        ("能产", 0),
        ("lithography", 0),
        ("export-controls", 0),
        ("C++", 0),
        ("AND", 0),
        ("title:x", 0),
        ('HBM4"', 1),
        ("*", 0),
        ("(", 0),
        ("", 1),
        ("NEAR(", 0),
        ("'; DROP TABLE articles; --", 0),
    ],
)
def test_whatever_a_person_types_is_searched_for(
    store: Store, feed: Feed, query: str, found: int
) -> None:
    add(store, feed, ENTRY)
    save(store, cleaned(1))
    assert len(list_articles(store, Filter(query=query))) == found


def test_listings_filter_by_every_facet(store: Store, feed: Feed) -> None:
    add(store, feed, ENTRY)
    save(store, cleaned(1))
    tag(store, 1)
    for wanted in (
        Filter(topic="hbm"), Filter(language="en"), Filter(outlet="a test"),
        Filter(since=NOW - timedelta(hours=1)),
    ):  # fmt: skip
        assert len(list_articles(store, wanted)) == 1
    for wanted in (
        Filter(topic="foundry"), Filter(language="zh"), Filter(company="TSMC"), Filter(story=9),
        Filter(since=NOW + timedelta(hours=1)),
    ):  # fmt: skip
        assert list_articles(store, wanted) == []


def test_pairs_of_characters_make_short_words_findable() -> None:
    assert bigrams("TSMC 台积电 and 삼성") == "台积 积电 삼성"
    assert match_query("台积电 HBM") == 'cjk : "台积 积电" AND "HBM"'


def test_what_is_remembered_of_a_feed_comes_back_whole(store: Store, feed: Feed) -> None:
    memory = replace(
        FeedMemory(), etag='W/"x,y"', failures=3, next_poll_at=NOW, failing_since=NOW,
        last_error="timeout",
    )  # fmt: skip
    with store.transaction():
        feeds.remember(store, feed.id, memory)
    assert feeds.listed(store)[0].memory == memory


def test_a_feed_taken_off_the_list_is_not_due_and_keeps_its_memory(
    store: Store, feed: Feed
) -> None:
    with store.transaction():
        feeds.remember(store, feed.id, replace(feed.memory, etag='"1"'))
    feeds.watch(store, [])
    assert feeds.due(store, NOW) == []
    feeds.watch(store, [SOURCE])
    assert feeds.due(store, NOW)[0].memory.etag == '"1"'


def test_watching_the_same_list_again_writes_nothing(store: Store) -> None:
    before = store.value("SELECT total_changes()")
    feeds.watch(store, [SOURCE])
    assert store.value("SELECT total_changes()") == before


def test_a_paused_feed_is_never_due(store: Store) -> None:
    feeds.watch(store, [replace(SOURCE, options=FeedOptions(paused=True))])
    assert feeds.due(store, NOW) == []
