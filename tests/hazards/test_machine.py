"""A machine that lets us down: full, read-only, limited, nameless; each ends in a sentence."""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.adapters.http import HttpFetcher
from pipeline.adapters.store import Store, backup
from pipeline.adapters.store import feeds as table
from pipeline.adapters.workers import InlineWorkers
from pipeline.jobs import poll
from pipeline.jobs.kit import Kit
from pipeline.models.feeds import FeedSource
from pipeline.models.policies import FetchPolicy
from tests.daemon.home import CHIPWIRE
from tests.fakes import ScriptedFetcher, TurnedClock, rss
from tests.hazards.machine import chipwire, watching
from tests.newsdesk import Newsdesk

ROOT = Path(__file__).resolve().parent.parent.parent
# root without the right to pass over permissions: what a service's own user may do
AS_A_USER = [
    "setpriv", "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
]  # fmt: skip
OF_ITS_OWN = ["unshare", "--user", "--map-root-user", "--mount"]


def can(*command: str) -> bool:
    """Return whether this machine lets us do that."""
    if not shutil.which(command[0]):
        return False
    return subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return watching(tmp_path / "home")


@pytest.fixture
def read_only(home: Path) -> Path:
    """The home of someone else: its files may be read, nothing may be written."""
    for path in home.iterdir():
        path.chmod(0o444)
    home.chmod(0o555)
    return home


def as_a_user() -> tuple[str, ...]:
    if os.getuid() != 0:
        return ()
    if not can(*AS_A_USER):
        pytest.skip("root here passes over every permission, and setpriv cannot take that away")
    return tuple(AS_A_USER)


@pytest.mark.parametrize("command", ["run", "daemon", "backup", "restore"])
def test_a_folder_that_may_not_be_written_is_said_with_its_cure(
    read_only: Path, command: str
) -> None:
    done = chipwire(read_only, command, before=as_a_user())
    assert done.returncode in (1, 2)
    assert "Permission denied" in done.stderr or "no good backup" in done.stderr
    assert "fix: " in done.stderr
    assert "Traceback" not in done.stderr


def test_what_may_only_be_read_is_read(read_only: Path) -> None:
    done = chipwire(read_only, "list", before=as_a_user())
    assert done.returncode == 0, done.stderr
    assert "HBM4 ships" in done.stdout


def test_a_log_left_behind_in_a_folder_that_may_only_be_read(home: Path) -> None:
    with Store(home / "chipwire.db") as store:
        with store.transaction():
            store.execute("UPDATE articles SET title = 'in the log'")
        shutil.copy(home / "chipwire.db-wal", home / "kept")
    (home / "kept").replace(home / "chipwire.db-wal")
    home.chmod(0o555)
    done = chipwire(home, "list", before=as_a_user())
    assert done.returncode == 1
    assert "check that the folder exists and this user may write there" in done.stderr
    home.chmod(0o755)
    assert "in the log" in chipwire(home, "list").stdout


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


def test_a_limit_on_file_sizes_is_told_apart_from_a_broken_disk(home: Path) -> None:
    done = chipwire(home, "backup", preexec_fn=limited)
    assert done.returncode == 1
    assert "ulimit -f" in done.stderr
    with closing(sqlite3.connect(home / "chipwire.db")) as connection:
        assert backup.integrity(connection) == []
    assert chipwire(home, "backup").returncode == 0


FILLING = """
import sys
from pathlib import Path
from pipeline.adapters.store import Store, feeds
from pipeline.adapters.store.backup import integrity
from pipeline.adapters.workers import InlineWorkers
from pipeline.errors import StoreError
from pipeline.jobs import poll
from pipeline.jobs.kit import Kit
from pipeline.models.feeds import FeedSource
from pipeline.models.policies import FetchPolicy
from tests.fakes import ScriptedFetcher, TurnedClock, rss

home = Path(sys.argv[1])
fetcher, urls = ScriptedFetcher(), [f"https://a{n}.test/feed" for n in range(40)]
for url in urls:
    entries = [(f"{n}", f"HBM {n} " + "news " * 300) for n in range(20)]
    fetcher.serves(url, rss(*entries, site=url), content_type="application/rss+xml", etag='"1"')
ballast = home / "ballast"
with Store(home / "chipwire.db") as store:
    feeds.watch(store, [FeedSource(url) for url in urls])
    kit = Kit(store, fetcher, InlineWorkers(), TurnedClock())
    ballast.write_bytes(bytes(14_000_000))
    try:
        poll.run(kit, policy=FetchPolicy(), secrets={})
        print("never full")
    except StoreError as error:
        print(error.fix)
    print(integrity(store.connection))
    half = store.value("SELECT count(*) FROM sightings")
with Store(home / "chipwire.db") as store:
    print(store.value("SELECT count(*) FROM sightings") == half)
    ballast.unlink()
    poll.run(Kit(store, fetcher, InlineWorkers(), TurnedClock()), policy=FetchPolicy(), secrets={})
    print(store.value("SELECT count(*) FROM sightings"))
"""


