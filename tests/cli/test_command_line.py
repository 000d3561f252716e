"""The command line as a whole: what it imports, how it fails, what it costs to ask for help."""

import os
import shlex
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import click
import pytest

from pipeline.cli import COMMANDS, SECTIONS, cli

HEAVY = ("sklearn", "scipy", "numpy", "trafilatura", "datasette", "feedparser", "sqlite_utils")


def chipwire(
    *arguments: str, home: Path | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    options = ["--home", str(home)] if home else []
    # The environment as Python knows it: readline, which pytest imports, adds COLUMNS=80 below.
    return subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *options, *arguments],
        input=stdin, capture_output=True, text=True, timeout=120, check=False,
        env={name: value for name, value in os.environ.items() if name != "COLUMNS"},
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


def leaves(group: click.Group = cli, *above: str) -> list[tuple[tuple[str, ...], click.Command]]:
    """Return every command that does something, with the words that call it."""
    found: list[tuple[tuple[str, ...], click.Command]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found += leaves(command, *above, name)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            found.append(((*above, name), command))
    return found


LEAVES = leaves()


@pytest.mark.parametrize(("words", "command"), LEAVES, ids=[" ".join(words) for words, _ in LEAVES])
def test_help_has_examples_that_are_calls_of_this_command(
    words: tuple[str, ...], command: click.Command
) -> None:
    _, _, examples = (command.epilog or "").partition("Examples:\n")
    assert examples
    for line in examples.splitlines():
        call = shlex.split(line.partition("chipwire ")[2].split(" | ")[0], comments=True)
        if call[0] == "--home":
            call = call[2:]
        assert tuple(call[: len(words)]) == words, line
        arguments = list(takewhile(lambda word: word not in ("|", "||", ">"), call[len(words) :]))
        context = click.Context(command, info_name=words[-1])
        _, left, _ = command.make_parser(context).parse_args(arguments)
        assert left == [], line


@pytest.mark.parametrize(("words", "command"), LEAVES, ids=[" ".join(words) for words, _ in LEAVES])
def test_help_says_each_thing_in_full(words: tuple[str, ...], command: click.Command) -> None:
    assert not command.get_short_help_str(64).endswith("..."), "the first sentence is too long"
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert [one.name for one in options if not one.help] == []
    free = [one for one in options if not one.is_flag and one.type is click.STRING]
    assert [one.name for one in free if not one.metavar] == []


def test_each_command_stands_under_one_heading() -> None:
    assert sorted(name for names in SECTIONS.values() for name in names) == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_introduced_by_the_same_sentence_everywhere(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert (command.help or "").partition("\n")[0] == COMMANDS[name][2]
