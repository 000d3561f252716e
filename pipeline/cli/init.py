"""`chipwire init`: a home to begin with."""

from pathlib import Path

import click

from pipeline.adapters.files import packaged
from pipeline.cli.output import examples
from pipeline.errors import ConfigError
from pipeline.settings import Home, find_home


@click.command(epilog=examples("chipwire init ~/chipwire", "chipwire --home /srv/watch init"))
@click.argument("folder", required=False, metavar="[DIR]")
@click.pass_obj
def init(home_option: str | None, folder: str | None) -> None:
    """Make a home from the packaged defaults.

    DIR is the home; without it --home, CHIPWIRE_HOME or the user's data folder. A file that
    is there is never overwritten.
    """
    import os

    home = (
        Home(Path(folder).resolve()) if folder else find_home(home_option, os.environ, Path.cwd())
    )
    made, kept = fill(home)
    for path in made:
        click.echo(f"made   {path}")
    for path in kept:
        click.echo(f"kept   {path}")
    at = "" if Path.cwd() == home.path else f" --home {quoted(home.path)}"
    click.echo(
        "\nNext:\n"
        f"  edit {quoted(home.settings)}: put an address into [fetch] contact\n"
        f"  chipwire{at} run       # one pass: poll, clean, tag, group, digest\n"
        f"  chipwire{at} status    # how it went"
    )


def fill(home: Home) -> tuple[list[Path], list[Path]]:
    """Write the packaged files that are missing; return those made and those kept."""
    made: list[Path] = []
    kept: list[Path] = []
    source = packaged("config")
    names = ["chipwire.toml", "feeds.opml", "companies.toml"]
    topics = sorted(f"topics/{entry.name}" for entry in (source / "topics").iterdir())
    try:
        home.topics.mkdir(parents=True, exist_ok=True)
        for name in [*names, *(topic for topic in topics if topic.endswith(".toml"))]:
            target = home.path / name
            if target.exists():
                kept.append(target)
                continue
            target.write_bytes(source.joinpath(*name.split("/")).read_bytes())
            made.append(target)
    except OSError as error:
        raise ConfigError(
            f"{home.path} cannot be made a home", why=str(error), fix="choose another DIR"
        ) from error
    return made, kept


def quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
