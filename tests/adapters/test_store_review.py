"""The review table as a SQLite browser sees it: plain SQL makes labels or is refused in words."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.adapters.store import review as table
from pipeline.errors import ConfigError
from pipeline.models.labels import Label
from tests.newsdesk import NOW, Newsdesk

Browser = sqlite3.Connection


@pytest.fixture(params=[0, 1], ids=["triggers once", "triggers recursive"])
def browser(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A foreign connection to a database with one open item: article 1, foundry, 0.45."""
    with Store(tmp_path / "chipwire.db") as store:
        Newsdesk(store).article("TSMC adds a fab", topics={"foundry": 0.45})
        with store.transaction():
            table.add_items(store, [table.Wanted(1, "foundry", 0.9, "doubtful")])
    connection = sqlite3.connect(tmp_path / "chipwire.db", isolation_level=None)
    connection.execute(f"PRAGMA recursive_triggers = {request.param}")
    yield connection
    connection.close()


def labels(browser: Browser) -> list[tuple[object, ...]]:
    return browser.execute("SELECT reviewer, verdict, note FROM labels ORDER BY id").fetchall()


def cell(browser: Browser) -> tuple[object, ...]:
    found: tuple[object, ...] = browser.execute(
        "SELECT verdict, note, reviewer FROM review_items"
    ).fetchone()
    return found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *((typed, "yes") for typed in ("yes", "y", "Y", " YES \n", "1", 1, "true", "TRUE")),
        *((typed, "no") for typed in ("no", "n", "No", "0", "false")),
        *((typed, "skip") for typed in ("skip", "s")),
    ],
)
def test_a_typed_verdict_makes_exactly_one_label(
    browser: Browser, typed: object, kept: str
) -> None:
    browser.execute("UPDATE review_items SET verdict = ?", (typed,))
    assert labels(browser) == [("reviewer", kept, "")]
    assert cell(browser)[0] == kept
    assert browser.execute(
        "SELECT probability_then, model_then, origin FROM labels"
    ).fetchall() == [(0.45, "m", "browser")]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(["verdict = 'y'", "verdict = 'y'"], ["yes"], id="the same again makes none"),
        pytest.param(
            ["verdict = 'y'", "verdict = 'YES', note = '', title = title"], ["yes"],
            id="a form that sends all columns makes none",
        ),
        pytest.param(["verdict = 'y'", "verdict = 'n'"], ["yes", "no"], id="a new mind makes one"),
        pytest.param(["verdict = 'y'", "verdict = ''"], ["yes", "undo"], id="emptied undoes"),
        pytest.param(["verdict = 'y'", "verdict = NULL"], ["yes", "undo"], id="NULL undoes"),
        pytest.param(["verdict = 'y'", "verdict = 'u'"], ["yes", "undo"], id="u undoes"),
        pytest.param(["verdict = ''"], [], id="nothing to undo"),
        pytest.param(["verdict = 'n'", "note = 'old news'"], ["no", "no"], id="a note makes one"),
        pytest.param(["verdict = 'n'", "note = NULL"], ["no"], id="no note is no note"),
        pytest.param(["note = 'look again'"], ["undo"], id="a note alone is kept as no verdict"),
        pytest.param(["verdict = 'y'", "reviewer = 'ann'"], ["yes"], id="a name alone makes none"),
    ],
)  # fmt: skip
def test_a_label_is_made_when_verdict_or_note_changed(
    browser: Browser, statements: list[str], expected: list[str]
) -> None:
    for change in statements:
        browser.execute(f"UPDATE review_items SET {change}")
    assert [verdict for _, verdict, _ in labels(browser)] == expected


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE review_items SET verdict = 'maybe'", "verdict must be yes, no or skip"),
        ("UPDATE review_items SET title = 'x'", "only verdict, note and reviewer"),
        ("UPDATE review_items SET id = 7", "only verdict, note and reviewer"),
        ("UPDATE review_items SET probability = 1", "only verdict, note and reviewer"),
        ("DELETE FROM review_items", "clear its verdict instead of deleting it"),
        ("REPLACE INTO review_items (id, article_id, topic) VALUES (1, 1, 'x')", "has been judged"),
        ("REPLACE INTO review_items (article_id, topic) VALUES (1, 'foundry')", "has been judged"),
        ("UPDATE labels SET verdict = 'no'", "append-only"),
        ("DELETE FROM labels", "append-only"),
    ],
)
def test_what_would_lose_a_verdict_is_refused_in_words(
    browser: Browser, statement: str, words: str
) -> None:
    browser.execute("UPDATE review_items SET verdict = 'yes'")
    with pytest.raises(sqlite3.IntegrityError, match=words):
        browser.execute(statement)
    assert labels(browser) == [("reviewer", "yes", "")]
    assert cell(browser) == ("yes", "", "reviewer")


