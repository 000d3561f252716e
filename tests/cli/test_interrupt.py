"""Ctrl-C while the workers are starting, the worst moment: one sentence, exit code 130."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

# Whoever runs the tests in the background has them ignore Ctrl-C, and so would the program.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from pipeline.cli import main
main()
"""
PATIENCE_S = 120


def server_started(program: int) -> bool:
    """Say whether the server that workers are forked from runs."""
    children = Path(f"/proc/{program}/task/{program}/children").read_text().split()
    return any("forkserver" in command_of(child) for child in children)


def command_of(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:  # gone meanwhile
        return ""


@pytest.mark.skipif(sys.platform != "linux", reason="finds the server in /proc")
@pytest.mark.parametrize(
    "interrupt",
    [pytest.param(os.killpg, id="a terminal: all processes"), pytest.param(os.kill, id="one")],
)
def test_who_interrupts_a_run_reads_one_sentence(
    tmp_path: Path, interrupt: Callable[[int, int], None]
) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--home", str(tmp_path / "home"), "run", "--sample"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + PATIENCE_S
    while not server_started(run.pid):
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    interrupt(run.pid, signal.SIGINT)
    said, complained = run.communicate(timeout=PATIENCE_S)
    assert run.returncode == 130
    assert "interrupted; what was finished is stored, the rest is due again" in complained
    assert "Traceback" not in complained
    assert "Next:" not in said
