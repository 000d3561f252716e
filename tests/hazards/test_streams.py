"""Streams that let us down: full, left by their reader, never opened."""

import fcntl
import os
import signal
import subprocess
import sys
import termios
import time
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from tests.daemon.home import CHIPWIRE
from tests.hazards.machine import chipwire, watching


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return watching(tmp_path / "home")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [("list",), ("status",), ("export",), ("list", "--json")])
def test_what_cannot_be_printed_is_said(home: Path, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = chipwire(home, *arguments, stdout=full)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr


# Little is said at once only as the program ends, much while it runs: both must end the same.
@pytest.mark.parametrize("arguments", [("export",), ("list",), ("status",), ("--help",)])
def test_a_reader_that_left_ends_the_program_quietly(
    home: Path, arguments: tuple[str, ...], unread: int
) -> None:
    done = chipwire(home, *arguments, stdout=unread)
    assert (done.returncode, done.stderr) == (1, "")  # as click has it, and Python's manual


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("nothing-like-it",), 2), (("label", "999", "hbm", "yes"), 2), (("list",), 1)],
)
def test_an_exit_code_stands_though_nobody_listens(
    home: Path, arguments: tuple[str, ...], code: int, unread: int
) -> None:
    assert chipwire(home, *arguments, stdout=unread, stderr=unread).returncode == code


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_pass_is_done_though_it_was_started_without_a_stream(home: Path, closed: str) -> None:
    started = ["sh", "-c", f'exec "$@" {closed}', "sh"]
    done = chipwire(home, "run", before=tuple(started))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with Store(home / "chipwire.db") as store:
        assert store.value("SELECT count(*) FROM runs") == 1
    listed = chipwire(home, "list", "--json", before=tuple(started))
    assert (listed.returncode, listed.stderr) == (0, "")
    assert bool(listed.stdout) == (closed == "2>&-")


def test_no_file_takes_the_number_of_a_stream_that_was_closed(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pipeline.adapters.streams import take_hold; take_hold();"
        "opened = open(sys.argv[1], 'w'); sys.stderr.write('said to nobody'); sys.stderr.flush();"
        "sys.exit(opened.fileno() <= 2)"
    )
    lock = tmp_path / "lock"
    for closed in ("2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
        command = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", script, str(lock)]
        assert subprocess.run(command, check=False).returncode == 0
        assert lock.read_text() == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux makes a pipe smaller")
def test_who_interrupts_does_not_wait_for_a_reader_that_stopped_reading(home: Path) -> None:
    readable, writable = os.pipe()
    room = fcntl.fcntl(writable, fcntl.F_SETPIPE_SZ, 4096)
    command = [*CHIPWIRE, "--home", str(home), "export"]
    with subprocess.Popen(command, stdout=writable, stderr=subprocess.PIPE, text=True) as program:
        while unread_bytes(readable) < room:  # full: from here on it waits for us
            time.sleep(0.01)
        program.send_signal(signal.SIGINT)
        _, said = program.communicate(timeout=60)
    os.close(readable)
    os.close(writable)
    assert program.returncode == 130
    assert said.strip().startswith("interrupted;")  # click ends the terminal's ^C line before
    assert len(said.split("\n")) == 3


def unread_bytes(readable: int) -> int:
    waiting = array("i", [0])
    fcntl.ioctl(readable, termios.FIONREAD, waiting)
    return waiting[0]


@pytest.fixture
def unread() -> Iterator[int]:
    """A descriptor to write to whose reader has gone."""
    readable, writable = os.pipe()
    os.close(readable)
    yield writable
    os.close(writable)
