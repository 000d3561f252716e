"""`chipwire topics`: the topics of this watch, and what a topic file would do before it does it."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from pipeline.app import App, open_app
from pipeline.cli.completion import topic_names
from pipeline.cli.output import as_json, examples, print_json, print_table, printable
from pipeline.cli.reading import open_store

if TYPE_CHECKING:
    from classifiers.topic_check import TopicCheck
    from pipeline.adapters.topic_files import TopicFile

SHOWN = 10


@click.group()
def topics() -> None:
    """List topics, say what a topic file would do."""


@topics.command("list", epilog=examples("chipwire topics list"))
@as_json
@click.pass_obj
def list_topics(home: str | None, /, as_json: bool) -> None:
    """List the topics this watch knows."""
    with open_app(home) as app:
        known = app.tagger.glossaries
    if as_json:
        print_json(
            [
                {
                    "name": topic.name, "title": topic.title, "description": topic.description,
                    "terms": len(topic.terms), "conjunctions": len(topic.conjunctions),
                }
                for topic in known
            ]
        )  # fmt: skip
        return
    rows = [(topic.name, topic.title, len(topic.terms), topic.description) for topic in known]
    print_table(("name", "title", "terms", "description"), rows)


@topics.command(
    epilog=examples(
        "chipwire topics check rare-earths", "chipwire topics check ~/rare-earths.toml --limit 500"
    )
)
@click.argument("topic", required=False, metavar="[NAME|FILE.toml]", shell_complete=topic_names)
@click.option(
    "--limit", type=click.IntRange(1), default=2000, show_default=True, metavar="N",
    help="How many of the newest stored articles to try it on.",
)  # fmt: skip
@as_json
@click.pass_obj
def check(home: str | None, /, topic: str | None, limit: int, as_json: bool) -> None:
    """Say what is wrong with a topic, and what it would tag.

    Also which terms do the work, which are never found, and which it shares with others.
    Without a name: every topic of this watch. A file need not be in the watch yet. Judged by
    the rules alone, as a new topic works on its first day; nothing is stored.
    """
    from pipeline.adapters import topic_files

    with open_app(home) as app:
        folder, vocabulary = app.topic_sources
        known = topic_files.read_all(folder, vocabulary)
        files = [topic_files.wanted(topic, known, vocabulary)] if topic else known
        found = [
            (file, topic_files.check(file.topic, known, stored(app, limit)) if file.topic else None)
            for file in files
        ]
    if as_json:
        print_json([as_values(file, result) for file, result in found])
    else:
        for file, result in found:
            show(file, result)
    sys.exit(2 if any(result is None for _, result in found) else 0)


def stored(app: App, limit: int) -> Iterator[tuple[int, str, str]]:
    """Yield (id, title, text) of the newest stored articles, none without a database."""
    from pipeline.adapters.store.listing import newest_texts

    if app.home.database.is_file():
        with ExitStack() as opened:
            yield from newest_texts(opened.enter_context(open_store(app.home)), limit=limit)


def as_values(file: "TopicFile", result: "TopicCheck | None") -> dict[str, Any]:
    if result is None:
        return {"file": file.name, "wrong": file.wrong, "fix": file.fix}
    return {
        "file": file.name,
        "topic": result.topic.name,
        "articles": result.texts,
        "tagged": [
            {
                "id": each.text_id, "title": each.title, "because": each.because,
                "probability": round(each.probability, 4),
            }
            for each in result.tagged
        ],
        "carriers": [
            {"term": each.name, "articles": each.texts, "share": round(each.share, 4)}
            for each in result.carriers
        ],
        "never": [{"term": term, "strength": strength} for term, strength in result.never],
        "shared": [{"term": each.term, "topics": each.topics} for each in result.shared],
    }  # fmt: skip


def show(file: "TopicFile", result: "TopicCheck | None") -> None:
    if result is None:
        click.echo(f"✗ {printable(file.wrong)}")
        if file.fix and file.fix not in file.wrong:
            click.echo(f"  {printable(file.fix)}")
        return
    click.echo(f"✓ {file.name}: {result.topic.name}, {len(result.topic.terms)} terms")
    if result.texts:
        click.echo(f"  would tag {len(result.tagged)} of the {result.texts} newest stored articles")
    else:
        click.echo("  no articles are stored here yet: `chipwire run` fetches some to try it on")
    for each in result.tagged[:SHOWN]:
        because = ", ".join(each.because[:3])
        click.echo(
            printable(f"    {each.probability:.2f}  {each.text_id}  {each.title}  ({because})")
        )
    say("carried by", [f"{each.name} {each.share:.0%}" for each in result.carriers])
    say("never found", [term for term, _ in result.never])
    say("shared", [f"{each.term} ({', '.join(each.topics)})" for each in result.shared])


def say(what: str, named: list[str]) -> None:
    if named:
        more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
        click.echo(printable(f"  {what}: {', '.join(named[:SHOWN])}{more}"))
