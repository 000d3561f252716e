"""`chipwire topics`: what is wrong with a topic file, what it would tag, which terms do it."""

import json
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from tests.cli.test_command_line import chipwire
from tests.newsdesk import Newsdesk

RARE = 'name = "rare-earths"\nstrong = ["rare earth*", "neodymium", "lanthanide"]\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store(tmp_path / "chipwire.db") as store:
        desk = Newsdesk(store)
        desk.article("Neodymium prices double in a week")
        desk.article("TSMC adds a fab")
    return tmp_path


def test_a_file_outside_the_watch_is_tried_on_what_is_stored(home: Path) -> None:
    file = home / "rare.toml"
    file.write_text(RARE, encoding="utf-8")
    done = chipwire("topics", "check", str(file), "--json", home=home)
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)
    assert [(each["id"], each["because"]) for each in found["tagged"]] == [(1, ["neodymium"])]
    assert [each["term"] for each in found["never"]] == ["rare earth*", "lanthanide"]
    plain = chipwire("topics", "check", str(file), home=home).stdout
    assert "would tag 1 of the 2 newest stored articles" in plain
    assert "carried by: neodymium 100%" in plain


WRONG = {
    "a misspelled key": (RARE + 'strogn = ["x"]', "did you mean 'strong'?"),
    "no term at all": ('name = "rare-earths"', "no term speaks for the topic"),
    "an unknown group": ('name = "a"\nstrong = ["@chips"]', "did you mean '@chip'?"),
    "no TOML": ("name = ", "not TOML"),
}


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_with_file_and_cure(home: Path, text: str, words: str) -> None:
    file = home / "rare.toml"
    file.write_text(text, encoding="utf-8")
    done = chipwire("topics", "check", str(file), home=home)
    assert done.returncode == 2
    assert "rare.toml" in done.stdout
    assert words in done.stdout


def test_one_wrong_file_hides_no_other(home: Path) -> None:
    (home / "topics").mkdir()
    (home / "topics" / "good.toml").write_text(RARE, encoding="utf-8")
    (home / "topics" / "bad.toml").write_text("name = 7", encoding="utf-8")
    done = chipwire("topics", "check", home=home)
    assert done.returncode == 2
    assert "✗ bad.toml: name: must be text" in done.stdout
    assert "✓ good.toml: rare-earths" in done.stdout


def test_a_misspelled_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    done = chipwire("topics", "check", "lithografy", home=tmp_path)
    assert done.returncode == 2
    assert "did you mean lithography?" in done.stderr


def test_without_a_database_it_says_so(tmp_path: Path) -> None:
    done = chipwire("topics", "check", "hbm", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no articles are stored here yet" in done.stdout


def test_the_topics_are_listed(tmp_path: Path) -> None:
    done = chipwire("topics", "list", "--json", home=tmp_path)
    assert {"hbm", "chip-curbs"} <= {topic["name"] for topic in json.loads(done.stdout)}
