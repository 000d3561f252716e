"""`chipwire completion`: the script that lets a shell complete our commands."""

import os
from pathlib import Path

import click

from pipeline.adapters.files import packaged
from pipeline.cli.output import examples
from pipeline.settings import find_home

HOW = {
    "bash": "echo 'eval \"$(chipwire completion bash)\"' >> ~/.bashrc",
    "zsh": "echo 'eval \"$(chipwire completion zsh)\"' >> ~/.zshrc",
    "fish": "chipwire completion fish > ~/.config/fish/completions/chipwire.fish",
}


@click.command(epilog=examples("chipwire completion bash"))
@click.argument("shell", type=click.Choice(sorted(HOW)))
def completion(shell: str) -> None:
    """Print the shell completion script.

    A comment in it says where it goes.
    """
    from click.shell_completion import get_completion_class

    from pipeline.cli import cli

    complete = get_completion_class(shell)
    assert complete is not None  # the three shells click knows are the choices above
    source = complete(cli, {}, "chipwire", "_CHIPWIRE_COMPLETE").source()
    click.echo(f"# to use it: {HOW[shell]}\n{source}")


def topic_names(ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Return the topics of the home that begin so; reads names of files and nothing else."""
    home = find_home(ctx.find_root().params.get("home"), os.environ, Path.cwd())
    folder = home.topics if home.topics.is_dir() else packaged("config") / "topics"
    names = (file.name.removesuffix(".toml") for file in folder.iterdir())
    return sorted(name for name in names if name.startswith(begun))
