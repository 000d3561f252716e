"""SIGKILL at twenty points of composing and sending digests and alerts, then run again:
nothing lost or doubled."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.jobs import alerts
from pipeline.models.policies import AlertPolicy
from tests.newsdesk import NOW, Newsdesk
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
from pipeline.models.policies import AlertPolicy, DigestPolicy, MailPolicy
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
readers = tuple(f"mail:{r}" for r in sys.argv[5:])
digests, rules = [DigestPolicy(channels=readers)], []
if sys.argv[4] == "alerts":
    digests, rules = [], [AlertPolicy(name="fabs", per_hour=2, channels=readers)]
policy = MailPolicy(host="127.0.0.1", port=port, security="none", sender="n@chipwire.example")
packaged = templates.load()
newsroom = job.Newsroom(TOPICS, packaged, packaged, sender=policy.sender)
report = job.run(store, digests, {"mail": Mail(policy)}, now=NOW, newsroom=newsroom, rules=rules)
store.close()
print(fuse.steps)
"""


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


def one_pass(
    home: Path, office: PostOffice, fuse: int, kind: str
) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).resolve().parent.parent.parent
    return subprocess.run(
        [sys.executable, "-c", PASS, str(home), str(office.port), str(fuse), kind, *READERS],
        capture_output=True, text=True, timeout=60, cwd=root, check=False,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip


def fresh_home(path: Path) -> Path:
    path.mkdir()
    with Store(path / "chipwire.db") as store:
        desk = Newsdesk(store)
        alerts.watch(store, [AlertPolicy(name="fabs")], now=NOW - timedelta(hours=3))
        for title in ("First", "Second", "Third"):
            desk.article(title)
    return path


@pytest.mark.parametrize(
    ("kind", "messages"),
    [
        pytest.param("digests", 1, id="one digest of three stories"),
        pytest.param("alerts", 2, id="an alert, and one of the two over the limit"),
    ],
)
def test_killed_at_twenty_points_then_run_again(
    tmp_path: Path, office: PostOffice, kind: str, messages: int
) -> None:
    whole = one_pass(fresh_home(tmp_path / "whole"), office, 0, kind)
    assert whole.returncode == 0, whole.stderr
    steps = int(whole.stdout)
    assert len(office.taken) == len(READERS) * messages
    for number in range(20):
        office.taken.clear()
        fuse = 1 + number * (steps - 1) // 19
        home = fresh_home(tmp_path / f"cut{number}")
        cut = one_pass(home, office, fuse, kind)
        assert cut.returncode == -signal.SIGKILL, cut.stderr
        handed_over = len(office.taken)
        acknowledged = delivered(home)
        again = one_pass(home, office, 0, kind)
        assert again.returncode == 0, again.stderr
        check(home, office, messages=messages, twice=handed_over - acknowledged)


def delivered(home: Path) -> int:
    with Store(home / "chipwire.db") as store:
        found: int = store.value("SELECT count(*) FROM deliveries WHERE state = 'delivered'")
    return found


def check(home: Path, office: PostOffice, *, messages: int, twice: int) -> None:
    """One Message-ID a message and reader, none missing, none again once we knew of it."""
    numbers: dict[str, set[str]] = {reader: set() for reader in READERS}
    for (reader, _), message in zip(office.taken, office.messages, strict=True):
        numbers[reader].add(message["Message-ID"])
    assert all(len(found) == messages for found in numbers.values())
    assert len(set.union(*numbers.values())) == len(READERS) * messages
    # at most the one message in flight at the kill comes twice
    assert len(office.taken) - len(READERS) * messages == twice <= 1
    with Store(home / "chipwire.db") as store:
        assert store.value("SELECT count(*) FROM digests WHERE stories > 0") == messages
        assert store.value("SELECT count(*) FROM digest_stories") == 3
