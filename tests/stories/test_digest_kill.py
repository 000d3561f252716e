"""SIGKILL at twenty points of composing and sending digests and alerts, then run again:
nothing lost or doubled."""

import json
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

# Does passes in children it forks, so that what a pass imports is imported once. A pass kills
# itself at the nth of: a statement to the database, a line to the mail server.
PASSES = """
import json, os, signal, smtplib, sys
from pathlib import Path
from pipeline.adapters import templates
from pipeline.adapters.channels.mail import MailChannel
from pipeline.adapters.store import Store
from pipeline.jobs import digest as job
from pipeline.models.policies import AlertPolicy, DigestPolicy, MailPolicy
from tests.newsdesk import NOW, TOPICS

class Fuse:
    def __init__(self, steps):
        self.left, self.steps = steps, 0
    def burn(self, *_):
        self.steps += 1
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)

def one_pass(home, port, steps, kind, readers):
    fuse = Fuse(steps)
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
    store = Store(Path(home) / "chipwire.db")
    store.connection.set_trace_callback(fuse.burn)
    channels = tuple(f"mail:{r}" for r in readers)
    digests, rules = [DigestPolicy(channels=channels)], []
    if kind == "alerts":
        digests, rules = [], [AlertPolicy(name="fabs", per_hour=2, channels=channels)]
    policy = MailPolicy(
        host="127.0.0.1", port=port, security="none", sender="n@chipwire.example"
    )
    packaged = templates.load()
    newsroom = job.Newsroom(TOPICS, packaged, packaged, sender=policy.sender)
    job.run(store, digests, {"mail": Mail(policy)}, now=NOW, newsroom=newsroom, rules=rules)
    store.close()
    return fuse.steps

for line in sys.stdin:
    readable, writable = os.pipe()
    child = os.fork()
    if not child:
        os.write(writable, str(one_pass(**json.loads(line))).encode())
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable) as said:
        steps = said.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([code, steps]), flush=True)
"""


class Passes:
    """A process that does passes, each in a child of its own."""

    def __init__(self, office: PostOffice, kind: str) -> None:
        root = Path(__file__).resolve().parent.parent.parent
        self.order = {"port": office.port, "kind": kind, "readers": READERS}
        self.process = subprocess.Popen(
            [sys.executable, "-c", PASSES], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, cwd=root, env={**os.environ, "PYTHONPATH": str(root)},
        )  # fmt: skip

    def __enter__(self) -> "Passes":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()  # no more orders: it ends

    def one(self, home: Path, fuse: int = 0) -> tuple[int, str]:
        """Do a pass that is killed at its nth step; return its exit code and its steps."""
        assert self.process.stdin and self.process.stdout
        order = {**self.order, "home": str(home), "steps": fuse}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        code, steps = json.loads(self.process.stdout.readline())
        return code, steps


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


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
    with Passes(office, kind) as passes:
        code, steps = passes.one(fresh_home(tmp_path / "whole"))
        assert code == 0
        assert len(office.taken) == len(READERS) * messages
        for number in range(20):
            office.taken.clear()
            home = fresh_home(tmp_path / f"cut{number}")
            code, _ = passes.one(home, 1 + number * (int(steps) - 1) // 19)
            assert code == -signal.SIGKILL
            handed_over = len(office.taken)
            acknowledged = delivered(home)
            code, _ = passes.one(home)
            assert code == 0
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
