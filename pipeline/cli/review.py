"""`chipwire review`: the review page in a browser, and sheets for people who use another one."""

from contextlib import suppress
from importlib.util import find_spec

import click

from pipeline.app import open_app
from pipeline.app.parts import App
from pipeline.cli.reading import open_store
from pipeline.errors import ConfigError


@click.group(invoke_without_command=True)
@click.option("--port", type=click.IntRange(0, 65535), help="Else [review] port; 0: any free one.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.pass_context
def review(ctx: click.Context, port: int | None, no_open: bool) -> None:
    """Judge what the model was unsure of, one key a verdict, beside a running daemon."""
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


def show(app: App, *, port: int, browser: bool) -> None:
    from urllib.parse import urlsplit

    from pipeline.review.serving import Desk, serve

    settings = app.settings.review
    named = {settings.host, urlsplit(settings.url).hostname or ""} - {"", "0.0.0.0", "::"}  # noqa: S104 - taken out of the allowed names, not bound
    desk = Desk(
        database=app.home.database,
        hosts=frozenset(named),
        token_file=app.home.review / "token",
        topics=app.topic_titles,
    )

    def ready(address: str) -> None:
        page = f"{address}/-/chipwire/review"
        click.echo(f"review page: {page}  (Ctrl-C stops it)", err=True)
        if browser:
            click.launch(page)

    with suppress(KeyboardInterrupt):
        serve(desk, host=settings.host, port=port, ready=ready)
    click.echo("review page closed; every verdict that was acknowledged is stored", err=True)
