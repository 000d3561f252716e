"""What is due comes from the database alone: through restarts, long sleeps and set clocks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, appointments, feeds, runs
from pipeline.adapters.workers import InlineWorkers
from pipeline.jobs import due, poll
from pipeline.jobs.kit import Kit
from pipeline.models.feeds import FeedSource
from pipeline.models.policies import DigestPolicy, FetchPolicy
from pipeline.models.runs import Run
from tests.fakes import ScriptedFetcher, TurnedClock, rss

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AT_0330 = {"backup": "30 3 * * *"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "chipwire.db") as store:
        yield store


def ran(store: Store, job: str, at: datetime, outcome: str = "ok") -> None:
    runs.record(store, Run(job, at, at, outcome))


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        pytest.param([], False, id="nothing in a home that has done nothing"),
        pytest.param([("pass", ago(hours=1), "ok")], False, id="nothing on the first day"),
        pytest.param([("pass", ago(hours=9), "ok")], True, id="after its time has passed once"),
        pytest.param(
            [("pass", ago(days=99), "ok"), ("backup", ago(hours=8), "ok")], False, id="done today"
        ),
        pytest.param(
            [("backup", ago(days=30), "ok")], True, id="missed for a month: once, not thirty times"
        ),
        pytest.param(
            [("backup", ago(days=2), "ok"), ("backup", ago(minutes=10), "failed")], False,
            id="not ten minutes after a failure",
        ),
        pytest.param(
            [("backup", ago(days=2), "ok"), ("backup", ago(hours=2), "failed")], True,
            id="again an hour after a failure",
        ),
        pytest.param(
            [("backup", ago(days=2), "ok"), ("backup", ago(days=-30), "ok")], True,
            id="although one is noted next month: the clock was wrong",
        ),
    ],
)  # fmt: skip
def test_a_backup_is_due(store: Store, history, expected: bool) -> None:
    for job, at, outcome in history:
        ran(store, job, at, outcome)
    assert due.keeping(store, "backup", NOW, schedules=AT_0330) is expected


@pytest.mark.parametrize(("job", "days"), [("prune", 1), ("integrity", 7)])
def test_a_rhythm_counts_from_the_last_success(store: Store, job: str, days: int) -> None:
    ran(store, job, ago(days=days) + timedelta(minutes=1))
    assert not due.keeping(store, job, NOW)
    assert due.keeping(store, job, NOW + timedelta(minutes=1))


@pytest.fixture
def kit(store: Store) -> Kit:
    fetcher = ScriptedFetcher()
    feeds.watch(store, [FeedSource("https://a.test/feed")])
    fetcher.serves("https://a.test/feed", rss(("1", "HBM")), content_type="application/rss+xml")
    return Kit(store, fetcher, InlineWorkers(), TurnedClock(NOW))


def stages(kit: Kit) -> frozenset[str]:
    return due.of_a_pass(kit.store, [DigestPolicy()], kit.clock.now(), after_labels=20)


def polled(kit: Kit) -> int:
    return poll.run(kit, policy=FetchPolicy(), secrets={}).feeds


def test_the_question_and_the_job_agree_on_which_feeds_are_due(kit: Kit) -> None:
    assert stages(kit) == {"feeds"}
    assert polled(kit) == 1
    assert "feeds" not in stages(kit)
    assert polled(kit) == 0
    kit.clock.advance(hours=2)
    assert "feeds" in stages(kit)
    assert polled(kit) == 1


@pytest.mark.parametrize("days", [-1, -30], ids=["back a day", "back after a month ahead"])
def test_a_clock_set_back_silences_no_feed(kit: Kit, days: int) -> None:
    polled(kit)
    kit.clock.advance(days=days)
    assert "feeds" in stages(kit)
    assert polled(kit) == 1
    assert polled(kit) == 0  # once: then its times are right again


def test_eight_hours_asleep_are_one_poll(kit: Kit) -> None:
    polled(kit)
    kit.clock.advance(hours=8)
    assert polled(kit) == 1
    assert polled(kit) == 0


def test_pages_noted_under_a_clock_a_month_ahead_are_due_once_it_is_right(kit: Kit) -> None:
    kit.clock.advance(days=30)
    polled(kit)
    kit.clock.advance(days=-30)
    assert "pages" not in stages(kit)
    assert appointments.bring_forward(kit.store, kit.clock.now()) == 1
    assert "pages" in stages(kit)
    assert appointments.bring_forward(kit.store, kit.clock.now()) == 0