@pytest.mark.skipif(not can(*OF_ITS_OWN), reason="no file system of our own may be mounted here")
def test_a_small_file_system_fills_up_and_is_emptied(tmp_path: Path) -> None:
    script = 'mount -t tmpfs -o size=16m tmpfs "$1" && exec "$2" -c "$3" "$1"'
    done = subprocess.run(
        [*OF_ITS_OWN, "sh", "-c", script, "sh", str(tmp_path), sys.executable, FILLING],
        capture_output=True, text=True, timeout=300, check=False, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    said = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert "free disk space" in said[0] or "free disk space, quota" in said[0]
    assert said[1:] == ["[]", "True", "800"]


FULL = """
import json, subprocess, sys
from pathlib import Path
from pipeline.adapters.store import Store
from tests.daemon.home import CHIPWIRE
from tests.hazards.machine import chipwire, watching
from tests.newsdesk import Newsdesk

home, said = Path(sys.argv[1]) / "home", {}
home.mkdir()
(home / "feeds.opml").write_text('<opml version="2.0"><body></body></opml>')
with Store(home / "chipwire.db") as store:
    Newsdesk(store).article("HBM4 ships")
with (home.parent / "ballast").open("wb", buffering=0) as ballast:
    try:
        while ballast.write(bytes(4096)):
            pass
    except OSError:
        pass
for command in sys.argv[2:]:
    done = subprocess.run([*CHIPWIRE, "--home", str(home), *command.split()], capture_output=True,
                          text=True)
    said[command] = (done.returncode, done.stdout + done.stderr)
print(json.dumps(said))
"""
WRITING = ("run", "daemon", "backup", "train", "label 1 foundry yes", "digest send")
READING = ("list", "status", "search HBM4")


@pytest.mark.skipif(not can(*OF_ITS_OWN), reason="no file system of our own may be mounted here")
def test_on_a_full_disk_what_reads_reads_and_what_writes_says_so(tmp_path: Path) -> None:
    script = 'mount -t tmpfs -o size=8m tmpfs "$1" && exec "$2" -c "$3" "$1" "$4" "$5" "$6" "$7"'
    script += ' "$8" "$9" "${10}" "${11}" "${12}"'
    done = subprocess.run(
        [*OF_ITS_OWN, "sh", "-c", script, "sh", str(tmp_path), sys.executable, FULL, *WRITING,
         *READING],
        capture_output=True, text=True, timeout=300, check=False, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": "/dev/null"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    for command in WRITING:
        code, words = said[command]
        assert (code, "Traceback" in words) == (1, False), words
        assert "disk" in words.rpartition("fix: ")[2], words
    for command in READING:
        assert said[command][0] == 0, said[command]
    assert "HBM4 ships" in said["list"][1]


def watched(tmp_path: Path, many: int) -> tuple[Store, list[str]]:
    store = Store(tmp_path / "chipwire.db")
    urls = [f"https://a{n}.test/feed" for n in range(many)]
    table.watch(store, [FeedSource(url) for url in urls])
    return store, urls


def nameless(host: str, _port: int) -> list[tuple[str, int]]:
    raise OSError(-3, f"Temporary failure in name resolution: {host}")


def test_names_that_are_gone_cost_an_hour_and_nothing_stored(tmp_path: Path) -> None:
    store, urls = watched(tmp_path, 5)
    clock, fetcher = TurnedClock(), ScriptedFetcher()
    for url in urls:
        fetcher.serves(url, rss(("1", "HBM"), site=url), content_type="application/rss+xml")
    with store:
        poll.run(Kit(store, fetcher, InlineWorkers(), clock), policy=FetchPolicy(), secrets={})
        before = store.value("SELECT count(*) FROM sightings")
        clock.advance(hours=2)
        deaf = HttpFetcher(FetchPolicy(), clock, version="1", resolve=nameless)
        report = poll.run(
            Kit(store, deaf, InlineWorkers(), clock), policy=FetchPolicy(), secrets={}
        )
        assert report.failed == 5
        rows = store.rows("SELECT status, failures, last_error, next_poll_at FROM feeds")
        assert {(row["status"], row["failures"]) for row in rows} == {("active", 1)}
        assert all("name not found" in row["last_error"] for row in rows)
        assert store.value("SELECT count(*) FROM sightings") == before
        clock.advance(hours=3)
        kit = Kit(store, fetcher, InlineWorkers(), clock)
        assert poll.run(kit, policy=FetchPolicy(), secrets={}).failed == 0
        assert store.value("SELECT max(failures) FROM feeds") == 0


def broken(fetcher: ScriptedFetcher, url: str) -> None:
    fetcher.fails(url, "connect")


def a_page(fetcher: ScriptedFetcher, url: str) -> None:
    fetcher.serves(url, "<!doctype html><title>Captive portal</title>")


@pytest.mark.parametrize("fault", [broken, a_page], ids=["refused", "a captive portal's page"])
def test_every_feed_failing_at_once_is_one_reason_each_and_mends_itself(
    tmp_path: Path, fault: Callable[[ScriptedFetcher, str], None]
) -> None:
    store, urls = watched(tmp_path, 60)
    clock, fetcher = TurnedClock(), ScriptedFetcher()
    with store:
        kit = Kit(store, fetcher, InlineWorkers(), clock)
        for url in urls:
            fault(fetcher, url)
        assert poll.run(kit, policy=FetchPolicy(), secrets={}).failed == 60
        assert store.value("SELECT count(*) FROM feeds WHERE last_error <> ''") == 60
        assert poll.run(kit, policy=FetchPolicy(), secrets={}).feeds == 0  # each waits its turn
        for url in urls:
            fetcher.serves(url, rss(("1", "HBM"), site=url), content_type="application/rss+xml")
        clock.advance(hours=3)
        assert poll.run(kit, policy=FetchPolicy(), secrets={}).new == 60
        assert store.value("SELECT count(*) FROM feeds WHERE last_error IS NOT NULL") == 0


ESCAPES = "\x1b]0;owned\x07\x1b[31mred\u202egnp.exe"


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("list", "--json"), ("search", "memory"), ("status",), ("explain", "1")],
    ids=" ".join,
)
def test_no_listing_tells_a_terminal_what_to_do(home: Path, arguments: tuple[str, ...]) -> None:
    with Store(home / "chipwire.db") as store, store.transaction():
        store.execute("UPDATE articles SET title = ?, site = ?, author = ?", (ESCAPES,) * 3)
        store.execute(
            "UPDATE feeds SET title = ?, failures = 9, last_error = ?, failing_since ="
            " '2026-01-01T00:00:00Z'", (ESCAPES, ESCAPES),
        )  # fmt: skip
    done = chipwire(home, *arguments)
    assert done.returncode == 0, done.stderr
    obeyed = {"\x1b", "\x07"} if "--json" in arguments else {"\x1b", "\x07", "\u202e"}
    assert not obeyed & set(
        done.stdout + done.stderr
    )  # JSON escapes controls, and keeps data whole


