"""A pass with nothing due: what it leaves alone, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.app.sample import SETTINGS

# Each costs several interpreter starts, or memory that a small machine misses.
HEAVY = ("sklearn", "scipy", "numpy", "trafilatura", "sqlite_utils", "feedparser", "rich")
LIST = """<?xml version="1.0"?>
<opml version="2.0"><body><outline type="rss" text="A" xmlUrl="http://a.test/feed"/></body></opml>
"""
# A feed polled a moment ago; a digest composed a moment ago.
WATCH = """
import sys
from datetime import timedelta
from pathlib import Path
from pipeline.adapters.store import feeds as table
from pipeline.app import App
from pipeline.models.feeds import FeedMemory
from pipeline.settings import Home, load
home = Home(Path(sys.argv[1]))
with App(home, load(home.settings, {})) as app:
    table.watch(app.store, app.feeds)
    now = app.clock.now()
    [feed] = table.listed(app.store)
    later = FeedMemory(last_polled_at=now, next_poll_at=now + timedelta(hours=1))
    with app.store.transaction():
        table.remember(app.store, feed.id, later)
"""
RUN = """
import sys
from pipeline.app import App
from pipeline.app.one_pass import run_pass
from pipeline.settings import Home, load
from pathlib import Path
home = Home(Path(sys.argv[1]))
with App(home, load(home.settings, {})) as app:
    report = run_pass(app, force=False)
assert not report.found_work, report.counts
print(",".join(sorted(sys.modules)))
"""


def python(code: str, home: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, str(home)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the modules of an idle pass."""
    home = tmp_path_factory.mktemp("home")
    (home / "chipwire.toml").write_text(SETTINGS, encoding="utf-8")
    (home / "feeds.opml").write_text(LIST, encoding="utf-8")
    python(WATCH, home)
    python(RUN, home)  # may leave the row that marks the digest's period as done
    return set(python(RUN, home).split(","))


@pytest.mark.parametrize("library", HEAVY)
def test_a_pass_with_nothing_due_does_not_import(library: str, loaded: set[str]) -> None:
    assert library not in loaded