def test_an_open_row_may_be_deleted(browser: Browser) -> None:
    browser.execute("DELETE FROM review_items")
    assert browser.execute("SELECT count(*) FROM review_items").fetchone() == (0,)


def test_a_row_typed_in_with_a_verdict_makes_a_label(browser: Browser) -> None:
    browser.execute(
        "INSERT INTO review_items (article_id, topic, verdict) VALUES (1, 'hbm', 'yes')"
    )
    assert labels(browser) == [("reviewer", "yes", "")]


def test_clearing_takes_back_the_verdict_of_whoever_gave_it(browser: Browser) -> None:
    browser.execute("UPDATE review_items SET verdict = 'no', reviewer = 'ann'")
    browser.execute("UPDATE review_items SET verdict = '', reviewer = 'bob'")
    assert labels(browser) == [("ann", "no", ""), ("ann", "undo", "")]


def test_a_label_from_elsewhere_shows_in_the_row_once(browser: Browser) -> None:
    browser.execute(
        "INSERT INTO labels (article_id, topic, reviewer, verdict, created_at)"
        " VALUES (1, 'foundry', 'ann', 'no', '2026-11-23T07:05:00Z')"
    )
    assert cell(browser) == ("no", "", "ann")
    assert len(labels(browser)) == 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.db") as store:
        Newsdesk(store).article("TSMC adds a fab", topics={"foundry": 0.45})
        yield store


@pytest.mark.parametrize(
    ("said", "new"),
    [
        pytest.param(["yes"], [True], id="a verdict"),
        pytest.param(["yes", "yes"], [True, False], id="the same again"),
        pytest.param(["yes", "undo", "undo"], [True, True, False], id="undone twice"),
        pytest.param(["undo"], [False], id="nothing to undo"),
        pytest.param(["yes", "no", "yes"], [True, True, True], id="to and fro"),
    ],
)
def test_the_shell_and_the_page_write_the_same_log(
    store: Store, said: list[str], new: list[bool]
) -> None:
    for verdict, expected in zip(said, new, strict=True):
        label = Label(1, "foundry", verdict)  # type: ignore[arg-type] # a table of words
        assert table.record(store, label, now=NOW) is expected
    assert len(table.labels(store)) == sum(new)
    last = said[-1] if said[-1] != "undo" else None
    assert [row["verdict"] for row in store.rows("SELECT verdict FROM review_items")] in (
        [[last]] if any(new) else [[]]
    )


def test_two_reviewers_may_say_the_same_of_one_cell(store: Store) -> None:
    assert table.record(store, Label(1, "foundry", "yes", reviewer="ann"), now=NOW)
    assert table.record(store, Label(1, "foundry", "yes", reviewer="bob"), now=NOW)
    assert table.training_labels(store, "agreed") == [(1, "foundry", True)]


def test_an_undo_leaves_the_verdict_of_another(store: Store) -> None:
    for who, verdict in (("ann", "yes"), ("bob", "no"), ("ann", "undo")):
        said = Label(1, "foundry", verdict, reviewer=who)  # type: ignore[arg-type] # a table
        assert table.record(store, said, now=NOW)
    assert [label.reviewer for label in table.labels(store)] == ["ann", "bob", "ann"]
    assert table.training_labels(store) == [(1, "foundry", False)]
    (row,) = store.rows("SELECT verdict, reviewer FROM review_items")
    assert tuple(row) == ("no", "bob")


def test_a_label_needs_its_article(store: Store) -> None:
    with pytest.raises(ConfigError, match="no article 99"):
        table.record(store, Label(99, "foundry", "yes"), now=NOW)


@pytest.mark.parametrize(
    ("where", "index"),
    [
        ("", "review_items_queue"),
        ("AND topic = 'hbm'", "review_items_topic"),
        ("AND site = 'Wafer Daily'", "review_items_outlet"),
    ],
)
def test_the_queue_reads_an_index_and_sorts_nothing(store: Store, where: str, index: str) -> None:
    plan = store.rows(
        "EXPLAIN QUERY PLAN SELECT * FROM review_items WHERE verdict IS NULL"
        f" {where} ORDER BY doubt DESC, id LIMIT 50"
    )
    assert next(row["detail"] for row in plan).count(index) == 1
    assert not any("TEMP B-TREE" in row["detail"] for row in plan)
