"""Finding, trying, adding and removing a feed from the shell, against a site on loopback."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.fakes import rss

PAGE = (
    "<html><head><link rel='alternate' type='application/rss+xml' title='News'"
    " href='/feed.xml'></head><body>Hello</body></html>"
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text(PAGE)
    (folder / "feed.xml").write_text(rss(("1", "HBM news")))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def chipwire(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    home.mkdir(exist_ok=True)
    settings = '[fetch]\nallow_networks = ["127.0.0.0/8"]\nhost_delay_s = 0\n'
    (home / "chipwire.toml").write_text(settings)
    return subprocess.run(
        [
            sys.executable, "-c", "from pipeline.cli import main; main()",
            "--home", str(home), "feeds", *arguments,
        ],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_sites_address_leads_to_its_feed(tmp_path: Path, site: str) -> None:
    home, feed = tmp_path / "home", f"{site}feed.xml"
    assert json.loads(chipwire(home, "discover", site, "--json").stdout) == [
        {"url": feed, "title": "News"}
    ]
    tried = json.loads(chipwire(home, "test", site, "--json").stdout)
    assert (tried["url"], tried["entries"][0]["title"]) == (feed, "HBM news")
    assert not (home / "chipwire.db").exists()
    assert chipwire(home, "add", site).returncode == 0
    again = chipwire(home, "add", feed)
    assert (again.returncode, "in the list already" in again.stderr) == (2, True)
    assert feed in chipwire(home, "export").stdout
    assert chipwire(home, "remove", feed).returncode == 0
    assert feed not in chipwire(home, "export").stdout


def test_what_is_no_feed_is_told_apart(tmp_path: Path, site: str) -> None:
    missing = chipwire(tmp_path / "home", "test", f"{site}nothing.xml")
    assert missing.returncode == 1
    assert "HTTP 404" in missing.stderr
    page = chipwire(tmp_path / "home", "test", str(tmp_path / "site" / "index.html"))
    assert page.returncode == 1
    assert "an HTML page" in page.stderr
