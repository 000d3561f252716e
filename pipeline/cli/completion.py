"""`chipwire completion`: the script that lets a shell complete our commands."""

import click

HOW = {
    "bash": "echo 'eval \"$(chipwire completion bash)\"' >> ~/.bashrc",
    "zsh": "echo 'eval \"$(chipwire completion zsh)\"' >> ~/.zshrc",
    "fish": "chipwire completion fish > ~/.config/fish/completions/chipwire.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(sorted(HOW)))
def completion(shell: str) -> None:
    """Print the completion script of SHELL; a comment in it says where it goes."""
    from click.shell_completion import get_completion_class

    from pipeline.cli import cli

    complete = get_completion_class(shell)
    assert complete is not None  # the three shells click knows are the choices above
    source = complete(cli, {}, "chipwire", "_CHIPWIRE_COMPLETE").source()
    click.echo(f"# to use it: {HOW[shell]}\n{source}")
