"""The command line as a whole: what it imports, how it fails, what it costs to ask for help."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import COMMANDS

HEAVY = ("sklearn", "scipy", "numpy", "trafilatura", "datasette", "feedparser", "sqlite_utils")


def chipwire(
    *arguments: str, home: Path | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    options = ["--home", str(home)] if home else []
    return subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *options, *arguments],
        input=stdin, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [[], *([name] for name in COMMANDS)],
    ids=lambda arguments: " ".join(arguments) or "all",
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from pipeline.cli import cli\n"
        f"cli.main({[*arguments, '--help']!r}, standalone_mode=False)\n"
        f"sys.exit(','.join(name for name in {HEAVY!r} if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lsit"], "Did you mean list?"),
        (["frobnicate"], "See chipwire --help"),
        (["list", "--since", "someday"], "write 7d, 36h"),
        (["list"], "no chipwire.db yet"),
        (["status"], "no chipwire.db yet"),
    ],
    ids=" ".join,
)
def test_a_wrong_call_says_what_to_do(tmp_path: Path, arguments: list[str], words: str) -> None:
    done = chipwire(*arguments, home=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_broken_configuration_starts_nothing(tmp_path: Path) -> None:
    (tmp_path / "chipwire.toml").write_text("[fetch]\nhost_dealy_s = 2\n")
    done = chipwire("run", home=tmp_path)
    assert done.returncode == 2
    assert "did you mean host_delay_s?" in done.stderr
    assert not (tmp_path / "chipwire.db").exists()


def test_init_makes_a_home_and_never_overwrites(tmp_path: Path) -> None:
    home = tmp_path / "with spaces 和中文"
    assert chipwire("init", str(home)).returncode == 0
    (home / "feeds.opml").write_text("mine")
    again = chipwire("init", str(home))
    assert again.returncode == 0
    assert (home / "feeds.opml").read_text() == "mine"
    assert f"kept   {home / 'feeds.opml'}" in again.stdout
    assert len(list((home / "topics").glob("*.toml"))) >= 8
