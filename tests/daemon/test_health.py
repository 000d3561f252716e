"""Someone who looks sees in a minute whether the daemon is well: HTTP, systemd, a ping outside."""

import http.client
import json
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.adapters.systemd import Systemd, watchdog_seconds
from pipeline.daemon.child import Errand
from pipeline.daemon.listen import parse
from pipeline.daemon.spawn import Spawner
from pipeline.errors import ConfigError
from tests.conformance.server import RecordingServer, reply
from tests.daemon.home import Daemon, WatchedHome, until


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
