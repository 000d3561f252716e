"""Someone who looks sees in a minute whether the daemon is well: HTTP, systemd, a ping outside."""

import http.client
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.adapters.daemon_state import State, Told, read
from pipeline.adapters.systemd import Systemd, watchdog_seconds
from pipeline.daemon.child import Errand
from pipeline.daemon.listen import parse
from pipeline.daemon.pulse import MOST_STUCK_S, Pulse
from pipeline.daemon.serve import Signs
from pipeline.daemon.spawn import Spawner
from pipeline.daemon.vitals import look
from pipeline.errors import ConfigError
from tests.conformance.server import RecordingServer, reply
from tests.daemon.home import Daemon, WatchedHome, until

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.fixture
def port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        found: int = probe.getsockname()[1]
    return found


def ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def metrics(port: int) -> dict[tuple[str, ...], float]:
    """Scrape, and return each sample by its name and the values of its labels."""
    status, text = ask(port, "/metrics")
    assert status == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_monitor_sees_that_it_lives_that_it_is_well_and_in_numbers(
    home: WatchedHome, port: int
) -> None:
    with Daemon(home, "--listen", str(port)) as daemon:
        daemon.says("pass_done")
        until(lambda: not home.state()["doing"], daemon, "the end of the pass")
        status, said = ask(port, "/healthz")
        assert (status, json.loads(said)["status"]) == (200, "ok")
        assert ask(port, "/readyz") == (200, '{"status": "ok", "faults": []}\n')
        found = metrics(port)
        assert found["chipwire_ready",] == 1
        assert found["chipwire_articles",] == 1
        assert found["chipwire_feeds", "active"] == 1
        assert found["chipwire_jobs_total", "pass", "ok"] >= 1
        assert found["chipwire_last_poll_timestamp_seconds",] > 1.7e9
        assert found["chipwire_database_bytes",] > 4096
        assert "HBM" not in ask(port, "/metrics")[1]
        assert ask(port, "/nonsense")[0] == 404
        assert ask(port, "/metrics", Host="evil.example")[0] == 400
        daemon.signal(signal.SIGTERM)
        assert daemon.ends() == 0
    assert "listening_to_others" not in daemon.log


def test_what_is_wrong_is_said_by_readyz_and_the_daemon_stays_alive(
    home: WatchedHome, port: int
) -> None:
    with Daemon(home, "--listen", f"127.0.0.1:{port}") as daemon:
        daemon.says("pass_done")
        home.configure("nonsense = 1\n")
        daemon.signal(signal.SIGHUP)
        daemon.says("configuration_kept")
        status, said = ask(port, "/readyz")
        assert status == 503
        assert "fetch.nonsense: no such key" in said
        assert ask(port, "/healthz")[0] == 200
        assert metrics(port)["chipwire_ready",] == 0
        home.configure("")
        daemon.signal(signal.SIGHUP)
        until(lambda: home.state()["configuration"] == "", daemon, "the mended configuration")
        (home.path / "chipwire.db").write_bytes(b"no database at all" * 300)
        status, said = ask(port, "/readyz")
        assert status == 503
        assert "chipwire.db" in said
        assert metrics(port)["chipwire_ready",] == 0


def test_clients_that_say_nothing_keep_nobody_else_waiting(home: WatchedHome, port: int) -> None:
    with Daemon(home, "--listen", str(port)) as daemon:
        daemon.says("daemon_started")
        dawdlers = [socket.create_connection(("127.0.0.1", port)) for _ in range(7)]
        assert ask(port, "/healthz")[0] == 200
        for dawdler in dawdlers:
            dawdler.close()
        daemon.signal(signal.SIGTERM)
        assert daemon.ends() == 0


def test_an_address_for_others_is_warned_of(home: WatchedHome, port: int) -> None:
    with Daemon(home, "--listen", f"0.0.0.0:{port}") as daemon:
        daemon.says("listening_to_others")
        assert ask(port, "/healthz", Host="monitor.lan")[0] == 200


def test_a_taken_port_is_said_before_anything_starts(home: WatchedHome, port: int) -> None:
    with closing(socket.create_server(("127.0.0.1", port))):
        done = home.run("daemon", "--listen", str(port))
    assert done.returncode == 2
    assert "cannot be listened on" in done.stderr
    assert not (home.path / "chipwire.db").exists()


@pytest.mark.parametrize(
    ("where", "meant"),
    [
        ("9464", ("127.0.0.1", 9464)),
        (":9464", ("127.0.0.1", 9464)),
        ("0.0.0.0:80", ("0.0.0.0", 80)),
        ("[::1]:9464", ("::1", 9464)),
    ],
)
def test_where_to_listen(where: str, meant: tuple[str, int]) -> None:
    assert parse(where) == meant


def test_where_to_listen_needs_a_port() -> None:
    with pytest.raises(ConfigError, match="no HOST:PORT"):
        parse("localhost")


@pytest.mark.parametrize("command", ["daemon", "run"])
def test_a_good_pass_is_told_outside_and_nobody_s_ear_is_needed(
    home: WatchedHome, server: RecordingServer, command: str
) -> None:
    url = f"{home.origin}/ping/secret-uuid"
    server.answers(url, reply(200, b"OK"))
    home.configure(f'[daemon]\nping_url = "{url}"\n')
    if command == "run":
        assert home.run("run").returncode == 0
    else:
        with Daemon(home) as daemon:
            until(lambda: bool(server.asked(url)), daemon, "the ping")
    assert len(server.asked(url)) == 1
    server.answers(url, reply(500, b"not now"))
    done = home.run("run", "--force")
    assert done.returncode == 0, done.stderr
    assert len(server.asked(url)) == 2
    assert "secret-uuid" not in done.stderr + done.stdout


