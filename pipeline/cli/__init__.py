"""The command line: a table of commands, each loaded only when it is called."""

import importlib
import io
import sys
from contextlib import suppress

import click

from pipeline import __version__
from pipeline.adapters.streams import drop, let_go, take_hold
from pipeline.errors import ChipwireError

# command -> (module, attribute, what `--help` says). `chipwire --help` reads this table and
# imports no command: it costs click and nothing else.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "init": ("pipeline.cli.init", "init", "Make a home from the packaged defaults."),
    "run": ("pipeline.cli.run", "run", "Do one pass of everything that is due."),
    "daemon": ("pipeline.cli.daemon", "daemon", "Watch on schedule until SIGTERM."),
    "status": ("pipeline.cli.status", "status", "Show runs, feeds, queues and the model."),
    "feeds": ("pipeline.cli.feeds", "feeds", "Add, remove, list, test and exchange feeds."),
    "list": ("pipeline.cli.articles", "list_articles", "List stored articles."),
    "search": ("pipeline.cli.articles", "search", "Find stored articles by their words."),
    "explain": ("pipeline.cli.explain", "explain", "Show why an article carries its tags."),
    "extract": ("pipeline.cli.extract", "extract", "Show the cleaned article of a page."),
    "classify": ("pipeline.cli.classify", "classify", "Tag plain text or JSON lines."),
    "topics": ("pipeline.cli.topics", "topics", "List topics, say what a topic file would do."),
    "evaluate": ("pipeline.cli.evaluate", "evaluate", "Score the model on labelled JSON lines."),
    "review": ("pipeline.cli.review", "review", "Judge tags on a page, one key a verdict."),
    "label": ("pipeline.cli.labels", "label", "Say whether an article is about a topic."),
    "labels": ("pipeline.cli.labels", "labels", "Export and import the log of labels."),
    "digest": ("pipeline.cli.digest", "digest", "Preview digests, or send them now."),
    "alerts": ("pipeline.cli.alerts", "alerts", "Look at alert rules, preview what they send."),
    "stats": ("pipeline.cli.stats", "stats", "Count topics over weeks, outlets and companies."),
    "train": ("pipeline.cli.train", "train", "Retrain the model on what people said."),
    "models": ("pipeline.cli.train", "models", "List models, choose the one that tags."),
    "retag": ("pipeline.cli.train", "retag", "Apply the active model to stored articles."),
    "config": ("pipeline.cli.config", "config", "Show the configuration in force."),
    "backfill": ("pipeline.cli.backfill", "backfill", "Store the articles of archives."),
    "backup": ("pipeline.cli.backup", "backup", "Copy the database and check the copy."),
    "doctor": ("pipeline.cli.doctor", "doctor", "Find what is wrong and say what mends it."),
    "export": ("pipeline.cli.export", "export", "Write articles as JSON lines or CSV."),
    "restore": ("pipeline.cli.backup", "restore", "Put a backup in the database's place."),
    "completion": ("pipeline.cli.completion", "completion", "Print the shell completion script."),
}


# Every command once, in the order and under the headings of `chipwire --help`.
SECTIONS: dict[str, tuple[str, ...]] = {
    "Watch": ("init", "run", "daemon", "status", "doctor", "feeds", "topics", "config"),
    "Read": ("list", "search", "explain", "stats", "export", "extract", "classify"),
    "Judge and learn": ("review", "label", "labels", "train", "models", "retag", "evaluate"),
    "Tell": ("digest", "alerts"),
    "Keep": ("backup", "restore", "backfill", "completion"),
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], list(COMMANDS), n=1)
            hint = f" Did you mean {close[0]}?" if close else " See chipwire --help."
            raise click.UsageError(f"No command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, names in SECTIONS.items():
            with formatter.section(heading):
                # one column for all sections
                formatter.write_dl([(f"{name:<10}", COMMANDS[name][2]) for name in names])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", metavar="DIR", help="The folder of this watch (else CHIPWIRE_HOME).")
@click.version_option(__version__, prog_name="chipwire")
@click.pass_context
def cli(ctx: click.Context, home: str | None) -> None:
    """Watch the news of the AI-chip supply chain.

    Polls feeds, cleans articles, tags each with topics and says why, groups them into
    stories and sends digests. `chipwire run --sample` shows it all without any set-up.
    """
    ctx.obj = home


def main() -> None:
    """Run the command line; errors of ours become a sentence and their exit code."""
    take_hold()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Latin-1 locale has no 中文: show "?"
            stream.reconfigure(errors="replace")
    try:
        code = asked()
        sys.stdout.flush()  # what cannot be written can still be told here
    except (click.Abort, click.ClickException, ChipwireError, OSError) as error:
        if isinstance(error, click.Abort):
            drop(sys.stdout)  # its reader may have stopped reading: who interrupts does not wait
        code = tell(error)
    let_go()
    sys.exit(code)


def asked() -> int:
    """Do what the command line asks for; return the exit code."""
    try:
        code = cli.main(prog_name="chipwire", standalone_mode=False)
    except click.exceptions.Exit as done:
        code = done.exit_code
    except SystemExit as done:
        if isinstance(done.code, str):  # a library's last words: Python says them and exits with 1
            raise
        code = done.code
    return code if isinstance(code, int) else 0


def tell(error: click.Abort | click.ClickException | ChipwireError | OSError) -> int:
    """Say what stopped a command and what mends it; return the exit code."""
    with suppress(OSError):  # nobody listens to stderr either: the code says it alone
        say(error)
    match error:
        case click.Abort():
            return 130
        case click.ClickException() | ChipwireError():
            return error.exit_code
    return 1


def say(error: click.Abort | click.ClickException | ChipwireError | OSError) -> None:
    match error:
        case click.Abort():
            click.echo("interrupted; what was finished is stored, the rest is due again", err=True)
        case click.ClickException():
            error.show()
        case ChipwireError():
            click.echo(f"chipwire: {error}", err=True)
        case BrokenPipeError():
            pass  # the reader of our output has gone (`chipwire list | head`)
        case OSError():  # what cannot be read or written is the user's to mend, wherever it was met
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"chipwire: {place}{error.strerror or error}", err=True)
            click.echo("  fix: check the path, its permissions and the room on the disk", err=True)
