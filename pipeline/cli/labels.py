"""`chipwire label` and `chipwire labels`: verdicts from the shell, and the log as files."""

import sys
from pathlib import Path
from typing import BinaryIO, get_args

import click

from pipeline.adapters.store import review as table
from pipeline.adapters.store.explaining import find
from pipeline.app import App, open_app
from pipeline.cli.completion import topic_names
from pipeline.cli.output import examples, printable, write_file
from pipeline.cli.reading import check_topic, known_topics, open_store
from pipeline.errors import ConfigError
from pipeline.models.labels import REVIEWER, Label, Verdict
from pipeline.steps import label_file
from pipeline.steps.digest.words import counted

who = click.option(
    "--reviewer", default=REVIEWER, show_default=True, metavar="NAME", help="Who says so."
)


@click.command(
    epilog=examples(
        "chipwire label 12 foundry no --note 'about its customer' --reviewer ann",
        "chipwire label 12 foundry undo --reviewer ann",
    )
)
@click.argument("article", metavar="ID|URL")
@click.argument("topic", shell_complete=topic_names)
@click.argument("verdict", type=click.Choice(get_args(Verdict)))
@click.option("--note", default="", metavar="WORDS", help="Why, in a few words.")
@who
@click.pass_obj
def label(
    home: str | None, /, article: str, topic: str, verdict: Verdict, note: str, reviewer: str
) -> None:
    """Say whether an article is about a topic.

    The next training learns from it; undo takes the last verdict back. Saying the same
    again changes nothing.
    """
    with open_app(home) as app:
        open_store(app.home).close()  # says what to do where there is no database yet
        article_id = find(app.store, article)
        if article_id is None:
            raise ConfigError(
                f"no article {article!r} is stored",
                fix="give an id or address that `chipwire list` shows",
            )
        check_topic(app, app.store, topic)
        said = Label(
            article_id, topic, verdict, reviewer=reviewer.strip() or REVIEWER, note=note.strip(),
            origin="shell",
        )  # fmt: skip
        new = table.record(app.store, said, now=app.clock.now())
    said_now = "taken back" if verdict == "undo" else "labelled"
    click.echo(said_now if new else "said already: nothing changed", err=True)


@click.group()
def labels() -> None:
    """Export and import the log of labels."""


@labels.command(
    "export",
    epilog=examples("chipwire labels export labels.csv", "chipwire labels export > labels.jsonl"),
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), help="Else by FILE's name.")
@click.pass_obj
def export_labels(home: str | None, /, file: Path | None, form: str | None) -> None:
    """Write every label into FILE or to standard output.

    Oldest first; JSON lines, or CSV where FILE's name or --format says so.

    In CSV, cells that a spreadsheet would take for a formula start with an apostrophe.
    """
    app = open_app(home)
    with open_store(app.home) as store:
        rows = table.exported(store)
    chosen = form or (file.suffix.lstrip(".").lower() if file else "jsonl")
    text = label_file.write_csv(rows) if chosen == "csv" else label_file.write_jsonl(rows)
    if file is None:
        sys.stdout.write(text)
        return
    write_file(file, text)
    click.echo(f"{len(rows)} labels in {file}", err=True)


@labels.command("import", epilog=examples("chipwire labels import labels.csv"))
@click.argument("file", type=click.File("rb"))
@click.pass_obj
def import_labels(home: str | None, /, file: BinaryIO) -> None:
    """Add the labels of a file to the log.

    FILE holds JSON lines or CSV; `-` is standard input. A label names its article by url or
    article_id; what the log says already is left out, and so is what names an article or a
    topic that nobody knows.
    """
    lines = label_file.read(file.read(), name=file.name)
    with open_app(home) as app:
        open_store(app.home).close()
        added, left_out = add(app, lines)
    for words in left_out:
        click.echo(words, err=True)
    click.echo(f"{counted(added, 'new label')} of {len(lines)}", err=True)
    if left_out:
        fix = (
            "import the file again once `chipwire list` or a topic file knows them; what was taken"
        )
        click.echo(f"  fix: {fix} stays", err=True)
        raise click.exceptions.Exit(1)


def add(app: App, lines: list[label_file.LabelLine]) -> tuple[int, list[str]]:
    """Add labels in one transaction; return how many were new, and why others were left out."""
    added = 0
    left_out = []
    with app.store.transaction():
        topics = known_topics(app, app.store)
        for line in lines:
            article_id = find(app.store, line.url or str(line.article_id))
            if article_id is None or line.topic not in topics:
                named = line.url or line.article_id
                why = f"{named} is not stored" if article_id is None else no_topic(line.topic)
                left_out.append(f"{line.where}: {why}; left out")
                continue
            said = Label(
                article_id, line.topic, line.verdict, reviewer=line.reviewer, note=line.note,
                origin="import", created_at=line.created_at,
            )  # fmt: skip
            added += table.record(app.store, said, now=app.clock.now())
    return added, left_out


def no_topic(name: str) -> str:
    return f"there is no topic {printable(name)!r}"
