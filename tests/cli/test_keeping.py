"""What keeps a watch well, from the shell: doctor, status --check, backup, restore, export."""

import csv
import io
import json
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.adapters.store.times import to_text
from tests.daemon.home import CHIPWIRE
from tests.newsdesk import Newsdesk


def chipwire(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [*CHIPWIRE, "--home", str(home), *arguments], capture_output=True, text=True,
        timeout=120, check=False, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of the packaged topics, made once."""
    home = tmp_path_factory.mktemp("trained")
    assert chipwire(home, "doctor").returncode == 0
    return home / "models"


@pytest.fixture
def home(tmp_path: Path, models: Path) -> Path:
    """A home that was polled a moment ago."""
    home = tmp_path / "home"
    shutil.copytree(models, home / "models")
    (home / "chipwire.toml").write_text('[fetch]\ncontact = "ann@desk.example"\n')
    now = to_text(datetime.now(UTC))
    with Store(home / "chipwire.db") as store:
        desk = Newsdesk(store)
        desk.article("HBM4 ships", text="=cmd()|' /C calc'!A0", topics={"hbm": 0.9})
        desk.article('=HYPERLINK("http://evil.example")', topics={"foundry": 0.9})
        with store.transaction():
            store.execute("UPDATE feeds SET last_polled_at = ?, last_ok_at = ?", (now, now))
    return home


def spoil(home: Path) -> None:
    database = home / "chipwire.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(database.read_bytes())
    data[4096 * 3 :] = b"\xff" * (len(data) - 4096 * 3)
    database.write_bytes(bytes(data))


def foreign(home: Path) -> None:
    for path in home.glob("chipwire.db*"):
        path.unlink()
    with closing(sqlite3.connect(home / "chipwire.db")) as connection:
        connection.execute("CREATE TABLE theirs (x)")


def refused(home: Path) -> None:
    with Store(home / "chipwire.db") as store, store.transaction():
        store.execute(
            "INSERT INTO digests (id, name, period, created_at, until, subject, articles, stories,"
            " content) VALUES (1,'d','p','2026-11-23T07:00:00Z','2026-11-23T07:00:00Z','s',1,1,'')"
        )
        store.execute(
            "INSERT INTO deliveries (digest_id, channel, recipient, state, message_id, last_error)"
            " VALUES (1,'mail','bob@desk.example','refused','m','550 no such user')"
        )


def sql(statement: str) -> Callable[[Path], None]:
    def apply(home: Path) -> None:
        with Store(home / "chipwire.db") as store, store.transaction():
            store.execute(statement)

    return apply


def settings(text: str) -> Callable[[Path], None]:
    def apply(home: Path) -> None:
        path = home / "chipwire.toml"
        path.write_text(path.read_text() + text)

    return apply


MAIL = '[mail]\nhost = "m.example"\nsender = "n@m.example"\npassword_env = "SECRET_OF_MAIL"\n'
TO_ANN = '[[digest]]\nname = "daily"\nchannels = ["mail:ann@desk.example"]\n'
DEAD = json.dumps({"pid": 1, "started_at": "2026-11-23T07:00:00Z", "problem": "out of luck"})


@pytest.mark.parametrize(
    ("damage", "subject", "fix"),
    [
        pytest.param(settings("nonsense = 1\n"), "configuration", "mend the lines", id="a key"),
        pytest.param(
            lambda home: (home / "feeds.opml").write_text("<opml"), "feeds", "", id="the feeds"
        ),
        pytest.param(settings(TO_ANN), "configuration", "mend the lines", id="no mail server"),
        pytest.param(settings(MAIL + TO_ANN), "mail", "export SECRET_OF_MAIL", id="no password"),
        pytest.param(spoil, "database", "chipwire restore", id="damaged pages"),
        pytest.param(foreign, "database", "move the file away", id="another program's file"),
        pytest.param(
            lambda home: (home / "chipwire.db").write_bytes(b""), "database", "", id="an empty file"
        ),
        pytest.param(
            sql("UPDATE feeds SET last_polled_at = '2026-01-01T00:00:00Z'"), "passes",
            "chipwire daemon", id="nobody polls any more",
        ),
        pytest.param(
            sql(
                "UPDATE feeds SET failures = 9, failing_since = '2026-01-01T00:00:00Z',"
                " last_error = 'dns'"
            ),
            "feed", "chipwire feeds test https://", id="a dead feed",
        ),
        pytest.param(
            sql(
                "INSERT INTO runs (job, started_at, outcome)"
                " VALUES ('pass','2026-01-01T00:00:00Z','ok')"
            ),
            "backups", "chipwire backup", id="no backup for months",
        ),
        pytest.param(
            sql(
                "INSERT INTO runs (job, started_at, outcome)"
                " VALUES ('pass','2999-01-01T00:00:00Z','ok')"
            ),
            "clock", "set the clock", id="a run in the future",
        ),
        pytest.param(refused, "delivery", "digest send", id="a reader's address is refused"),
        pytest.param(
            sql(
                "INSERT INTO models (id, created_at, sha256, trained_on, active)"
                " VALUES ('m', '2026-11-01T00:00:00Z', 'none', '{\"topics\": \"others\"}', 1)"
            ),
            "model", "chipwire train", id="the topics changed since the model was trained",
        ),
        pytest.param(
            lambda home: (home / "daemon.json").write_text(DEAD), "daemon", "", id="the daemon says"
        ),
    ],
)  # fmt: skip
def test_the_doctor_finds_it_and_says_what_mends_it(home: Path, damage, subject, fix) -> None:
    damage(home)
    done = chipwire(home, "doctor", "--json")
    assert done.returncode == 1, done.stdout
    report = json.loads(done.stdout)
    assert report["well"] is False
    faults = [each for each in report["findings"] if not each["well"]]
    assert subject in [each["subject"] for each in faults]
    assert all(each["fix"] for each in faults), faults
    assert fix in " ".join(each["fix"] for each in faults if each["subject"] == subject)


def gone(home: Path) -> None:
    for path in home.glob("chipwire.db*"):
        path.unlink()


def emptied(home: Path) -> None:
    gone(home)
    (home / "chipwire.db").write_bytes(b"")


def no_wal(home: Path) -> None:
    with closing(sqlite3.connect(home / "chipwire.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


OLD_PASS = sql(
    "INSERT INTO runs (job, started_at, outcome) VALUES ('pass','2026-01-01T00:00:00Z','ok')"
)
FAILED_BACKUP = sql(
    "INSERT INTO runs (job, started_at, outcome, error)"
    " VALUES ('backup','2026-01-01T00:00:00Z','failed','no room')"
)
OTHER_TOPICS = sql(
    "INSERT INTO models (id, created_at, sha256, trained_on, active)"
    " VALUES ('m', '2026-11-01T00:00:00Z', 'none', '{\"topics\": \"others\"}', 1)"
)


@pytest.mark.parametrize(
    ("damage", "subject", "cure"),
    [
        pytest.param(spoil, "database", "chipwire restore", id="damaged pages"),
        pytest.param(gone, "database", "chipwire restore", id="the database is gone"),
        pytest.param(emptied, "database", "chipwire restore", id="the database is empty"),
        pytest.param(no_wal, "database", "sqlite3 ", id="another journal"),
        pytest.param(OLD_PASS, "backups", "chipwire backup", id="no backup for months"),
        pytest.param(FAILED_BACKUP, "backup", "chipwire backup", id="the last backup failed"),
        pytest.param(OTHER_TOPICS, "model", "chipwire train", id="the topics changed"),
        pytest.param(shutil.rmtree, "home", "chipwire init", id="no home"),
    ],
)
def test_what_the_doctor_prescribes_cures(home: Path, damage, subject: str, cure: str) -> None:
    if "restore" in cure:
        assert chipwire(home, "backup").returncode == 0
    damage(home)
    found = faults(home)
    assert cure in found[subject]
    if cure.startswith("sqlite3"):  # the command itself need not be installed
        database, statement = shlex.split(found[subject])[1:]
        with closing(sqlite3.connect(database)) as connection:
            connection.execute(statement)
    else:
        prescribed = shlex.split(cure.removeprefix("chipwire "))
        more = [str(home)] if prescribed == ["init"] else []
        done = chipwire(home, *prescribed, *more)
        assert done.returncode == 0, done.stderr
    assert subject not in faults(home)


def faults(home: Path) -> dict[str, str]:
    """Return what the doctor finds: the fix of each subject that is not well."""
    report = json.loads(chipwire(home, "doctor", "--json").stdout)
    return {each["subject"]: each["fix"] for each in report["findings"] if not each["well"]}


def test_a_pass_begins_nothing_anew_where_the_database_was_lost(home: Path) -> None:
    assert chipwire(home, "backup").returncode == 0
    gone(home)
    for command in ("run", "train", "label 1 hbm yes"):
        done = chipwire(home, *command.split())
        assert done.returncode in (1, 2), done.stdout
        assert "Traceback" not in done.stderr
        assert not (home / "chipwire.db").exists()
    assert "chipwire restore" in chipwire(home, "run").stderr
    assert "chipwire restore" in chipwire(home, "status", "--check").stderr


def test_a_well_home_is_well_and_nothing_is_written(home: Path) -> None:
    before = (home / "chipwire.db").read_bytes()
    done = chipwire(home, "doctor")
    assert done.returncode == 0, done.stdout
    assert "✗" not in done.stdout
    assert "all is well" in done.stdout
    assert (home / "chipwire.db").read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(lambda _: None, "", id="silent when all is well"),
        pytest.param(spoil, "database", id="a database that cannot be read"),
        pytest.param(
            lambda home: (home / "daemon.json").write_text(DEAD), "out of luck", id="a problem"
        ),
        pytest.param(
            sql("UPDATE feeds SET last_polled_at = '2026-01-01T00:00:00Z'"), "no feed was polled",
            id="nothing polled",
        ),
    ],
)  # fmt: skip
def test_a_container_asks_whether_it_is_well(home: Path, damage, said: str) -> None:
    damage(home)
    done = chipwire(home, "status", "--check")
    assert done.returncode == (1 if said else 0), done.stderr
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_backup_damage_restore_as_a_person_would(home: Path) -> None:
    made = json.loads(chipwire(home, "backup", "--json").stdout)
    assert made["articles"] == 2
    spoil(home)
    broken = chipwire(home, "list")
    assert broken.returncode == 1
    assert "chipwire restore" in broken.stderr
    assert "Traceback" not in broken.stderr
    mended = chipwire(home, "restore")
    assert mended.returncode == 0, mended.stderr
    assert "chipwire.db.damaged-" in mended.stdout
    assert len(json.loads(chipwire(home, "list", "--json").stdout)) == 2


def test_export_gives_every_article_with_what_is_known_of_it(home: Path) -> None:
    lines = [json.loads(line) for line in chipwire(home, "export").stdout.splitlines()]
    assert [line["topics"] for line in lines] == [{"hbm": 0.9}, {"foundry": 0.9}]
    assert lines[0]["text"] == "=cmd()|' /C calc'!A0"


def test_no_cell_of_the_csv_is_a_formula(home: Path) -> None:
    rows = list(csv.reader(io.StringIO(chipwire(home, "export", "--format", "csv").stdout)))
    cells = [cell for row in rows for cell in row]
    assert '\'=HYPERLINK("http://evil.example")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
