"""Tagging what came without a page: each article once, whatever a worker dies of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.adapters.workers import InlineWorkers
from pipeline.jobs import tag
from pipeline.jobs.kit import Kit
from pipeline.models.readings import Reading, TextTask
from pipeline.models.tags import Tag
from tests.fakes import ScriptedFetcher, TurnedClock

ARTICLES = 2 * tag.COMMIT + 3


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    with Store(tmp_path / "chipwire.db") as store:
        with store.transaction():
            store.execute_many(
                "INSERT INTO articles (id, url, title, text, summary, first_seen_at, status)"
                " VALUES (?,?,?,?,?,'2026-03-02T08:00:00Z','ok')",
                [(n, f"https://a.test/{n}", f"Title {n}", "", f"Summary {n}")
                 for n in range(1, ARTICLES + 1)],
            )  # fmt: skip
        yield Kit(store, ScriptedFetcher(), InlineWorkers(), TurnedClock())


def read(task: TextTask) -> Reading:
    """Find HBM in even articles; the seventh breaks the tagger."""
    if task.article_id == 7:
        raise ValueError("no such text")
    tagged = task.article_id % 2 == 0
    told = Tag(task.article_id, "hbm", 0.9 if tagged else 0.1, tagged, "tag" if tagged else "no")
    return Reading("m", "", (told,), {task.text: 1})


def run(kit: Kit) -> tag.TagReport:
    return tag.run(kit, lambda: read)


def test_every_article_is_read_once_a_summary_standing_in_for_the_text(kit: Kit) -> None:
    assert run(kit) == tag.TagReport(ARTICLES, on_topic=ARTICLES // 2)
    assert kit.store.value("SELECT company FROM mentions WHERE article_id = 2") == "Summary 2"
    assert run(kit) == tag.TagReport()


def test_a_text_that_breaks_its_reader_says_why_and_is_left(kit: Kit) -> None:
    run(kit)
    row = kit.store.row("SELECT tagged_by, reason FROM articles WHERE id = 7")
    assert row is not None
    assert row["tagged_by"] == "unread"
    assert "no such text" in row["reason"]
    assert kit.store.value("SELECT count(*) FROM tags") == ARTICLES - 1


def test_a_pass_that_is_stopped_leaves_the_rest_due(kit: Kit) -> None:
    done: list[int] = []

    def hear(_stage: str, more: int, /, *, due: int = 0) -> None:
        if more:
            done.append(more)

    stopping = Kit(kit.store, kit.fetcher, kit.workers, kit.clock, hear, lambda: bool(done))
    assert run(stopping).articles == tag.COMMIT
    assert run(kit).articles == ARTICLES - tag.COMMIT
