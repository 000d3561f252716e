"""`chipwire alerts` and what `status` says of alerts and of deliveries that failed."""

import json
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.jobs import alerts
from pipeline.models.policies import AlertPolicy
from tests.cli.test_command_line import chipwire
from tests.newsdesk import Newsdesk

RULES = """
[[digest]]
channels = []
[[alert]]
name = "memory"
topics = ["hbm"]
channels = ["webhook:http://127.0.0.1:9/secret-token"]
[[alert]]
name = "fabs"
topics = ["foundry"]
companies = ["SMIC"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "chipwire.toml").write_text(RULES)
    now = datetime.now(UTC)
    with Store(tmp_path / "chipwire.db") as store:
        rules = [AlertPolicy(name="memory"), AlertPolicy(name="fabs")]
        alerts.watch(store, rules, now=now - timedelta(hours=2))
        desk = Newsdesk(store)
        desk.article("CXMT ships HBM3", topics={"hbm": 0.95}, when=now - timedelta(hours=1))
        desk.article("Long ago", topics={"hbm": 0.95}, when=now - timedelta(days=3))
    return tmp_path


def test_a_preview_shows_what_would_leave_now(home: Path) -> None:
    done = chipwire("alerts", "preview", home=home)
    assert done.returncode == 0, done.stderr
    assert "Subject: Alert: CXMT ships HBM3" in done.stdout
    assert "Long ago" not in done.stdout
    assert "nothing to send now" in chipwire("alerts", "preview", "fabs", home=home).stdout
    file = home / "alert.eml"
    chipwire("alerts", "preview", "memory", "--eml", str(file), home=home)
    assert message_from_bytes(file.read_bytes())["Subject"] == "Alert: CXMT ships HBM3"
    with Store(home / "chipwire.db") as store:
        assert store.value("SELECT count(*) FROM digests WHERE stories > 0") == 0


def test_a_rehearsal_tells_how_noisy_a_rule_is(home: Path) -> None:
    found = json.loads(chipwire("alerts", "preview", "--days", "7", "--json", home=home).stdout)
    assert [row["title"] for row in found] == ["CXMT ships HBM3", "Long ago"]
    assert "2 stories in 7 days" in chipwire("alerts", "preview", "--days", "7", home=home).stdout


def test_rules_and_status_tell_what_waits_and_show_no_secret(home: Path) -> None:
    listed = chipwire("alerts", "list", home=home).stdout
    assert "at most 4 messages an hour" in listed
    assert "secret-token" not in listed
    rules = json.loads(chipwire("status", "--json", home=home).stdout)["alerts"]
    assert [(rule["name"], rule["waiting"]) for rule in rules] == [("memory", 1), ("fabs", 0)]
    assert "alert     memory: 0 sent in 24 h, 1 waiting" in chipwire("status", home=home).stdout


def test_status_names_who_was_refused_and_why(home: Path) -> None:
    with Store(home / "chipwire.db") as store, store.transaction():
        store.execute(
            "INSERT INTO digests (name, period, created_at, until, subject, articles, stories,"
            " content) VALUES ('daily','2026-11-23','2026-11-23T07:00:00Z','2026-11-23T07:00:00Z',"
            "'x',1,1,'{}')"
        )
        store.execute(
            "INSERT INTO deliveries (digest_id, channel, recipient, state, attempts, message_id,"
            " last_error) SELECT max(id), 'mail', 'gone@reader.example', 'refused', 1, '<1>',"
            " 'gone@reader.example was refused: 550 no such mailbox' FROM digests"
        )
    said = chipwire("status", home=home).stdout
    assert (
        "refused   daily 2026-11-23 to mail:gone@reader.example: gone@reader.example was refused:"
        " 550 no such mailbox (1 tried)"
    ) in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["alerts", "preview", "nightly"], "there are: memory, fabs", id="no such"),
        pytest.param(
            ["alerts", "preview", "fabs", "--eml", "x.eml"], "nothing to send now", id="no mail"
        ),
    ],
)
def test_a_wrong_call_says_what_to_do(home: Path, arguments: list[str], words: str) -> None:
    done = chipwire(*arguments, home=home)
    assert done.returncode == 2
    assert words in done.stderr


@pytest.mark.parametrize("command", [["run"], ["alerts", "preview"], ["digest", "preview"]])
def test_a_rule_about_nothing_is_an_error_before_anything_starts(
    home: Path, command: list[str]
) -> None:
    rule = '[[alert]]\nname = "fabs"\ntopics = ["foundy"]\ncompanies = ["SMICC"]\n'
    (home / "chipwire.toml").write_text(rule)
    done = chipwire(*command, home=home)
    assert done.returncode == 2
    assert "no topic 'foundy'; did you mean 'foundry'?" in done.stderr
    assert "no company 'SMICC'; did you mean 'SMIC'?" in done.stderr
