"""A machine that fails under a home: a full disk, a folder that is gone."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, feeds
from pipeline.adapters.store.backup import integrity
from pipeline.adapters.workers import InlineWorkers
from pipeline.errors import StoreError
from pipeline.jobs import poll
from pipeline.jobs.kit import Kit
from pipeline.models.feeds import FeedSource
from pipeline.models.policies import FetchPolicy
from tests.daemon.home import CHIPWIRE
from tests.documents.faults import OPML, Scene, make
from tests.fakes import ScriptedFetcher, TurnedClock, rss
from tests.newsdesk import Newsdesk

XML = "application/rss+xml"


@pytest.mark.parametrize("room", [0, 1, 3, 8], ids=lambda pages: f"{pages} pages left")
def test_a_disk_that_fills_up_keeps_what_was_acknowledged(tmp_path: Path, room: int) -> None:
    fetcher, urls = ScriptedFetcher(), [f"https://a{n}.test/feed" for n in range(30)]
    for url in urls:
        entries = [(f"{n}", f"HBM {n} " + "news " * 40) for n in range(5)]
        fetcher.serves(url, rss(*entries, site=url), content_type=XML, etag='"1"')
    with Store(tmp_path / "chipwire.db") as store:
        feeds.watch(store, [FeedSource(url) for url in urls])
        kit = Kit(store, fetcher, InlineWorkers(), TurnedClock())
        full = store.value("PRAGMA page_count") + room
        store.execute(f"PRAGMA max_page_count = {full}")
        with pytest.raises(StoreError, match="free disk space"):
            poll.run(kit, policy=FetchPolicy(), secrets={})
        assert integrity(store.connection) == []
        # validators and entries came together or not at all
        asked = {feed.url for feed in feeds.listed(store) if feed.memory.etag}
        seen = store.rows("SELECT DISTINCT f.url FROM sightings s JOIN feeds f ON f.id = feed_id")
        assert {row["url"] for row in seen} == asked
        store.execute("PRAGMA max_page_count = 1000000")
        poll.run(kit, policy=FetchPolicy(), secrets={})
        assert store.value("SELECT count(*) FROM sightings") == 150


@pytest.mark.parametrize("command", ["run", "list", "status", "backup", "restore", "doctor"])
def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path, command: str) -> None:
    (tmp_path / "in the way").write_text("a file where the home should be")
    done = subprocess.run(
        [*CHIPWIRE, "--home", str(tmp_path / "in the way"), command],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode in (1, 2), done.stderr
    assert "Traceback" not in done.stderr
    assert "fix" in done.stderr + done.stdout


@pytest.mark.parametrize(
    "command",
    ["run", "label 1 hbm yes", "backup", "feeds remove https://a.example/feed", "doctor", "train",
     "init", "restore"],
)  # fmt: skip
def test_a_folder_one_may_only_read_is_a_sentence(tmp_path: Path, command: str) -> None:
    done = in_a_folder_to_read(tmp_path, command)
    assert done.returncode in (1, 2), done.stderr
    said = done.stderr + done.stdout
    assert "Traceback" not in said
    assert re.search(r"fix: (make|check|choose)", said), said


@pytest.mark.parametrize("command", ["list", "status", "topics list", "digest preview"])
def test_who_may_only_read_a_folder_reads(tmp_path: Path, command: str) -> None:
    done = in_a_folder_to_read(tmp_path, command)
    assert (done.returncode, done.stderr) == (0, "")


def in_a_folder_to_read(tmp_path: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a home with one article that it may read and not write to."""
    scene = Scene(tmp_path)
    with Store(make(scene.home) / "chipwire.db") as store:
        Newsdesk(store).article("HBM4 ships early")
    scene.write("feeds.opml", OPML.format('<outline xmlUrl="https://a.example/feed"/>'))
    scene.home.chmod(0o555)
    done = subprocess.run(
        [*as_anybody(), *CHIPWIRE, "--home", str(scene.home), *command.split()],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    scene.home.chmod(0o755)
    return done


def as_anybody() -> list[str]:
    """Return what takes away root's right to write everywhere, if the tests run as root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("tests run as root, for whom no folder is read-only, and there is no setpriv")
    return [setpriv, "--bounding-set=-dac_override,-dac_read_search", "--"]
