"""A home that watches one feed, and chipwire as a program of its own."""

import subprocess
from pathlib import Path

from pipeline.adapters.store import Store
from tests.daemon.home import CHIPWIRE
from tests.newsdesk import Newsdesk


def chipwire(
    home: Path, *arguments: str, before: tuple[str, ...] = (), **options: object
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, *CHIPWIRE, "--home", str(home), *arguments],
        text=True,
        timeout=300,
        check=False,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )  # type: ignore[call-overload,no-any-return] - a test's keyword arguments


def watching(home: Path) -> Path:
    """Make a home with a feed that cannot be reached and one article."""
    home.mkdir()
    feed = '<outline type="rss" text="F" xmlUrl="http://127.0.0.1:9/feed"/>'
    (home / "feeds.opml").write_text(f'<opml version="2.0"><body>{feed}</body></opml>')
    with Store(home / "chipwire.db") as store:
        Newsdesk(store).article("HBM4 ships", text="memory " * 3000, topics={"hbm": 0.9})
    return home
