"""SIGKILL at twenty points of composing and sending, then run again: nothing lost or doubled."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from tests.newsdesk import Newsdesk
from tests.postoffice import PostOffice, open_post_office

READERS = ("ann@reader.example", "bob@reader.example", "eve@reader.example")

# Kills itself at the nth of: a statement to the database, a line to the mail server.
PASS = """
import os, signal, smtplib, sys
from datetime import timedelta
from pathlib import Path
from pipeline.adapters import templates
from pipeline.adapters.channels.mail import MailChannel
from pipeline.adapters.store import Store
from pipeline.jobs import digest as job
from pipeline.models.policies import DigestPolicy, MailPolicy
from tests.newsdesk import NOW, TOPICS

home, port, fuse = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

class Fuse:
    def __init__(self, steps):
        self.left, self.steps = steps, 0
    def burn(self, *_):
        self.steps += 1
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)

class Wire(smtplib.SMTP):
    def send(self, line):
        fuse.burn()
        super().send(line)
    def getreply(self):
        reply = super().getreply()
        fuse.burn()
        return reply

class Mail(MailChannel):
    def _connect(self):
        return Wire(self.policy.host, self.policy.port, timeout=10)

fuse = Fuse(fuse)
store = Store(home / "chipwire.db")
store.connection.set_trace_callback(fuse.burn)
readers = tuple(f"mail:{r}" for r in sys.argv[4:])
policy = MailPolicy(host="127.0.0.1", port=port, security="none", sender="n@chipwire.example")
packaged = templates.load()
newsroom = job.Newsroom(TOPICS, packaged, packaged, sender=policy.sender)
report = job.run(store, [DigestPolicy(channels=readers)], {"mail": Mail(policy)}, now=NOW,
                 newsroom=newsroom)
store.close()
print(fuse.steps)
"""


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


def one_pass(home: Path, office: PostOffice, fuse: int) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).resolve().parent.parent.parent
    return subprocess.run(
        [sys.executable, "-c", PASS, str(home), str(office.port), str(fuse), *READERS],
        capture_output=True, text=True, timeout=60, cwd=root, check=False,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip


def fresh_home(path: Path) -> Path:
    path.mkdir()
    with Store(path / "chipwire.db") as store:
        desk = Newsdesk(store)
        for title in ("First", "Second", "Third"):
            desk.article(title)
    return path


def test_killed_at_twenty_points_then_run_again(tmp_path: Path, office: PostOffice) -> None:
    whole = one_pass(fresh_home(tmp_path / "whole"), office, 0)
    steps = int(whole.stdout)
    assert len(office.taken) == len(READERS)
    for number in range(20):
        office.taken.clear()
        fuse = 1 + number * (steps - 1) // 19
        home = fresh_home(tmp_path / f"cut{number}")
        cut = one_pass(home, office, fuse)
        assert cut.returncode == -signal.SIGKILL, cut.stderr
        handed_over = len(office.taken)
        acknowledged = delivered(home)
        again = one_pass(home, office, 0)
        assert again.returncode == 0, again.stderr
        check(home, office, handed_over=handed_over, acknowledged=acknowledged)


def delivered(home: Path) -> int:
    with Store(home / "chipwire.db") as store:
        found: int = store.value("SELECT count(*) FROM deliveries WHERE state = 'delivered'")
    return found


def check(home: Path, office: PostOffice, *, handed_over: int, acknowledged: int) -> None:
    """One digest, one Message-ID a reader, none missing, none again once we knew of it."""
    numbers: dict[str, set[str]] = {reader: set() for reader in READERS}
    for (reader, _), message in zip(office.taken, office.messages, strict=True):
        numbers[reader].add(message["Message-ID"])
    assert all(len(found) == 1 for found in numbers.values())
    assert len(set.union(*numbers.values())) == len(READERS)
    copies = Counter(reader for reader, _ in office.taken)
    # at most the one message in flight at the kill comes twice
    assert sum(copies.values()) - len(READERS) == handed_over - acknowledged <= 1
    with Store(home / "chipwire.db") as store:
        assert store.value("SELECT count(*) FROM digests") == 1
        assert store.value("SELECT count(*) FROM digest_stories") == 3
