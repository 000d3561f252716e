"""SIGKILL at any moment of a pass that mails: after one more pass all is as if nothing had been.

Six points: three at a statement to the database, spread by a fixed seed from the first to the
last, and three at a moment on the clock, which may lie in the middle of anything.
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
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.postoffice import PostOffice, open_post_office

READERS = ("ann@reader.example", "bob@reader.example")
MAIL = """
[fetch]
allow_networks = ["127.0.0.0/8"]
host_delay_s = 0

[[digest]]
name = "daily"
max_stories = 16
channels = ["file", {readers}]

[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "chipwire <news@chipwire.example>"
"""
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


@dataclass(frozen=True, slots=True)
class Whole:
    """A pass nobody disturbed: its home, and how many statements and seconds it took."""

    home: Path
    steps: int
    seconds: float


def one_pass(home: Path, fuse: int = 0, seconds: float = 300) -> int:
    """Do a pass and return its statements; 0 where it was killed at the fuse or the time."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", PASS, str(home), str(fuse)],
            capture_output=True, text=True, timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:  # subprocess.run has sent SIGKILL
        return 0
    if done.returncode == -signal.SIGKILL:
        return 0
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def content(home: Path) -> dict[str, "Counter[object]"]:
    with closing(sqlite3.connect(home / "chipwire.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {name: Counter(connection.execute(sql)) for name, sql in CONTENT.items()}


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, office: PostOffice) -> Whole:
    home = tmp_path_factory.mktemp("whole") / "home"
    assert one_pass(home)  # makes the home of the sample; the next is like those to be killed
    readers = ", ".join(f'"mail:{reader}"' for reader in READERS)
    (home / "chipwire.toml").write_text(MAIL.format(readers=readers, port=office.port))
    fresh = Whole(home, 0, 0)
    again, began = another(home.with_name("again"), fresh), time.monotonic()
    steps = one_pass(again)
    office.taken.clear()
    return Whole(again, steps, time.monotonic() - began)


def another(home: Path, like: Whole) -> Path:
    """Make a home that watches the same newsroom and has seen nothing of it."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    for name in ("newsroom.json", "chipwire.toml", "feeds.opml"):
        shutil.copy(like.home / name, home)
    if (like.home / "models").is_dir():
        shutil.copytree(like.home / "models", home / "models")
    return home


def check_mail(office: PostOffice, kills: int) -> None:
    """Every reader has the digest; what came twice was in flight at a kill, under its old id."""
    copies = Counter(reader for reader, _ in office.taken)
    assert set(copies) == set(READERS)
    for reader in READERS:
        got = [parse(raw) for to, raw in office.taken if to == reader]
        assert len(set(got)) == 1, f"{reader} got {len(set(got))} digests"
    assert sum(copies.values()) - len(READERS) <= kills
    office.taken.clear()


def parse(raw: bytes) -> str:
    from email import message_from_bytes

    return str(message_from_bytes(raw)["Message-ID"])


def test_a_killed_pass_costs_nothing_but_its_time(
    whole: Whole, office: PostOffice, tmp_path: Path
) -> None:
    expected = content(whole.home)
    assert len(expected["articles"]) > 50
    assert sum(expected["deliveries"].values()) == 1 + len(READERS)
    assert {state for _, _, state in expected["deliveries"]} == {"delivered"}
    home, kills, since = another(tmp_path / "home", whole), 0, 0
    chance = random.Random(20261123)
    while kills < KILLS:
        if kills % 2:
            got_through = one_pass(home, seconds=chance.uniform(0.1, whole.seconds))
        else:
            got_through = one_pass(home, fuse=chance.randrange(1, whole.steps + 1))
        if not got_through:
            kills, since = kills + 1, since + 1
            continue
        assert content(home) == expected  # it got through: this is the one pass more
        check_mail(office, since)
        home, since = another(home, whole), 0
    assert one_pass(home)
    assert content(home) == expected
    check_mail(office, since)
