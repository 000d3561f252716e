"""The daemon as a process: one per home, stops in order, reads its configuration anew, survives."""

import json
import os
import signal
import sqlite3
from contextlib import closing

from pipeline.adapters.lock import read_holder
from tests.conformance.server import RecordingServer
from tests.daemon.home import Daemon, WatchedHome, until


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
