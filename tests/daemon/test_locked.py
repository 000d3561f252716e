"""A person edits in a SQLite browser while the daemon works: nothing breaks, nothing is lost."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.server import RecordingServer, reply
from tests.daemon.home import Daemon, WatchedHome, until
from tests.fakes import rss


@pytest.fixture
def home(tmp_path: Path) -> Iterator[WatchedHome]:
    with RecordingServer() as server:
        yield WatchedHome(tmp_path / "home", server)


def feed_with_etag(home: WatchedHome, etag: str, *names: str) -> str:
    """Let the feed tell of articles under a validator; return its address."""
    url = f"{home.origin}/feed0"
    home.announces(url, *names)
    body = rss(*((name, f"HBM news of {name}") for name in names), site=home.origin).encode()
    home.server.answers(url, reply(200, body, content_type="application/rss+xml", etag=etag))
    return url


def rows(home: WatchedHome, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home.path / "chipwire.db")) as connection:
        return connection.execute(sql).fetchall()


def test_a_lock_held_over_two_passes_loses_nothing(home: WatchedHome) -> None:
    url = feed_with_etag(home, '"1"', "story-0")
    assert home.run("run", "--no-digest").returncode == 0
    assert home.run("review", "sheet", "--reviewer", "ann").returncode == 0
    feed_with_etag(home, '"2"', "story-0", "story-1")
    with (
        closing(sqlite3.connect(home.path / "chipwire.db", isolation_level=None)) as browser,
        closing(sqlite3.connect(home.path / "review" / "ann.db", isolation_level=None)) as sheet,
    ):
        browser.execute("UPDATE feeds SET next_poll_at = NULL, memory = '{}'")
        browser.execute("BEGIN IMMEDIATE")  # what a browser holds from the first keystroke on
        sheet.execute("BEGIN EXCLUSIVE")
        with Daemon(home) as daemon:
            for passes in (1, 2):
                daemon.says("ended job=pass", times=passes)
                until(lambda: "stayed locked" in home.state()["problem"], daemon, "the problem")
                told = home.run("status").stdout
                assert "stayed locked" in told
                assert "save or close it there" in told
                daemon.signal(signal.SIGHUP)  # a tick now instead of within the minute
            assert rows(home, "SELECT etag FROM feeds") == [('"1"',)]
            browser.execute("ROLLBACK")
            daemon.signal(signal.SIGHUP)
            daemon.says("pass_done")  # beside a sheet that nobody may even read
            until(lambda: home.state()["problem"] == "", daemon, "the end of the problem")
            daemon.signal(signal.SIGTERM)
            assert daemon.ends() == 0
        assert "Traceback" not in daemon.log
    assert rows(home, "SELECT title FROM articles ORDER BY id") == [
        ("HBM news of story-0",), ("HBM news of story-1",),
    ]  # fmt: skip
    assert rows(home, "SELECT etag FROM feeds") == [('"2"',)]
    # until its entries were stored, nobody asked with the validator that hides them
    asked = [seen.headers.get("if-none-match") for seen in home.server.asked(url)]
    assert set(asked[:-1]) <= {None, '"1"'}


def test_a_saved_sheet_wakes_the_daemon(home: WatchedHome) -> None:
    feed_with_etag(home, '"1"', "story-0")
    assert home.run("run", "--no-digest").returncode == 0
    with closing(sqlite3.connect(home.path / "chipwire.db")) as browser, browser:
        browser.execute("INSERT INTO review_items (article_id, topic) VALUES (1, 'hbm')")
    assert home.run("review", "sheet", "--reviewer", "ann").returncode == 0
    with Daemon(home) as daemon:
        daemon.says("pass_done")
        until(lambda: not home.state().get("doing"), daemon, "the end of the pass")
        with closing(sqlite3.connect(home.path / "review" / "ann.db")) as sheet, sheet:
            sheet.execute("UPDATE review_items SET verdict = 'n' WHERE topic = 'hbm'")
        daemon.signal(signal.SIGHUP)  # a tick now instead of within the minute
        daemon.says("why='sheets'")
        until(
            lambda: rows(home, "SELECT reviewer, verdict FROM labels") == [("ann", "no")],
            daemon, "the label",
        )  # fmt: skip
        daemon.signal(signal.SIGTERM)
        assert daemon.ends() == 0
