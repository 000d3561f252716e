"""`chipwire config show`: what is in force, and who said so."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from pipeline.settings import load
from tests.daemon.home import CHIPWIRE

TEXT = """\
[fetch]
host_delay_s = 5
host_delays = { "slow.example" = 30 }

[[digest]]
name = "daily"
topics = ["hbm", "foundry"]

[[digest]]
name = "weekly"
schedule = "0 7 * * mon"
"""
SET = {"CHIPWIRE_FETCH_CONTACT": "ann@desk.example", "CHIPWIRE_MAIL_PORT": "2525"}


def show(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*CHIPWIRE, "--home", str(home), "config", "show", *arguments],
        capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **SET},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "chipwire.toml").write_text(TEXT)
    return home


@pytest.mark.parametrize("options", [[], ["--origin"]], ids=["plain", "with origins"])
def test_what_is_shown_is_a_file_that_says_the_same(
    home: Path, tmp_path: Path, options: list[str]
) -> None:
    (tmp_path / "chipwire.toml").write_text(show(home, *options))
    assert load(tmp_path / "chipwire.toml", {}) == load(home / "chipwire.toml", SET)


@pytest.mark.parametrize(
    ("section", "number", "key", "origin"),
    [
        pytest.param("fetch", None, "host_delay_s", "chipwire.toml:2", id="a line of the file"),
        pytest.param("fetch", None, "contact", "CHIPWIRE_FETCH_CONTACT", id="the environment"),
        pytest.param("mail", None, "port", "CHIPWIRE_MAIL_PORT", id="a section not in the file"),
        pytest.param("fetch", None, "timeout_s", "default", id="nobody said so"),
        pytest.param("digest", 0, "topics", "chipwire.toml:7", id="the first digest"),
        pytest.param("digest", 1, "schedule", "chipwire.toml:11", id="the second digest"),
        pytest.param("digest", 1, "topics", "default", id="the second digest leaves it out"),
    ],
)
def test_each_value_says_where_it_comes_from(
    home: Path, section: str, number: int | None, key: str, origin: str
) -> None:
    told = json.loads(show(home, "--json"))
    assert told["files"]["feeds.opml"] == "packaged"
    [value] = [
        each
        for each in told["values"]
        if (each["section"], each["number"], each["key"]) == (section, number, key)
    ]
    assert value["origin"].removeprefix(f"{home}/") == origin
