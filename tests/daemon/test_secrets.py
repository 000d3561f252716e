"""Secrets stay where the user put them: no log, database, state, backup or output tells them."""

import os
from pathlib import Path

import pytest

from tests.adapters.channels.test_mail import certificate, server_tls
from tests.conformance.server import RecordingServer, reply
from tests.daemon.home import Daemon, WatchedHome, until
from tests.postoffice import open_post_office

__all__ = ["certificate"]  # a fixture: pytest finds it by its name here

SECRETS = {
    "the mail password": "pass-4711-mail",
    "a web hook's token": "token-4711-hook",
    "a second hook's, in its query": "token-4711-query",
    "the monitor's address": "uuid-4711-ping",
    "a feed's key": "Bearer key-4711-feed",
}
CONFIGURATION = """
[daemon]
ping_url = "{origin}/ping/uuid-4711-ping"
[mail]
host = "127.0.0.1"
port = {port}
username = "chipwire"
password_env = "MAIL_PASSWORD"
sender = "news@desk.example"
[[digest]]
channels = ["mail:ann@reader.example", "webhook:{origin}/hook/token-4711-hook",
            "webhook:{origin}/hook?key=token-4711-query", "file"]
"""


@pytest.mark.parametrize("works", [True, False], ids=["when all goes well", "when all fails"])
def test_no_secret_leaves_the_configuration(
    home: WatchedHome, server: RecordingServer, certificate: Path, works: bool
) -> None:
    o = home.origin
    answer = reply(200, b"OK") if works else reply(500, b"no")
    for path in ("/ping/uuid-4711-ping", "/hook/token-4711-hook", "/hook?key=token-4711-query"):
        server.answers(o + path, answer)
    opml = (home.path / "feeds.opml").read_text().replace("<outline", "<outline cw:headers='X=KEY'")
    opml = opml.replace("<opml", "<opml xmlns:cw='urn:chipwire:opml'")
    (home.path / "feeds.opml").write_text(opml)
    environment = {
        **os.environ,
        "MAIL_PASSWORD": SECRETS["the mail password"],
        "KEY": SECRETS["a feed's key"],
        "SSL_CERT_FILE": str(certificate),
    }
    known = SECRETS["the mail password"] if works else "another"
    tls = server_tls(certificate)
    with open_post_office(tls=tls, password=known, starttls=True) as office:
        home.configure(CONFIGURATION.format(origin=o, port=office.port))
        with Daemon(home, "--log", "json", env=environment) as daemon:
            daemon.says("pass_done")
            until(lambda: not home.state()["doing"], daemon, "the end of the pass")
        told = [
            home.run(*command.split(), env=environment)
            for command in ("status --json", "status", "doctor", "backup", "digest send", "run")
        ]
        assert len(office.taken) == int(works)
    # they were used: what follows is not the silence of a program that never had them
    assert server.asked(f"{o}/hook/token-4711-hook")
    assert server.asked(f"{o}/hook?key=token-4711-query")
    assert server.asked(f"{o}/feed0")[0].headers["x"] == SECRETS["a feed's key"]
    assert server.asked(f"{o}/ping/uuid-4711-ping") or not works
    written = {
        path: path.read_bytes()
        for path in home.path.rglob("*")
        if path.is_file() and path.name != "chipwire.toml"
    }
    assert any(path.name.startswith("chipwire-") for path in written)  # the backup is among them
    said = b"".join((done.stdout + done.stderr).encode() for done in told)
    for whose, secret in SECRETS.items():
        places = [path.name for path, content in written.items() if secret.encode() in content]
        assert not places, f"{whose} stands in {places}"
        assert secret.encode() not in said, f"{whose} is told"


def test_the_copy_of_the_configuration_is_nobody_elses(home: WatchedHome) -> None:
    (home.path / "chipwire.toml").chmod(0o600)
    with Daemon(home) as daemon:
        daemon.says("pass_done")
        copies = [path for path in home.path.rglob("chipwire.toml") if path.parent != home.path]
        assert [path.parent.name for path in copies] == [".in-force"]
        assert copies[0].parent.stat().st_mode & 0o077 == 0
