"""The daemon as a process: one per home, stops in order, reads its configuration anew, survives."""

import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from pipeline.adapters.daemon_state import State, Told
from pipeline.adapters.lock import read_holder
from pipeline.adapters.systemd import Systemd
from pipeline.daemon.pulse import Pulse
from pipeline.daemon.serve import Signs, beat, signals
from tests.conformance.server import RecordingServer
from tests.daemon.home import Daemon, WatchedHome, until

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def articles(home: WatchedHome) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(home.path / "chipwire.db")) as connection:
        return connection.execute("SELECT title, status FROM articles ORDER BY id").fetchall()


def test_one_daemon_a_home_and_whoever_comes_second_is_told_who_is_there(
    home: WatchedHome,
) -> None:
    with Daemon(home) as daemon:
        daemon.says("pass_done")
        pid = f"chipwire daemon, pid {daemon.process.pid}"
        for command in ("daemon", "run", "restore"):
            done = home.run(command)
            assert done.returncode == 75, done.stderr
            assert pid in done.stderr
            assert "Traceback" not in done.stderr
        assert articles(home) == [("HBM news of story-0", "ok")]
        daemon.signal(signal.SIGTERM)
        assert daemon.ends() == 0
    assert not (home.path / "daemon.json").exists()
    assert home.run("run").returncode == 0


def test_a_stop_in_the_middle_of_a_pass_leaves_the_rest_due(
    home: WatchedHome, server: RecordingServer
) -> None:
    server.answers(f"{home.origin}/story-0", lambda _: server.silence(b"HTTP/1.1 200 OK\r\n"))
    with Daemon(home) as daemon:
        until(lambda: bool(server.asked(f"{home.origin}/story-0")), daemon, "the page's request")
        daemon.signal(signal.SIGTERM)
        assert daemon.ends() == 0
    assert articles(home) == [("HBM news of story-0", "new")]
    home.announces(f"{home.origin}/feed0", "story-0")
    assert home.run("run").returncode == 0
    assert articles(home) == [("HBM news of story-0", "ok")]


def test_a_better_configuration_is_taken_over_and_a_worse_one_is_not(
    home: WatchedHome,
) -> None:
    with Daemon(home) as daemon:
        daemon.says("pass_done")
        home.configure("nonsense = 1\n")
        daemon.signal(signal.SIGHUP)
        daemon.says("configuration_kept")
        told = home.state()["configuration"]
        assert f"{home.path / 'chipwire.toml'}:5: fetch.nonsense: no such key" in told
        home.announces(f"{home.origin}/feed9", "story-9")
        opml = (home.path / "feeds.opml").read_text()
        (home.path / "feeds.opml").write_text(opml.replace("feed0", "feed9"))
        home.configure("")
        daemon.signal(signal.SIGHUP)
        until(lambda: ("HBM news of story-9", "ok") in articles(home), daemon, "the new feed")
        assert home.state()["configuration"] == ""
        daemon.signal(signal.SIGINT)
        assert daemon.ends() == 130


def test_a_configuration_that_makes_no_sense_starts_nothing(home: WatchedHome) -> None:
    home.configure("nonsense = 1\n")
    done = home.run("daemon")
    assert done.returncode == 2
    assert "chipwire.toml:5: fetch.nonsense: no such key" in done.stderr
    assert not (home.path / "chipwire.db").exists()


def test_a_killed_daemon_frees_the_home_and_its_child_leaves_too(
    home: WatchedHome, server: RecordingServer
) -> None:
    server.answers(f"{home.origin}/story-0", lambda _: server.silence(b"HTTP/1.1 200 OK\r\n"))
    home.configure("", timeout_s=3)
    with Daemon(home) as daemon:
        until(lambda: bool(server.asked(f"{home.origin}/story-0")), daemon, "the page's request")
        daemon.signal(signal.SIGKILL)
        daemon.ends()
        # the child holds the lock with its parent: no second pass beside it
        assert home.run("run").returncode in (0, 75)
        until(lambda: not read_holder(home.path / "chipwire.lock"), daemon, "a free lock")
    home.announces(f"{home.origin}/feed0", "story-0")
    assert home.run("run").returncode == 0


