"""`chipwire label` and `labels`: the same log from the shell, and there and back as files."""

import json
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from tests.cli.test_command_line import chipwire
from tests.newsdesk import Newsdesk


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store(tmp_path / "chipwire.db") as store:
        Newsdesk(store).article("=TSMC adds a fab", topics={"foundry": 0.45})
    return tmp_path


def log(home: Path) -> list[dict[str, object]]:
    printed = chipwire("labels", "export", home=home).stdout
    return [json.loads(line) for line in printed.splitlines()]


def test_a_verdict_is_logged_once_and_undone(home: Path) -> None:
    arguments = ("label", "1", "foundry", "no", "--note", "old news", "--reviewer", "ann")
    assert chipwire(*arguments, home=home).returncode == 0
    again = chipwire(*arguments, home=home)
    assert (again.returncode, "nothing changed" in again.stderr) == (0, True)
    chipwire("label", "https://news.example/1", "foundry", "undo", "--reviewer", "ann", home=home)
    found = [(row["verdict"], row["reviewer"], row["note"], row["origin"]) for row in log(home)]
    assert found == [("no", "ann", "old news", "shell"), ("undo", "ann", "", "shell")]
    assert log(home)[0]["probability_then"] == 0.45


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["label", "9", "foundry", "yes"], "no article '9' is stored"),
        (["label", "1", "fundry", "yes"], "did you mean foundry?"),
        (["label", "1", "foundry", "maybe"], "'maybe' is not one of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_label_is_refused_in_words(home: Path, arguments: list[str], words: str) -> None:
    done = chipwire(*arguments, home=home)
    assert done.returncode == 2
    assert words in done.stderr


@pytest.mark.parametrize("name", ["log.csv", "log.jsonl"])
def test_an_exported_log_imports_once_elsewhere(home: Path, name: str) -> None:
    for verdict in ("yes", "undo", "no"):
        chipwire("label", "1", "foundry", verdict, home=home)
    file = home / name
    assert chipwire("labels", "export", str(file), home=home).returncode == 0
    other = home / "other"
    other.mkdir()
    with Store(other / "chipwire.db") as store:
        Newsdesk(store).article("another")
    assert "3 new labels of 3" in chipwire("labels", "import", str(file), home=other).stderr
    assert "0 new labels of 3" in chipwire("labels", "import", str(file), home=other).stderr
    assert [row["verdict"] for row in log(other)] == ["yes", "undo", "no"]


def test_a_label_on_an_unknown_article_is_named_and_left_out(home: Path) -> None:
    line = '{"url": "https://nowhere.example/", "topic": "hbm", "verdict": "yes"}\n'
    done = chipwire("labels", "import", "-", home=home, stdin=line)
    assert done.returncode == 1
    assert "https://nowhere.example/ is not stored" in done.stderr


def test_a_label_on_an_unknown_topic_is_named_and_left_out(home: Path) -> None:
    lines = [{"article_id": 1, "topic": topic, "verdict": "yes"} for topic in ("fundry", "foundry")]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = chipwire("labels", "import", "-", home=home, stdin=text)
    assert done.returncode == 1
    assert "line 1: there is no topic 'fundry'; left out" in done.stderr
    assert "1 new label of 2" in done.stderr
    assert [row["topic"] for row in log(home)] == ["foundry"]


def test_what_sqlite_does_not_take_stays_out_of_the_log(home: Path) -> None:
    line = {"article_id": 1, "topic": "foundry", "verdict": "no"}
    text = json.dumps({**line, "note": "a\ud800b\0c", "reviewer": "x\udfff"})
    assert chipwire("labels", "import", "-", home=home, stdin=text).returncode == 0
    found = [(row["reviewer"], row["note"]) for row in log(home)]
    assert found == [("x", "abc")]
