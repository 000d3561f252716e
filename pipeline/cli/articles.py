"""`chipwire list` and `chipwire search`: what the store holds."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any, TypeVar

import click

from pipeline.adapters.store import Store
from pipeline.adapters.store.listing import Filter, articles, names
from pipeline.app import App, open_app
from pipeline.cli.completion import topic_names
from pipeline.cli.output import as_json, console, examples, print_json, print_table, printable
from pipeline.cli.reading import check_topic, open_store

F = TypeVar("F", bound=Callable[..., Any])
NARROW = 110  # columns


def moment(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    """Read 2026-11-23, a full ISO moment, or an age such as 36h, 7d, 2w."""
    if not value:
        return None
    units = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
    try:
        if value[-1] in units and value[:-1].isdecimal():
            return datetime.now(UTC) - int(value[:-1]) * units[value[-1]]
        read = datetime.fromisoformat(value)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter("write 7d, 36h, 2w or a date such as 2026-11-23") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def filters(command: F) -> F:
    """Add the options that every listing of articles takes."""
    for option in (
        as_json,
        click.option(
            "--limit",
            type=click.IntRange(1),
            default=50,
            show_default=True,
            metavar="N",
            help="At most so many.",
        ),
        click.option("--story", type=int, metavar="ID", help="Only articles of this story."),
        click.option("--outlet", default="", metavar="NAME", help="Only this outlet."),
        click.option(
            "--lang", "language", default="", metavar="CODE", help="Only this language, e.g. zh."
        ),
        click.option("--since", callback=moment, metavar="7d|DATE", help="Only from then on."),
        click.option(
            "--company", default="", metavar="NAME", help="Only articles that name this company."
        ),
        click.option(
            "--topic",
            default="",
            metavar="NAME",
            shell_complete=topic_names,
            help="Only articles tagged with this topic.",
        ),
    ):
        command = option(command)
    return command


@click.command(
    "list",
    epilog=examples(
        "chipwire list --topic hbm --since 7d",
        "chipwire list --company SMIC --lang zh --limit 10",
        "chipwire list --story 12 --json",
    ),
)
@filters
@click.pass_obj
def list_articles(home: str | None, /, as_json: bool, **wanted: Any) -> None:
    """List stored articles.

    The newest first, with the topics each is tagged with and how sure the model is.
    """
    show(home, Filter(**wanted), as_json=as_json)


@click.command(
    epilog=examples(
        "chipwire search '\"export controls\" ASML'", "chipwire search 稀土 --lang zh --since 30d"
    )
)
@click.argument("query", nargs=-1, required=True)
@filters
@click.pass_obj
def search(home: str | None, /, query: tuple[str, ...], as_json: bool, **wanted: Any) -> None:
    """Find stored articles by their words.

    All words of QUERY must be there, in any order; "…" keeps words together. Chinese,
    Japanese and Korean words are found inside longer runs (two characters or more).
    """
    show(home, Filter(query=" ".join(query), **wanted), as_json=as_json)


def show(home: str | None, wanted: Filter, *, as_json: bool) -> None:
    app = open_app(home)
    with open_store(app.home) as store:
        rows = [dict(row) for row in articles(store, wanted)]
        if not rows:  # only then can a name be wrong: what is found is known
            explain_nothing(app, store, wanted)
    for row in rows:
        row["topics"] = json.loads(row["topics"])
        row["companies"] = json.loads(row["companies"])
    if as_json:
        print_json(rows)
        return
    if not rows:
        return
    cells = [
        (
            row["id"],
            row["published_at"][:16].replace("T", " "),
            row["site"],
            row["title"],
            ", ".join(tag_words(tag) for tag in row["topics"]),
        )
        for row in rows
    ]
    if console().width < NARROW:
        show_narrow(cells)
    else:
        print_table(("id", "published", "outlet", "title", "topics"), cells)


def show_narrow(cells: list[tuple[Any, ...]]) -> None:
    """Print two lines an article: five columns leave a title 16 characters of 80."""
    from rich.padding import Padding
    from rich.text import Text

    screen = console()
    for number, published, outlet, title, topics in cells:
        screen.print(Text(printable(f"{number:>5}  {published}  {outlet}  {topics}")))
        screen.print(Padding(Text(printable(title), style="bold"), (0, 0, 0, 7)))


def tag_words(tag: dict[str, Any]) -> str:
    """Return a tag in a list: how sure the model is, or a mark where a person said yes."""
    sure = "✓" if tag["verdict"] else f"{tag['probability']:.2f}"
    return f"{tag['topic']} {sure}"


def explain_nothing(app: App, store: Store, wanted: Filter) -> None:
    """Say that nothing matches, and which name no stored article has.

    Raises:
        ConfigError: there is no such topic.
    """
    if wanted.topic:
        check_topic(app, store, wanted.topic)
    click.echo("no articles match", err=True)
    for facet in ("language", "outlet", "company"):
        asked: str = getattr(wanted, facet)
        known = {name.casefold(): name for name in names(store, facet)} if asked else {}
        if asked and asked.casefold() not in known:
            click.echo(f"no stored article has the {facet} {asked!r}{nearest(asked, known)}",
                       err=True)  # fmt: skip


def nearest(asked: str, known: dict[str, str]) -> str:
    """Return the nearest of the known names as a question, or all of them if they are few."""
    close = get_close_matches(asked.casefold(), known, n=1)
    if close:
        return f"; did you mean {known[close[0]]}?"
    return f"; there are {', '.join(known.values())}" if 0 < len(known) <= 8 else ""
