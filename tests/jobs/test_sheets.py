"""A reviewer's sheet in any SQLite browser: one label a verdict, nothing waits for a lock."""

import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.jobs import review, sheets
from pipeline.models.labels import Label
from pipeline.models.tags import Topic
from tests.newsdesk import NOW, TOPICS, Newsdesk

TOPIC_LIST = [Topic(name, title, "") for name, title in TOPICS.items()]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "chipwire.db") as store:
        desk = Newsdesk(store)
        for number in range(5):
            desk.article(f"t {number}", topics={"foundry": 0.4 + number / 50})
        review.top_up(store, TOPIC_LIST, tagged=5)
        sheets.make(store, tmp_path / "review", "ann")
        yield store


def sheet_of(store: Store) -> Path:
    return store.path.parent / "review" / "ann.db"


def types(store: Store, change: str) -> None:
    """Let a person change all rows of the sheet and save."""
    with closing(sqlite3.connect(sheet_of(store))) as browser, browser:
        browser.execute(f"UPDATE review_items SET {change}")


def sync(store: Store) -> list[tuple[int, int, str]]:
    reports = sheets.sync_all(store, store.path.parent / "review", now=NOW)
    return [(report.labels, report.added, report.deferred) for report in reports]


def said(store: Store) -> list[tuple[object, ...]]:
    return [tuple(row) for row in store.rows("SELECT verdict, reviewer, origin FROM labels")]


def test_a_sheet_holds_the_queue_and_opens_sorted(store: Store) -> None:
    with closing(sqlite3.connect(sheet_of(store))) as browser:
        assert browser.execute("SELECT count(*) FROM review_items").fetchone() == (5,)
        assert browser.execute("PRAGMA journal_mode").fetchone() == ("delete",)  # one file
    tree = ET.fromstring(sheet_of(store).with_suffix(".sqbpro").read_text())
    found = tree.find("db")
    assert found is not None
    assert found.get("path") == "ann.db"
    assert [column.get("index") for column in tree.iterfind(".//sort/column")] == ["8", "6"]
    assert len(tree.findall(".//conditional_formats/column/format")) == 3
    # DB Browser 3.12 stops reading <tab_browse> at an element it does not know, newer ones open
    # a second tab for <table>: seen there, on the screen.
    browse = tree.find("tab_browse")
    assert browse is not None
    assert [part.tag for part in browse] == ["current_table", "browse_table_settings"]


def test_each_verdict_is_taken_exactly_once(store: Store) -> None:
    types(store, "verdict = 'Y'")
    assert sync(store) == [(5, 0, "")]
    assert sync(store) == [(0, 0, "")]
    assert said(store) == [("yes", "ann", "sheet:ann")] * 5


@pytest.mark.parametrize(
    ("changes", "verdicts"),
    [
        pytest.param(["verdict = 'y'", "verdict = ''"], ["yes", "undo"], id="cleared is undone"),
        pytest.param(["verdict = 'y'", "verdict = 'n'"], ["yes", "no"], id="a changed mind"),
        pytest.param(["verdict = 'y'", "note = 'old'"], ["yes", "yes"], id="a note is a label"),
        pytest.param(["verdict = 'y'", "verdict = 'yes'"], ["yes"], id="the same again"),
        pytest.param(["title = title"], [], id="nothing said"),
    ],
)
def test_what_changed_since_the_last_time_is_taken(
    store: Store, changes: list[str], verdicts: list[str]
) -> None:
    for change in changes:
        types(store, f"{change} WHERE id = 1")
        sync(store)
    assert [verdict for verdict, _, _ in said(store)] == verdicts


def test_a_later_verdict_elsewhere_is_not_overruled(store: Store) -> None:
    types(store, "verdict = 'yes' WHERE id = 1")
    sync(store)
    article, topic = store.rows("SELECT article_id, topic FROM labels")[0]
    from pipeline.adapters.store import review as table

    table.record(store, Label(article, topic, "no", reviewer="ann"), now=NOW)
    assert sync(store) == [(0, 0, "")]
    assert [verdict for verdict, _, _ in said(store)] == ["yes", "no"]


@pytest.mark.parametrize(
    ("change", "words"),
    [("verdict = 'maybe'", "verdict must be"), ("title = 'x'", "only verdict, note")],
)
def test_a_sheet_refuses_in_the_same_words(store: Store, change: str, words: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=words):
        types(store, change)


def test_a_sheet_is_topped_up_and_keeps_its_verdicts(store: Store) -> None:
    types(store, "verdict = 'no' WHERE id = 1")
    with store.transaction():
        store.execute(
            "INSERT INTO articles (id, url, title, first_seen_at, status, tagged_by)"
            " VALUES (99, 'https://a.test/99', 'late', '2026-11-23T07:00:00Z', 'ok', 'm')"
        )
    Newsdesk(store).tag(99, {"hbm": 0.5})
    review.top_up(store, TOPIC_LIST, tagged=1)
    assert sync(store) == [(1, 1, "")]
    with closing(sqlite3.connect(sheet_of(store))) as browser:
        rows = browser.execute("SELECT verdict FROM review_items WHERE verdict IS NOT NULL")
        assert rows.fetchall() == [("no",)]


def test_a_sheet_being_edited_is_left_and_taken_later(store: Store) -> None:
    types(store, "verdict = 'yes' WHERE id = 1")
    with closing(sqlite3.connect(sheet_of(store), isolation_level=None)) as browser:
        browser.execute("BEGIN EXCLUSIVE")
        ((labels, _, deferred),) = sync(store)
        assert (labels, "is being edited" in deferred) == (0, True)
        browser.execute("ROLLBACK")
    assert sync(store)[0][0] == 1


def test_a_first_keystroke_defers_only_the_topping_up(store: Store) -> None:
    types(store, "verdict = 'yes' WHERE id = 1")
    with closing(sqlite3.connect(sheet_of(store), isolation_level=None)) as browser:
        browser.execute("BEGIN IMMEDIATE")  # what DB Browser holds until the person saves
        ((labels, _, deferred),) = sync(store)
        assert (labels, "is being edited" in deferred) == (1, True)
    assert sync(store) == [(0, 0, "")]


def test_a_file_that_is_no_sheet_delays_no_other(store: Store) -> None:
    (store.path.parent / "review" / "aaa.db").write_bytes(b"not a database at all" * 100)
    types(store, "verdict = 'yes' WHERE id = 1")
    (strange, mine) = sync(store)
    assert "no review sheet" in strange[2]
    assert mine == (1, 0, "")


def test_an_undo_on_the_page_is_not_overruled_by_a_sheet_that_said_the_same(store: Store) -> None:
    from pipeline.adapters.store import review as table

    article, topic = store.rows("SELECT article_id, topic FROM review_items WHERE id = 1")[0]
    table.record(store, Label(article, topic, "yes", reviewer="ann"), now=NOW)
    types(store, f"verdict = 'yes' WHERE article_id = {article}")
    assert sync(store)[0][0] == 0  # she has said so already
    table.record(store, Label(article, topic, "undo", reviewer="ann"), now=NOW)
    assert sync(store)[0][0] == 0
    assert [verdict for verdict, _, _ in said(store)] == ["yes", "undo"]