def test_the_idle_parent_holds_none_of_the_heavy_libraries(home: WatchedHome) -> None:
    code = (
        "import sys, pipeline.cli.daemon, pipeline.daemon.serve\n"
        "heavy = {'sklearn', 'scipy', 'numpy', 'trafilatura', 'lxml', 'pydantic', 'sqlite_utils',"
        " 'urllib3', 'feedparser', 'rich', 'jinja2', 'pebble'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"


def test_logs_can_be_json_with_a_run_id_and_hold_no_article(home: WatchedHome) -> None:
    with Daemon(home, "--log", "json") as daemon:
        daemon.says("pass_done")
        events = [json.loads(line) for line in daemon.log.splitlines()]
    assert {event["run"].split("-")[0] for event in events} == {"daemon", "pass"}
    assert all(set(event) == {"at", "level", "run", "logger", "event"} for event in events)
    assert "HBM3E" not in daemon.log


def half_made(path: Path) -> None:
    """Leave what a kill leaves while a database is made: a header, no table."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


@pytest.mark.parametrize("begin", [Path.touch, half_made], ids=["no byte", "no table"])
def test_a_database_whose_maker_was_killed_is_made_by_the_next_pass(
    home: WatchedHome, begin: Callable[[Path], object]
) -> None:
    begin(home.path / "chipwire.db")
    with Daemon(home) as daemon:
        daemon.says("pass_done")
    assert articles(home) == [("HBM news of story-0", "ok")]
    (home.path / "chipwire.db").unlink()
    begin(home.path / "chipwire.db")
    assert home.run("run", "--no-digest").returncode == 0
    assert articles(home) == [("HBM news of story-0", "ok")]


def test_a_database_another_program_holds_is_tried_again(home: WatchedHome) -> None:
    home.run("run", "--no-digest")
    with closing(sqlite3.connect(home.path / "chipwire.db", isolation_level=None)) as browser:
        browser.execute("UPDATE feeds SET next_poll_at = NULL")
        browser.execute("BEGIN IMMEDIATE")
        with Daemon(home) as daemon:
            daemon.says("stayed locked")
            until(lambda: "stayed locked" in home.state()["problem"], daemon, "the problem told")
            browser.execute("ROLLBACK")
            daemon.signal(signal.SIGHUP)  # asks for a tick now instead of within the minute
            until(lambda: home.state()["problem"] == "", daemon, "the end of the problem")
            daemon.says("pass_done")


@pytest.mark.parametrize("mounted", [False, True], ids=["no folder", "an empty mount point"])
def test_a_home_that_goes_away_is_not_made_anew_and_is_watched_again_when_it_is_back(
    home: WatchedHome, tmp_path: Path, mounted: bool
) -> None:
    log, away = tmp_path / "log", tmp_path / "away"
    with log.open("w") as written, Daemon(home, stderr=written) as daemon:

        def says(words: str, times: int = 1) -> None:
            until(lambda: log.read_text().count(words) >= times, daemon, words)

        says("pass_done")
        until(lambda: not home.state()["doing"], daemon, "the end of the pass")
        home.path.rename(away)
        if mounted:
            home.path.mkdir()
        daemon.signal(signal.SIGHUP)
        says("home_away")
        found = [path.name for path in home.path.iterdir()] if mounted else home.path.exists()
        assert found == (["daemon.json"] if mounted else False)
        if mounted:
            shutil.rmtree(home.path)
        away.rename(home.path)
        daemon.signal(signal.SIGHUP)
        says("pass_done", times=2)
        until(lambda: not home.state()["doing"], daemon, "the end of the pass")
        assert home.state()["problem"] == ""
        daemon.signal(signal.SIGTERM)
        assert daemon.ends() == 0
    assert log.read_text().count("home_away") == 1
    assert articles(home) == [("HBM news of story-0", "ok")]


def test_a_log_that_nobody_reads_any_more_ends_nothing(
    home: WatchedHome, server: RecordingServer
) -> None:
    readable, writable = os.pipe()
    os.close(readable)  # `chipwire daemon 2>&1 | head -1`: the reader has what it wanted
    with Daemon(home, stderr=writable) as daemon:
        os.close(writable)
        until(lambda: bool(server.asked(f"{home.origin}/story-0")), daemon, "the page's request")
        until(lambda: not home.state()["doing"], daemon, "the end of the pass")
        assert home.state()["problem"] == ""
        assert articles(home) == [("HBM news of story-0", "ok")]
        daemon.signal(signal.SIGTERM)
        assert daemon.ends() == 0


class SetClock:
    """A clock that is set while the daemon sleeps; asked a third time, it has the daemon stop."""

    def __init__(self, by: timedelta, stop: Callable[[], object]) -> None:
        self.by, self.stop, self.asked = by, stop, 0

    def now(self) -> datetime:
        self.asked += 1
        if self.asked == 3:
            self.stop()
        return NOW if self.asked == 1 else NOW + self.by

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody sleeps by this clock")


@pytest.mark.parametrize(
    ("by", "brought"),
    [
        pytest.param(timedelta(hours=8), True, id="a suspend of eight hours"),
        pytest.param(timedelta(days=30), True, id="set forward a month"),
        pytest.param(timedelta(days=-1), True, id="set back a day"),
        pytest.param(timedelta(seconds=20), False, id="corrected by seconds"),
    ],
)
def test_jobs_run_at_once_after_the_clock_was_set(
    tmp_path: Path, by: timedelta, brought: bool
) -> None:
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.start(paused=True)
    job = scheduler.add_job(print, "interval", seconds=60, next_run_time=NOW.replace(year=2099))
    signs = Signs(State(tmp_path, Told(1, "")), Pulse(), Systemd({"WATCHDOG_USEC": "20000"}))
    watch = SimpleNamespace(newer="")
    with signals() as received:
        clock = SetClock(by, lambda: signal.raise_signal(signal.SIGTERM))
        assert beat(received, scheduler, watch, signs=signs, clock=clock) == 0  # type: ignore[arg-type] - all that is asked of a watch
    due_at = scheduler.get_job(job.id).next_run_time
    scheduler.shutdown()
    assert due_at == (NOW + by if brought else NOW.replace(year=2099))
