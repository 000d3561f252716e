"""`chipwire config`: what is in force, and where each value comes from."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.output import as_json, examples, print_json
from pipeline.settings import Home, find_home

if TYPE_CHECKING:
    from pipeline.settings.origin import Value

FILES = ("feeds.opml", "companies.toml", "outlets.toml", "topics", "templates")


@click.group()
def config() -> None:
    """Show the configuration in force."""


@config.command(
    epilog=examples("chipwire config show --origin", "chipwire config show > chipwire.toml")
)
@click.option("--origin", is_flag=True, help="Say of each value where it comes from.")
@as_json
@click.pass_obj
def show(home_option: str | None, /, origin: bool, as_json: bool) -> None:
    """Print every value in force.

    The output is a chipwire.toml that says the same. A value comes from the environment
    (CHIPWIRE_SECTION_KEY), else the home's chipwire.toml, else the defaults. No secret is
    among them: passwords stand elsewhere.
    """
    from pipeline.settings.origin import in_force

    home = find_home(home_option, os.environ, Path.cwd())
    values = in_force(home.settings, os.environ)
    files = {name: place(home, name) for name in FILES}
    if as_json:
        print_json(
            {"home": str(home.path), "files": files, "values": [asdict(each) for each in values]}
        )
        return
    click.echo(f"# home: {home.path} ({chosen_by(home_option, home)})")
    if origin:
        for name, where in files.items():
            click.echo(f"# {name}: {where}")
    for line in lines(values, origin=origin):
        click.echo(line)


def place(home: Home, name: str) -> str:
    """Return where a file or folder of the configuration is read from."""
    return str(home.path / name) if (home.path / name).exists() else "packaged"


def chosen_by(option: str | None, home: Home) -> str:
    if option:
        return "--home"
    if os.environ.get("CHIPWIRE_HOME"):
        return "CHIPWIRE_HOME"
    return "this folder" if home.path == Path.cwd().resolve() else "the user's data folder"


def lines(values: "list[Value]", *, origin: bool) -> list[str]:
    from pipeline.settings.origin import to_toml

    written: list[str] = []
    before: tuple[str, int | None] | None = None
    pairs = [f"{each.key} = {to_toml(each.value)}" for each in values]
    width = min(max(map(len, pairs)), 44)
    for each, pair in zip(values, pairs, strict=True):
        if (each.section, each.number) != before:
            before = each.section, each.number
            name = each.section if each.number is None else f"[{each.section}]"
            written += ["", f"[{name}]"]
        written.append(f"{pair:<{width}}  # {each.origin}" if origin else pair)
    return written
