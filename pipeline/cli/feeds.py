"""`chipwire feeds`: the list of feeds, and what a feed or a site would give."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pipeline.adapters.store import Store
from pipeline.adapters.store.feeds import listed
from pipeline.app import App, open_app
from pipeline.app.feed_list import FeedList, look
from pipeline.cli.output import as_json, examples, print_json, print_table, write_file
from pipeline.errors import ConfigError
from pipeline.models.feeds import Feed, FeedOptions, FeedSource
from pipeline.steps.health import health


@click.group()
def feeds() -> None:
    """Add, remove, list, test and exchange feeds."""


@feeds.command("list", epilog=examples("chipwire feeds list"))
@as_json
@click.pass_obj
def list_feeds(home: str | None, as_json: bool) -> None:
    """List the feeds that are watched and how each is doing."""
    app = open_app(home)
    known = watched(app)
    rows = [row(known.get(source.url) or Feed(0, source), app.clock.now()) for source in app.feeds]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("feed", "category", "state", "last ok", "address"),
        ((r["title"], r["category"], r["sentence"], r["last_ok_at"] or "", r["url"]) for r in rows),
    )


def watched(app: App) -> dict[str, Feed]:
    """Return the feeds the database knows, by address."""
    if not app.home.database.is_file():
        return {}
    with Store(app.home.database, read_only=True) as store:
        return {feed.url: feed for feed in listed(store)}


def row(feed: Feed, now: datetime) -> dict[str, Any]:
    memory, found = feed.memory, health(feed, now=now)
    return {
        "url": feed.url,
        "title": feed.source.title,
        "category": feed.source.category,
        "state": found.state,
        "sentence": found.sentence,
        "needs_a_person": found.act,
        "failures": memory.failures,
        "failing_since": memory.failing_since,
        "last_error": memory.last_error,
        "last_ok_at": memory.last_ok_at and f"{memory.last_ok_at:%Y-%m-%d %H:%M}",
        "next_poll_at": memory.next_poll_at,
    }


@feeds.command(
    epilog=examples(
        "chipwire feeds add https://news.example/feed.xml --category Industry",
        "chipwire feeds add news.example",
    )
)
@click.argument("url")
@click.option(
    "--title", default="", metavar="NAME", help="What listings call it; else the feed's own title."
)
@click.option("--category", default="", metavar="NAME", help="The folder it is filed under.")
@click.option("--no-check", is_flag=True, help="Add it without looking whether it is a feed.")
@click.pass_obj
def add(home: str | None, url: str, title: str, category: str, no_check: bool) -> None:
    """Watch the feed at URL from now on.

    A site's address will do: the feed it names is taken. One request shows that it is a feed.
    """
    url = as_address(url)
    with open_app(home) as app:
        source = FeedSource(url, title, "", category, FeedOptions())
        if not no_check:
            found = look(app, url)
            source = FeedSource(
                found.url, title or found.feed.title, found.feed.site_url, category, FeedOptions()
            )
        FeedList(app).add(source)
        click.echo(f"added {source.title or source.url} ({source.url}) to {app.home.feeds}")


def as_address(url: str) -> str:
    """Return what a person typed as an address; a bare host name means https.

    Raises:
        ConfigError: it is a file, or an address that is not fetched over HTTP.
    """
    if Path(url).exists():
        raise ConfigError(
            f"{url} is a file",
            fix="`chipwire feeds import` takes a list, `feeds test` looks into a feed",
        )
    scheme, found, _ = url.partition("://")
    if not found:
        return f"https://{url}"
    if scheme.lower() not in ("http", "https"):
        raise ConfigError(f"{url} is no http or https address", fix="give the feed's web address")
    return url


@feeds.command(epilog=examples("chipwire feeds remove https://news.example/feed.xml"))
@click.argument("url")
@click.pass_obj
def remove(home: str | None, url: str) -> None:
    """Stop watching the feed at URL; its articles stay."""
    with open_app(home) as app:
        FeedList(app).remove(url)
        click.echo(f"removed {url} from {app.home.feeds}; its articles stay")


@feeds.command(
    "test",
    epilog=examples(
        "chipwire feeds test https://news.example/feed.xml", "chipwire feeds test saved.xml --json"
    ),
)
@click.argument("source")
@as_json
@click.pass_obj
def test_feed(home: str | None, source: str, as_json: bool) -> None:
    """Show what a feed would bring; store nothing.

    SOURCE is a feed's address, a site's, or a file.
    """
    with open_app(home) as app:
        found = look(app, source)
    if as_json:
        print_json(found.as_values())
        return
    feed = found.feed
    click.echo(f"{feed.title or '(no title)'}: {feed.format}, {len(feed.entries)} entries")
    for note in (*found.notes, *feed.notes):
        click.echo(f"note: {note}")
    print_table(
        ("published", "from", "title", "address"),
        (
            (
                f"{entry.published_at:%Y-%m-%d %H:%M}" if entry.published_at else "",
                entry.date_source, entry.title, entry.url,
            )
            for entry in feed.entries
        ),
    )  # fmt: skip


@feeds.command(epilog=examples("chipwire feeds discover news.example"))
@click.argument("site")
@as_json
@click.pass_obj
def discover(home: str | None, site: str, as_json: bool) -> None:
    """Find the feeds of a site.

    Those that the page at SITE names, else the one in a usual place.
    """
    from pipeline.app.feed_list import discover as find

    with open_app(home) as app:
        links = find(app, site)
    if as_json:
        print_json([{"url": link.url, "title": link.title} for link in links])
    elif links:
        print_table(("title", "address"), ((link.title, link.url) for link in links))
    if not links:
        click.echo(f"no feed found at {site}: its page names none, the usual places hold none",
                   err=True)  # fmt: skip
        sys.exit(1)


@feeds.command("import", epilog=examples("chipwire feeds import subscriptions.opml"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_feeds(home: str | None, file: Path) -> None:
    """Add the feeds of an OPML file to the list.

    FILE is what any reader exports; feeds that are listed already stay as they are.
    """
    with open_app(home) as app:
        added, known = FeedList(app).merge(file.read_bytes(), name=str(file))
    if not added + known:
        raise ConfigError(
            f"{file} lists no feeds",
            fix="export the feeds of your reader as OPML: xmlUrl names each",
        )
    click.echo(f"{added} feeds added, {known} were there already")


@feeds.command("export", epilog=examples("chipwire feeds export feeds.opml"))
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export_feeds(home: str | None, file: Path | None) -> None:
    """Write the list as OPML, into FILE or to standard output."""
    from pipeline.steps import opml

    app = open_app(home)
    name, data = app.read("feeds.opml")
    data = opml.write(opml.read(data, name=name))
    if file:
        write_file(file, data)
        click.echo(f"wrote {file}{os.linesep}", nl=False, err=True)
    else:
        click.echo(data.decode(), nl=False)
