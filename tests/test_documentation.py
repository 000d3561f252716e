"""The README names everything a user can type, set or query."""

import sqlite3
import tomllib
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from classifiers.glossary import parse_topic
from classifiers.materials import Materials
from classifiers.tagger import train
from pipeline.adapters.store import Store
from pipeline.cli import COMMANDS, cli
from pipeline.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    found = []
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        if isinstance(command, click.Group):
            found += [f"{name} {sub}" for sub in command.commands]
        else:
            found.append(name)
    return found


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str) -> None:
    *group, name = command.split()
    assert f"`chipwire {command}" in README or (group and f"`{name}" in README), command


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_table_of_commands_says_what_the_command_says(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name


def settings() -> list[tuple[str, str]]:
    found = []
    for section, field in Settings.model_fields.items():
        model = field.annotation
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            model = field.annotation.__args__[0]
        found += [(section, key) for key in model.model_fields]
    return found


@pytest.mark.parametrize(("section", "key"), settings(), ids=".".join)
def test_every_setting_is_in_the_readme(section: str, key: str) -> None:
    lines = [line for line in README.splitlines() if line.startswith(f"| `[{section}]")]
    lines += [line for line in README.splitlines() if line.startswith(f"| `[[{section}]]")]
    assert any(f"`{key}`" in line or f"] {key}`" in line for line in lines), (section, key)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "config" / "topics").glob("*.toml")), ids=lambda path: path.stem
)
def test_every_topic_is_in_the_readme(path: Path) -> None:
    name = tomllib.loads(path.read_text(encoding="utf-8"))["name"]
    assert f"| `{name}` |" in README


def test_every_table_and_view_is_in_the_readme(tmp_path: Path) -> None:
    Store(tmp_path / "chipwire.db").close()
    connection = sqlite3.connect(tmp_path / "chipwire.db")
    names = [
        row[0]
        for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
            " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlite_%'"
            " AND name NOT LIKE 'articles_fts_%'"
        )
    ]
    connection.close()
    assert len(names) > 20
    assert [name for name in names if f"`{name}`" not in README] == []


def test_the_topic_of_the_readme_tags_at_once() -> None:
    block = README.split("```toml\n")[1].split("```")[0]
    topic = parse_topic(block, "rare-earths.toml")
    tagger = train(Materials((topic,)))
    news, other = tagger.tag([("China curbs neodymium exports", ""), ("Cup final tonight", "")])
    assert news[0].tagged
    assert not other[0].tagged
