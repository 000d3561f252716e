"""A site prints its newsletter line in every article: after some pages no stored text has it."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.steps.extraction.boilerplate import REPEATED
from tests.fakes import rss

LETTER = "The Wafer Letter brings the week's tool orders to your desk, every Friday at noon."
PLACES = ("Arizona", "Dresden", "Kumamoto", "Hsinchu", "Oregon", "Gujarat", "Singapore", "Kobe")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def page(place: str) -> str:
    paragraphs = [
        f"The plant in {place} will open a year late, its owner said on Friday, because the"
        f" machines that {place} waits for have not come and nobody can say when they will.",
        LETTER,
        f"People in {place} had been promised two thousand jobs. The mayor of {place} said that"
        " the town had already built the roads and a school, and asked for the money back.",
        f"Analysts expect that the delay in {place} costs the owner about a billion dollars, and"
        f" that its customers turn to plants elsewhere before {place} makes its first wafer.",
    ]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><body><article><h1>{place} waits</h1>{text}</article></body></html>"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "site"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    address = f"http://127.0.0.1:{server.server_port}"
    entries = [(f"{place}.html", f"{place} waits") for place in PLACES]
    (folder / "feed.xml").write_text(rss(*entries, site=address))
    for place in PLACES:
        (folder / f"{place}.html").write_text(page(place))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


def chipwire(home: Path, *arguments: str) -> None:
    run = [sys.executable, "-c", "from pipeline.cli import main; main()", "--home", str(home)]
    done = subprocess.run(
        [*run, *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def texts(home: Path) -> list[str]:
    connection = sqlite3.connect(home / "chipwire.db")
    try:
        return [text for (text,) in connection.execute("SELECT text FROM articles ORDER BY id")]
    finally:
        connection.close()


def test_a_newsletter_line_is_gone_after_some_pages(tmp_path: Path, site: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "feeds.opml").write_text("<opml version='2.0'><body></body></opml>")
    (home / "chipwire.toml").write_text(
        '[fetch]\nallow_networks = ["127.0.0.0/8"]\nhost_delay_s = 0\n'
    )
    chipwire(home, "feeds", "add", f"{site}/feed.xml")
    chipwire(home, "run", "--no-digest")
    stored = texts(home)
    assert len(stored) == len(PLACES)
    assert sum(LETTER in text for text in stored) == REPEATED - 1
    assert all("roads and a school" in text for text in stored)

    chipwire(home, "run", "--no-digest", "--force")
    assert texts(home) == stored
