"""`chipwire digest` and `chipwire stats` over a home with stories and a real mail server."""

import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from tests.cli.test_command_line import chipwire
from tests.newsdesk import Newsdesk
from tests.postoffice import PostOffice, open_post_office


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store(tmp_path / "chipwire.db") as store:
        desk = Newsdesk(store)
        now = datetime.now(UTC)
        one = desk.article("SMIC starts risk production", when=now - timedelta(hours=3))
        desk.mention(one, "SMIC")
        desk.article("CXMT ships HBM3", topics={"hbm": 0.9}, when=now - timedelta(hours=5))
    return tmp_path


def configure(home: Path, office: PostOffice) -> None:
    (home / "chipwire.toml").write_text(
        f'[mail]\nhost = "127.0.0.1"\nport = {office.port}\nsecurity = "none"\n'
        'sender = "news@chipwire.example"\n'
        '[[digest]]\nname = "daily"\nchannels = ["mail:ann@reader.example", "file"]\n'
    )


def digests(home: Path) -> int:
    with Store(home / "chipwire.db") as store:
        found: int = store.value("SELECT count(*) FROM digests")
    return found


def test_a_preview_shows_the_digest_and_stores_nothing(home: Path) -> None:
    done = chipwire("digest", "preview", home=home)
    assert done.returncode == 0, done.stderr
    assert "SMIC starts risk production" in done.stdout
    assert digests(home) == 0


@pytest.mark.parametrize(
    ("option", "start"), [("--html", "<!DOCTYPE html>"), ("--text", "chipwire"), ("--json", "{")]
)
def test_a_preview_has_every_form(home: Path, option: str, start: str) -> None:
    done = chipwire("digest", "preview", "daily", option, home=home)
    assert done.stdout.startswith(start), done.stderr
    assert "SMIC starts risk production" in done.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [(["--open"], "Atom feed"), (["--html", "--open"], "Stop these mails")],
    ids=["the page", "the mail"],
)
def test_a_preview_opens_in_a_browser_where_there_is_one(
    home: Path, options: list[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(home))  # nothing that opens anything
    monkeypatch.setenv("TMPDIR", str(home))
    done = chipwire("digest", "preview", *options, home=home)
    assert done.returncode == 0, done.stderr
    assert "open the file yourself" in done.stderr
    assert words in Path(done.stdout.strip()).read_text(encoding="utf-8")


def test_a_preview_as_a_mail_is_a_file_that_mail_programs_open(home: Path) -> None:
    file = home / "next.eml"
    with open_post_office() as office:
        configure(home, office)
        done = chipwire("digest", "preview", "--eml", str(file), home=home)
    assert done.returncode == 0, done.stderr
    message = message_from_bytes(file.read_bytes())
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]


def test_send_delivers_at_once_and_only_once(home: Path) -> None:
    with open_post_office() as office:
        configure(home, office)
        first = chipwire("digest", "send", home=home)
        second = chipwire("digest", "send", home=home)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "2 delivered, 0 failed" in first.stderr
    assert "nothing new" in second.stderr
    assert len(office.taken) == 1
    assert (home / "digests" / "daily" / "latest.html").exists()


def test_a_test_marks_its_subject_and_nothing_else(home: Path) -> None:
    with open_post_office() as office:
        configure(home, office)
        done = chipwire("digest", "send", "--test", "--to", "bob@reader.example", home=home)
    assert done.returncode == 0, done.stderr
    assert [recipient for recipient, _ in office.taken] == ["bob@reader.example"]
    assert office.messages[0]["Subject"].startswith("[test] ")
    assert digests(home) == 0


def test_a_pass_from_cron_says_once_whom_a_digest_did_not_reach(home: Path) -> None:
    (home / "feeds.opml").write_text('<opml version="2.0"><body></body></opml>')
    with open_post_office() as office:
        configure(home, office)
        office.answers["ann@reader.example"] = "451 later"
        first = chipwire("run", home=home)
        second = chipwire("run", home=home)
    assert (first.returncode, first.stdout) == (1, "")
    assert "'daily' did not reach mail:ann@reader.example" in first.stderr
    assert (second.returncode, second.stderr) == (0, "")
    shown = chipwire("status", home=home).stdout
    assert "waiting   daily" in shown
    assert "451 later" in shown
    assert "digest    daily: 2" in shown
    assert "2 stories; next 2" in shown


def test_a_refused_recipient_ends_with_exit_code_1(home: Path) -> None:
    with open_post_office() as office:
        configure(home, office)
        office.answers["ann@reader.example"] = "550 gone"
        done = chipwire("digest", "send", home=home)
    assert done.returncode == 1
    assert "550 gone" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["digest", "preview", "weekly"], "there are: daily"),
        (["digest", "send", "--to", "bob@reader.example"], "no mail server"),
        (["digest", "send", "--to", "no address"], "mail"),
    ],
    ids=" ".join,
)
def test_a_wrong_call_says_what_to_do(home: Path, arguments: list[str], words: str) -> None:
    done = chipwire(*arguments, home=home)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_digest_by_mail_without_a_server_is_a_configuration_error(home: Path) -> None:
    (home / "chipwire.toml").write_text('[[digest]]\nchannels = ["mail:ann@reader.example"]\n')
    done = chipwire("digest", "preview", home=home)
    assert done.returncode == 2
    assert "[mail] needs host and sender" in done.stderr


def test_stats_count_topics_outlets_and_companies(home: Path) -> None:
    report = json.loads(chipwire("stats", "--json", "--weeks", "3", home=home).stdout)
    assert {name: sum(row) for name, row in report["topics"].items()} == {"foundry": 1, "hbm": 1}
    assert report["outlets"] == {"Wafer Daily": 2}
    assert report["companies"] == {"SMIC": 1}
    assert len(report["weeks"]) == 3
    shown = chipwire("stats", home=home)
    assert "foundry" in shown.stdout, shown.stderr


def test_stats_draw_a_picture(home: Path) -> None:
    file = home / "topics.svg"
    assert chipwire("stats", "--svg", str(file), home=home).returncode == 0
    assert ET.fromstring(file.read_text()).tag.endswith("svg")
