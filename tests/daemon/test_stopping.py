"""SIGTERM in every stage of a pass: the daemon, its child, workers and commands are soon gone.

No test measures time, but these give the daemon twelve seconds: ten are promised, and a machine
with much to do may take two to say so.
"""

import os
import select
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.server import RecordingServer, reply
from tests.daemon.home import Daemon, WatchedHome, processes, until
from tests.steps.extraction.test_hostile import around, attributes

PROMISED_S = 12
Arranged = Callable[[Daemon], bool]


def a_feed_that_says_nothing(home: WatchedHome, _: socket.socket) -> Arranged:
    url = f"{home.origin}/feed0"
    home.server.answers(url, lambda _: home.server.silence(b"HTTP/1.1 200 OK\r\n"))
    return lambda _: bool(home.server.asked(url))


def a_page_that_keeps_its_worker(home: WatchedHome, _: socket.socket) -> Arranged:
    page = around(f"<div {attributes('>')}>x</div>")
    home.server.answers(f"{home.origin}/story-0", reply(200, page, content_type="text/html"))
    return lambda daemon: bool(home.server.asked(f"{home.origin}/story-0")) and busy(daemon)


def busy(daemon: Daemon) -> bool:
    """Return whether a worker of the daemon's child has used a second of processor."""
    hertz = os.sysconf("SC_CLK_TCK")
    return any(
        found.ticks > hertz for found in processes() if found.depth_below(daemon.process.pid) == 3
    )


def a_mail_server_that_says_nothing(home: WatchedHome, mute: socket.socket) -> Arranged:
    home.configure(
        f'[mail]\nhost = "127.0.0.1"\nport = {mute.getsockname()[1]}\nsecurity = "none"\n'
        'sender = "n@desk.example"\n[[digest]]\nchannels = ["mail:ann@reader.example"]\n'
    )
    return lambda _: bool(select.select([mute], [], [], 0)[0])  # the kernel took the connection


def a_command_that_hangs(home: WatchedHome, _: socket.socket) -> Arranged:
    home.configure('[[digest]]\nchannels = ["command:sleep 3791"]\n')
    return lambda _: bool(hanging())


def hanging() -> list[int]:
    return [found.pid for found in processes() if found.command == "sleep 3791"]


@pytest.fixture
def mute() -> Iterator[socket.socket]:
    """A port that takes connections and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")
@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(a_feed_that_says_nothing, id="a feed that says nothing"),
        pytest.param(a_page_that_keeps_its_worker, id="a page that keeps its worker"),
        pytest.param(a_mail_server_that_says_nothing, id="a mail server that says nothing"),
        pytest.param(a_command_that_hangs, id="a command that hangs"),
    ],
)
def test_a_stop_ends_every_stage(
    home: WatchedHome, server: RecordingServer, mute: socket.socket, arrange
) -> None:
    reached = arrange(home, mute)
    with Daemon(home) as daemon:
        until(lambda: reached(daemon), daemon, "the stage")
        ours = [found.pid for found in processes() if found.depth_below(daemon.process.pid)]
        assert ours
        daemon.signal(signal.SIGTERM)
        assert daemon.process.wait(timeout=PROMISED_S) == 0
        assert "daemon_ended" in daemon.log
        until(lambda: not {found.pid for found in processes()} & set(ours), daemon, "their end")
    assert not hanging()
    assert "Traceback" not in daemon.log


def test_a_child_killed_from_outside_is_noticed_although_its_worker_goes_on(
    home: WatchedHome, mute: socket.socket
) -> None:
    reached = a_page_that_keeps_its_worker(home, mute)
    with Daemon(home) as daemon:
        until(lambda: reached(daemon), daemon, "the stage")
        [child] = [found.pid for found in processes() if found.depth_below(daemon.process.pid) == 1]
        os.kill(child, signal.SIGKILL)
        daemon.says("ended job=pass")
        assert not [found for found in processes() if found.depth_below(child)]
        daemon.signal(signal.SIGTERM)
        assert daemon.ends() == 0