def test_a_home_with_blanks_and_chinese_under_cron_s_bare_environment(tmp_path: Path) -> None:
    home = tmp_path / "my watch 晶片"
    home.mkdir()
    (home / "feeds.opml").write_text('<opml version="2.0"><body></body></opml>')
    with Store(home / "chipwire.db") as store:
        Newsdesk(store).article("台積電 HBM4")
    printed = {}
    for command in ("run", "list --json", "status", "backup", "restore", "export"):
        done = subprocess.run(
            [*CHIPWIRE, "--home", str(home), *command.split()],
            capture_output=True, timeout=300, check=False, cwd="/", env={"LC_ALL": "C"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        printed[command] = done.stdout
    assert json.loads(printed["list --json"])[0]["title"] == "台積電 HBM4"
    assert printed["run"] == b""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files to somebody else")
@pytest.mark.parametrize("command", ["run", "list", "status", "backup", "doctor"])
def test_a_home_of_another_user_is_refused_with_its_cure(home: Path, command: str) -> None:
    for path in (home, *home.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        os.chown(path, 12345, 12345)
    before = (home / "chipwire.db").stat()
    done = chipwire(home, command, before=as_a_user())
    said = done.stdout + done.stderr
    assert done.returncode in (1, 2)
    assert "Permission denied" in said or "unable to open" in said
    assert "fix: " in said
    assert "Traceback" not in said
    assert (home / "chipwire.db").stat() == before


def test_a_clock_without_its_battery_is_named_by_the_doctor(home: Path) -> None:
    from pipeline.app.checks import clock as check
    from pipeline.app.parts import App
    from pipeline.settings import Home, load

    settings = load(home / "chipwire.toml", {})
    lost = TurnedClock(datetime(1970, 1, 2, tzinfo=UTC))
    with App(Home(home), settings, clock=lost) as app:
        [finding] = check(app)
    assert (finding.well, finding.fix) == (False, "set it; use NTP")
