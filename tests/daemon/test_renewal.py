"""A newer program is installed over a running daemon: it becomes that one by itself."""

import os
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline import __version__
from tests.daemon.home import Daemon, WatchedHome, until

ROOT = Path(__file__).resolve().parent.parent.parent
LATER = "99.0.1-of-a-test"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of the program, which a test may change while it runs."""
    folder = tmp_path / "installed"
    for name in ("pipeline", "classifiers", "config", "seeds"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run_from(folder: Path) -> dict[str, Any]:
    """Return the options that make a daemon of that copy, whose heart beats every second."""
    return {
        "env": {**os.environ, "PYTHONPATH": str(folder), "WATCHDOG_USEC": "2000000"},
        "cwd": folder,
    }


def test_an_upgrade_takes_over_the_running_daemon(home: WatchedHome, installed: Path) -> None:
    with Daemon(home, **run_from(installed)) as daemon:
        daemon.says("pass_done")
        init = installed / "pipeline" / "__init__.py"
        init.write_text(init.read_text().replace(__version__, LATER))
        daemon.signal(signal.SIGHUP)  # its child is the first to be of the new version
        daemon.says(f"program_renewed from={__version__} to={LATER}")
        daemon.says(f"version={LATER}")
        until(lambda: daemon.log.count("pass_done") > 1, daemon, "a pass of the new version")
        assert home.state()["pid"] == daemon.process.pid
        assert home.run("run").returncode == 75  # the lock was taken again
        daemon.signal(signal.SIGTERM)
        assert daemon.ends() == 0
        assert daemon.log.count("program_renewed") == 1


def test_a_daemon_older_than_its_database_stops_with_words(
    home: WatchedHome, installed: Path
) -> None:
    with Daemon(home, **run_from(installed)) as daemon:
        daemon.says("pass_done")
        until(lambda: not home.state()["doing"], daemon, "the end of the pass")
        with closing(sqlite3.connect(home.path / "chipwire.db")) as newer:
            newer.execute("PRAGMA user_version = 999")
        daemon.signal(signal.SIGHUP)
        assert daemon.ends() == 2
        assert "was written by a later chipwire" in daemon.log
        assert "fix: upgrade chipwire" in daemon.log
        assert "Traceback" not in daemon.log


def test_a_child_of_another_installation_renews_the_daemon_once(
    home: WatchedHome, installed: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(installed, other)
    init = other / "pipeline" / "__init__.py"
    init.write_text(init.read_text().replace(__version__, LATER))
    # started by a script that puts its own folder first; children know PYTHONPATH alone
    options = run_from(other)
    starter = f"import sys; sys.path.insert(0, {str(installed)!r})"
    code = f"{starter}; from pipeline.cli import main; main()"
    options["args"] = [sys.executable, "-P", "-c", code, "--home", str(home.path), "daemon"]
    with Daemon(home, **options) as daemon:
        daemon.says("daemon_started", times=2)
        daemon.signal(signal.SIGHUP)
        daemon.says("configuration_taken_over", times=3)
        daemon.signal(signal.SIGTERM)
        assert daemon.ends() == 0
    assert daemon.log.count("program_renewed") == 1
