"""The files of deploy/ say only what chipwire understands, and pass their own checkers."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pipeline.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
# `chipwire WORD` in a command, not in prose or as the name of a unit or volume
CALL = re.compile(r"(?:bin/|run: )chipwire (?!enable)([a-z]+)")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_command_they_call_exists(path: Path) -> None:
    called = CALL.findall(path.read_text())
    assert set(called) <= set(COMMANDS)


def test_they_call_something_at_all() -> None:
    called = {word for path in FILES for word in CALL.findall(path.read_text())}
    assert {"daemon", "run", "backup"} <= called


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_readme_names_each(path: Path) -> None:
    assert f"deploy/{path.name}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_the_unit_passes_systemd_s_own_check(tmp_path: Path) -> None:
    unit = tmp_path / "chipwire.service"
    text = (DEPLOY / "chipwire.service").read_text()
    unit.write_text(text.replace("/usr/local/bin/chipwire", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_stopping_leaves_the_daemon_its_nine_seconds() -> None:
    unit = (DEPLOY / "chipwire.service").read_text()
    found = re.search(r"TimeoutStopSec=(\d+)", unit)
    assert found
    assert int(found[1]) > 9


def test_the_crontab_line_works_in_cron_s_bare_environment(tmp_path: Path) -> None:
    *_, setting, line = (DEPLOY / "crontab").read_text().strip().splitlines()
    assert setting.startswith("CHIPWIRE_HOME=")
    (tmp_path / "feeds.opml").write_text('<opml version="2.0"><body></body></opml>')
    program = f"{sys.executable} -c 'from pipeline.cli import main; main()'"
    command = re.sub(r"\S+/chipwire", program, line.split(maxsplit=5)[5])
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, timeout=300, check=False,
        env={"CHIPWIRE_HOME": str(tmp_path), "SHELL": "/bin/sh"}, cwd=ROOT,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "chipwire.db").exists()


def test_the_container_s_python_is_one_we_support() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    found = re.findall(r"python:3\.(\d+)", (DEPLOY / "Containerfile").read_text())
    assert found
    assert all(int(minor) >= int(wanted.removeprefix(">=3.")) for minor in found)
