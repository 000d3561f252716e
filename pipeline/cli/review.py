"""`chipwire review`: the review page in a browser, and sheets for people who use another one."""

import re
from contextlib import suppress
from importlib.util import find_spec

import click

from pipeline.app import open_app
from pipeline.app.parts import App
from pipeline.cli.output import examples
from pipeline.cli.reading import open_store
from pipeline.errors import ConfigError
from pipeline.models.labels import REVIEWER
from pipeline.steps.digest.words import counted

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what a person may write in [review] host


def file_name(_ctx: click.Context, _param: click.Parameter, name: str) -> str:
    """Refuse a name that would not be a plain file of its own."""
    if not re.fullmatch(r"\w[\w .-]{0,63}", name):
        raise click.BadParameter("use letters, digits, spaces, dots and dashes")
    return name


@click.group(
    invoke_without_command=True,
    epilog=examples("chipwire review", "chipwire review --no-open --port 0"),
)
@click.option("--port", type=click.IntRange(0, 65535), help="Else [review] port; 0: any free one.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.pass_context
def review(ctx: click.Context, port: int | None, no_open: bool) -> None:
    """Judge tags on a page, one key a verdict.

    The least sure come first. Runs beside a daemon. Without the page: sheets for any SQLite
    browser.
    """
    if ctx.invoked_subcommand is not None:
        return
    if find_spec("datasette") is None:
        raise ConfigError(
            "the review page needs Datasette, which is not installed",
            fix='pip install "chipwire[review]"; or judge with `chipwire label`, or in any SQLite'
            " browser after `chipwire review sheet`",
        )
    with open_app(ctx.obj) as app:
        open_store(app.home).close()
        show(app, port=app.settings.review.port if port is None else port, browser=not no_open)


@review.command("sheet", epilog=examples("chipwire review sheet --reviewer ann"))
@click.option("--reviewer", default=REVIEWER, show_default=True, callback=file_name, metavar="NAME",
              help="Who judges in it: names the file and the labels.")  # fmt: skip
@click.pass_context
def sheet(ctx: click.Context, reviewer: str) -> None:
    """Write review/NAME.db, the queue for any SQLite browser.

    Type yes, no or skip into the column verdict and save; `review sync` takes it in. The
    .sqbpro beside it opens it in DB Browser for SQLite, sorted and coloured.
    """
    from pipeline.jobs import sheets

    with open_app(ctx.obj) as app:
        open_store(app.home).close()
        report = sheets.make(app.store, app.home.review, reviewer)
    click.echo(f"{counted(report.added, 'item')} added", err=True)
    click.echo(report.path)


@review.command("sync", epilog=examples("chipwire review sync"))
@click.pass_context
def sync(ctx: click.Context) -> None:
    """Take the verdicts of all sheets and top the sheets up.

    A sheet that is being edited waits its turn; passes and the daemon do this by themselves.
    """
    from pipeline.jobs import sheets

    with open_app(ctx.obj) as app:
        open_store(app.home).close()
        reports = sheets.sync_all(app.store, app.home.review, now=app.clock.now())
    for report in reports:
        if report.deferred:
            click.echo(f"{report.path.name}: {report.deferred}; taken next time", err=True)
        else:
            taken, added = counted(report.labels, "label"), counted(report.added, "item")
            click.echo(f"{report.path.name}: {taken} taken, {added} added", err=True)
    if not reports:
        click.echo("no sheets yet: `chipwire review sheet --reviewer NAME` makes one", err=True)


def show(app: App, *, port: int, browser: bool) -> None:
    from urllib.parse import urlsplit

    from pipeline.review.guard import LOOPBACK
    from pipeline.review.serving import Desk, serve

    settings = app.settings.review
    named = {settings.host, urlsplit(settings.url).hostname or ""} - {"", *EVERYWHERE}
    desk = Desk(
        database=app.home.database,
        hosts=frozenset(named),
        token_file=app.home.review / "token",
        topics=app.topic_titles,
    )

    def ready(address: str) -> None:
        page = f"{address}/-/chipwire/review"
        click.echo(f"review page: {page}  (Ctrl-C stops it)", err=True)
        if named - LOOPBACK or settings.host in EVERYWHERE:
            click.echo(
                f"from other machines a label needs the token in {desk.token_file}", err=True
            )
        if browser:
            click.launch(page)

    with suppress(KeyboardInterrupt):
        serve(desk, host=settings.host, port=port, ready=ready)
    click.echo("review page closed; every verdict that was acknowledged is stored", err=True)
