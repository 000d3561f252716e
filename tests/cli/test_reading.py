"""What `list`, `explain`, `status` and `doctor` say, as a person or a script reads it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.adapters.store import Store
from pipeline.adapters.store.times import to_text
from pipeline.app.database_checks import network
from pipeline.cli import cli
from pipeline.cli.status import did
from pipeline.models.feeds import Feed, FeedMemory, FeedSource
from tests.newsdesk import Newsdesk

LONG = "China's CXMT ships HBM3 samples to Huawei and three other makers of AI accelerators, " * 2


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("watch")
    with Store(home / "chipwire.db") as store:
        desk = Newsdesk(store)
        desk.article(LONG.strip(), topics={"hbm": 0.9, "foundry": 0.4}, story=1)
        desk.article("SMIC adds a line", topics={"foundry": 0.8, "gone-topic": 0.7})
    return home


def say(home: Path, *arguments: str, columns: str = "") -> str:
    done = CliRunner().invoke(cli, ["--home", str(home), *arguments], env={"COLUMNS": columns})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_without_a_terminal_a_row_is_one_line_for_grep(home: Path) -> None:
    listed = say(home, "list")
    [row] = [line for line in listed.splitlines() if "CXMT" in line]
    assert LONG.strip() in row
    assert "hbm 0.90" in row
    assert [line for line in listed.splitlines() if line != line.rstrip()] == []


def test_a_narrow_terminal_gets_two_lines_an_article(home: Path) -> None:
    lines = say(home, "list", columns="80").splitlines()
    assert max(map(len, lines)) <= 80
    first = next(place for place, line in enumerate(lines) if line.split()[:1] == ["1"])
    assert "Wafer Daily  hbm 0.90" in lines[first]
    assert lines[first + 1].startswith("       China's CXMT ships HBM3")


def test_explain_holds_each_score_against_its_threshold(home: Path) -> None:
    told = {tag["topic"]: tag for tag in json.loads(say(home, "explain", "1", "--json"))["tags"]}
    assert told["hbm"]["threshold"] == 0.5
    said = say(home, "explain", "1")
    assert "hbm      0.900 ≥ 0.50  tagged" in said
    assert "foundry  0.400 < 0.50  unsure: for review" in said
    assert "told by this article alone" in said


def test_a_topic_that_was_taken_away_has_no_threshold(home: Path) -> None:
    assert "gone-topic  0.700  tagged" in say(home, "explain", "2")


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"stories": 1, "on_topic": 1, "feeds_polled": 9}, "9 feeds polled, 1 on topic, 1 story"),
        ({"delivered": 1, "alerts": 1, "new_articles": 1}, "1 new article, 1 alert, 1 delivered"),
        ({"articles": 650, "deleted": 0}, "650 articles"),
    ],
    ids=["a pass", "one of each", "a backup"],
)
def test_a_run_is_told_in_the_order_it_was_done(counts: dict[str, int], words: str) -> None:
    assert did(counts) == words


def feed(number: int, **memory: object) -> Feed:
    source = FeedSource(f"https://{number}.example/feed", "", "", "")
    return Feed(number, source, FeedMemory(**memory))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("failures", "found"),
    [
        pytest.param((3, 1), "none of 2 feeds answered", id="no feed answers"),
        pytest.param((3, 0), "", id="one does"),
        pytest.param((3,), "", id="the only feed: it may be the feed"),
        pytest.param((), "", id="nothing was polled"),
    ],
)
def test_a_machine_without_a_network_is_told_from_feeds_that_are_down(
    failures: tuple[int, ...], found: str
) -> None:
    now = datetime.now(UTC)
    feeds = [
        feed(number, failures=times, last_polled_at=now, last_error="name not found: a.example")
        for number, times in enumerate(failures)
    ]
    said = [finding.said for finding in network([*feeds, feed(9)])]
    assert [sentence.startswith(found) for sentence in said] == ([True] if found else [])


def test_status_names_a_dozen_feeds_that_are_not_well_and_counts_the_rest(home: Path) -> None:
    down = to_text(datetime.now(UTC) - timedelta(hours=1))
    with Store(home / "chipwire.db") as store, store.transaction():
        store.execute_many(
            "INSERT INTO feeds (url, title, failures, failing_since, last_polled_at, last_error)"
            " VALUES (?,?,1,?,?,'timeout')",
            [(f"https://{n}.example/feed", f"Outlet {n}", down, down) for n in range(30)],
        )
    said = say(home, "status")
    assert said.count("Outlet ") == 12
    assert "and 18 more: chipwire feeds list" in said
    assert len(json.loads(say(home, "status", "--json"))["trouble"]) == 30
