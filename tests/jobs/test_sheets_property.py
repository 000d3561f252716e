"""Verdicts by page, plain SQL and a sheet in any order: one log, never double, always in step."""

import sqlite3
import tempfile
from contextlib import closing
from itertools import groupby, pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.store import Store
from pipeline.adapters.store import review as table
from pipeline.jobs import sheets
from pipeline.models.labels import Label
from pipeline.steps.verdicts import settle
from tests.newsdesk import NOW, Newsdesk

ARTICLES = (1, 2)
words = st.sampled_from(["yes", "no", "skip", ""])
steps = st.lists(
    st.tuples(
        st.sampled_from(["page", "sql", "type in the sheet", "sync"]),
        st.sampled_from(ARTICLES),
        words,
        st.sampled_from(["ann", "bob"]),
    ),
    max_size=14,
)


class Office:
    """A database with two open items, and ann's sheet of it."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "review"
        self.store = Store(home / "chipwire.db")
        desk = Newsdesk(self.store)
        for _ in ARTICLES:
            desk.article("A foundry", topics={"foundry": 0.6})
        with self.store.transaction():
            wanted = [table.Wanted(article, "foundry", 0.9, "doubtful") for article in ARTICLES]
            table.add_items(self.store, wanted)
        sheets.make(self.store, self.folder, "ann")

    def does(self, how: str, article: int, word: str, reviewer: str) -> None:
        if how == "page":
            label = Label(article, "foundry", word or "undo", reviewer=reviewer)  # type: ignore[arg-type] # one of the words
            table.record(self.store, label, now=NOW)
        elif how == "sql":
            with self.store.transaction():
                self.store.execute(
                    "UPDATE review_items SET verdict = ? WHERE article_id = ?", (word, article)
                )
        elif how == "sync":
            self.sync()
        else:
            with closing(sqlite3.connect(self.folder / "ann.db")) as sheet, sheet:
                change = "UPDATE review_items SET verdict = ? WHERE article_id = ?"
                sheet.execute(change, (word, article))

    def sync(self) -> int:
        return sum(report.labels for report in sheets.sync_all(self.store, self.folder, now=NOW))


@settings(max_examples=60)
@given(steps)
def test_the_log_is_one_and_never_double(done: list[tuple[str, int, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder))
        with office.store as store:
            for step in done:
                office.does(*step)
                in_step(store)
            office.sync()
            before = table.labels(store)
            assert office.sync() == 0  # what has been read is not said again
            assert table.labels(store) == before


def in_step(store: Store) -> None:
    log = table.labels(store)

    def cell(label: Label) -> tuple[int, str, str]:
        return label.article_id, label.topic, label.reviewer

    for _, said in groupby(sorted(log, key=cell), key=cell):
        verdicts = [(label.verdict, label.note) for label in said]
        assert all(one != other for one, other in pairwise(verdicts))
        assert verdicts[0] != ("undo", "")  # nothing to take back
    standing = {
        (row["article_id"], row["reviewer"]): row["verdict"]
        for row in store.rows("SELECT article_id, reviewer, verdict FROM standing_labels")
    }
    for row in store.rows("SELECT article_id, verdict, reviewer FROM review_items"):
        if row["verdict"]:
            assert standing[row["article_id"], row["reviewer"]] == row["verdict"]
    settled = settle(log, "newest")
    for row in store.rows("SELECT article_id, topic, tagged, verdict FROM tags"):
        said = settled.get((row["article_id"], row["topic"]))
        assert row["verdict"] == {True: "yes", False: "no", None: None}[said]
        assert bool(row["tagged"]) is (True if said is None else said)