def test_a_digest_that_did_not_go_out_is_no_good_pass(
    home: WatchedHome, server: RecordingServer
) -> None:
    url = f"{home.origin}/ping"
    server.answers(url, reply(200, b"OK"))
    home.configure(
        f'[daemon]\nping_url = "{url}"\n[[digest]]\nchannels = ["webhook:http://127.0.0.1:9/"]\n'
    )
    assert home.run("run").returncode == 1
    assert server.asked(url) == []


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket systemd reads signs of life from."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bound:
        bound.bind(str(tmp_path / "notify"))
        bound.settimeout(60)
        yield bound


def test_systemd_hears_ready_alive_and_stopping(
    home: WatchedHome, manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(manager.getsockname()))
    monkeypatch.setenv("WATCHDOG_USEC", "200000")
    with Daemon(home) as daemon:
        assert manager.recv(4096).startswith(b"READY=1\n")
        assert manager.recv(4096).startswith(b"WATCHDOG=1\n")
        daemon.signal(signal.SIGTERM)
        heard = b""
        while not heard.startswith(b"STOPPING=1"):
            heard = manager.recv(4096)
        assert daemon.ends() == 0


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "120000000"}, 120.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
    ids=["none asked", "asked", "asked of another process", "nonsense"],
)
def test_the_watchdog_is_patted_only_where_one_waits(
    environment: dict[str, str], seconds: float | None
) -> None:
    assert watchdog_seconds(environment) == seconds


def test_an_abstract_socket_and_a_manager_that_is_gone() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bound:
        bound.bind("\0chipwire-test-notify")
        Systemd({"NOTIFY_SOCKET": "@chipwire-test-notify"}).ready()
        assert bound.recv(100) == b"READY=1\nSTATUS=watching"
    Systemd({"NOTIFY_SOCKET": "@chipwire-test-notify"}).ready()
    Systemd({}).ready()


def test_a_child_that_hangs_is_ended_and_its_work_due_again(
    home: WatchedHome, server: RecordingServer
) -> None:
    server.answers(f"{home.origin}/feed0", lambda _: server.silence(b"HTTP/1.1 200 OK\r\n"))
    answer = Spawner(longest_s=1).send(Errand("pass", "pass-1", str(home.path)))
    assert answer is not None
    assert answer.code == -signal.SIGKILL
    assert "it hung" in answer.error
    home.announces(f"{home.origin}/feed0", "story-0")
    assert home.run("run").returncode == 0
    with closing(sqlite3.connect(home.path / "chipwire.db")) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_nothing_of_the_listener_is_held_by_a_daemon_that_does_not_listen() -> None:
    code = (
        "import sys, pipeline.daemon.serve\n"
        "print(sorted({'http.server', 'prometheus_client'} & set(sys.modules)))"
    )
    printed = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert printed.strip() == "[]"


def test_an_upkeep_that_failed_is_told_until_it_went_well(home: WatchedHome, port: int) -> None:
    assert home.run("run", "--no-digest").returncode == 0
    (home.path / "backups").write_text("a file in the way of the folder")
    with closing(sqlite3.connect(home.path / "chipwire.db")) as browser, browser:
        browser.execute("UPDATE runs SET started_at = '2026-01-01T00:00:00Z'")
    with Daemon(home, "--listen", str(port)) as daemon:
        daemon.says("backup_done outcome=failed")
        daemon.says("prune_done outcome=ok")
        home.configure("")  # another pass, which goes well and must hide nothing
        daemon.signal(signal.SIGHUP)
        daemon.says("pass_done", times=2)
        until(lambda: not home.state()["doing"], daemon, "the end of the pass")
        status, said = ask(port, "/readyz")
        assert status == 503
        assert "backup failed: " in said
        assert daemon.log.count("started job=backup") == 1  # tried again in an hour
        told = home.run("status", "--check")
        assert told.returncode == 1
        assert "backup: it failed: " in told.stderr
        (home.path / "backups").unlink()
        assert home.run("backup").returncode == 0
        with closing(sqlite3.connect(home.path / "chipwire.db")) as browser, browser:
            browser.execute("UPDATE runs SET started_at = '2026-01-01T00:00:00Z'")
        daemon.signal(signal.SIGTERM)
        assert daemon.ends() == 0
    assert home.run("run", "--no-digest").returncode == 0  # its upkeep is due again
    assert "it failed" not in home.run("status", "--check").stderr


class Manager:
    """What systemd would hear."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def alive(self, status: str) -> None:
        self.heard.append(status)


def test_a_daemon_whose_work_hangs_pats_no_watchdog(tmp_path: Path) -> None:
    pulse, manager = Pulse(), Manager()
    signs = Signs(State(tmp_path, Told(1, "")), pulse, manager)  # type: ignore[arg-type]
    pulse.turned_at(time.monotonic() - MOST_STUCK_S - 1)
    with pulse.waiting():  # for a child, which has limits of its own
        signs.show()
    assert manager.heard == ["watching"]
    pulse.turned_at(time.monotonic() - MOST_STUCK_S - 1)
    signs.show()
    assert manager.heard == ["watching"]
    (tmp_path / "chipwire.db").write_bytes(b"")
    assert "the work hangs" in " ".join(look(tmp_path, Told(1, ""), pulse, now=NOW).faults)
    pulse.turn()
    signs.show()
    assert manager.heard == ["watching"] * 2


def test_what_could_not_be_told_on_a_full_disk_is_told_with_the_next_heartbeat(
    tmp_path: Path,
) -> None:
    gone = tmp_path / "gone"  # as a disk without room: nothing can be written
    state = State(gone, Told(1, ""))
    state.tell(problem="no space left")
    assert not gone.exists()
    gone.mkdir()
    state.beat()
    found = read(gone)
    assert found
    assert found[0].problem == "no space left"
