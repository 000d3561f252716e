"""SIGKILL at any statement to the database: after one more pass all is as if nothing had been.

Six points, spread by a fixed seed over the pass from its first statement to its last;
CHIPWIRE_KILLS=100 takes a hundred. Killed passes share a home until one gets through, so the
later kills meet what the earlier left.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

KILLS = int(os.environ.get("CHIPWIRE_KILLS", "6"))
PASS = """
import os, signal, sys
from pathlib import Path
from pipeline.app.one_pass import run_pass
from pipeline.app.sample import sample_watch

left, steps = int(sys.argv[2]), 0

def burn(_statement):
    global left, steps
    left, steps = left - 1, steps + 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    with sample_watch(Path(sys.argv[1])) as app:
        app.store.connection.set_trace_callback(burn)
        run_pass(app)
    print(steps)
"""
# An article by what it says: which of its addresses came first is a race between feeds.
WHO = "a.content_hash || ' ' || a.title"
CONTENT = {
    "articles": f"SELECT {WHO}, a.text, a.text_source, a.status FROM articles a",
    "sightings": f"SELECT f.url, s.guid, {WHO} FROM sightings s"
    " JOIN feeds f ON f.id = s.feed_id JOIN articles a ON a.id = s.article_id",
    "tags": f"SELECT {WHO}, t.topic, round(t.probability, 4), t.tagged, t.outcome FROM tags t"
    " JOIN articles a ON a.id = t.article_id",
    "mentions": f"SELECT {WHO}, m.company, m.count FROM mentions m"
    " JOIN articles a ON a.id = m.article_id",
    "stories": f"SELECT (SELECT group_concat(who) FROM (SELECT {WHO} AS who FROM articles a"
    " WHERE a.story_id = s.id ORDER BY who)) FROM stories s",
    "digests": f"SELECT d.name, {WHO} FROM digests d"
    " JOIN digest_stories s ON s.digest_id = d.id JOIN articles a ON a.id = s.article_id",
    "deliveries": "SELECT channel, recipient, state FROM deliveries",
}


def one_pass(home: Path, fuse: int = 0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PASS, str(home), str(fuse)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def content(home: Path) -> dict[str, "Counter[object]"]:
    with closing(sqlite3.connect(home / "chipwire.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {name: Counter(connection.execute(sql)) for name, sql in CONTENT.items()}


@pytest.fixture(scope="module")
def unfaulted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A home after a whole pass, and how many statements that took."""
    home = tmp_path_factory.mktemp("unfaulted") / "home"
    done = one_pass(home)
    assert done.returncode == 0, done.stderr
    return home, int(done.stdout)


def fresh(home: Path, like: Path) -> Path:
    """Make a home that watches the same newsroom and has seen nothing of it."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    for name in ("newsroom.json", "chipwire.toml", "feeds.opml"):
        shutil.copy(like / name, home)
    if (like / "models").is_dir():
        shutil.copytree(like / "models", home / "models")
    return home


def test_a_killed_pass_costs_nothing_but_its_time(
    unfaulted: tuple[Path, int], tmp_path: Path
) -> None:
    reference, steps = unfaulted
    expected = content(reference)
    assert len(expected["articles"]) > 50
    assert expected["digests"]
    home, killed = fresh(tmp_path / "home", reference), 0
    chance = random.Random(20261123)
    while killed < KILLS:
        done = one_pass(home, chance.randrange(1, steps + 1))
        if done.returncode == -signal.SIGKILL:
            killed += 1
            continue
        assert done.returncode == 0, done.stderr  # it got through: this is the one pass more
        assert content(home) == expected
        home = fresh(home, reference)
    done = one_pass(home)
    assert done.returncode == 0, done.stderr
    assert content(home) == expected
