"""What a shell offers while somebody types."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.daemon.home import CHIPWIRE


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_the_script_says_where_it_goes(shell: str) -> None:
    done = subprocess.run(
        [*CHIPWIRE, "completion", shell], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("# to use it: ")
    assert "_CHIPWIRE_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param("chipwire conf", ["config"], id="a command"),
        pytest.param("chipwire digest p", ["preview"], id="a command of a group"),
        pytest.param("chipwire list --out", ["--outlet"], id="an option"),
        pytest.param("chipwire list --topic h", ["hbm"], id="a topic"),
        pytest.param("chipwire label 1 chip", ["chip-curbs", "chip-equipment"], id="topics"),
        pytest.param("chipwire label 1 hbm y", ["yes"], id="a verdict"),
        pytest.param("chipwire --home HOME list --topic ", ["rare"], id="a topic of this home"),
    ],
)
def test_it_offers(tmp_path: Path, typed: str, offered: list[str]) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "rare.toml").write_text("")
    words = typed.replace("HOME", str(tmp_path))
    done = subprocess.run(
        CHIPWIRE, capture_output=True, text=True, check=False, cwd=tmp_path,
        env={
            **os.environ, "XDG_DATA_HOME": str(tmp_path), "_CHIPWIRE_COMPLETE": "bash_complete",
            "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1),
        },
    )  # fmt: skip
    assert [line.partition(",")[2] for line in done.stdout.splitlines()] == offered
