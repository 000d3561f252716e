"""`chipwire digest`: look at the next one, or send it now."""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.app import App, open_app
from pipeline.cli.output import as_json, console, examples, print_json, write_file
from pipeline.cli.reading import open_store
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.models.digests import Digest
    from pipeline.models.policies import DigestPolicy


@click.group()
def digest() -> None:
    """Preview digests, or send them now.

    `chipwire run` and the daemon send digests by themselves when they are due.
    """


@digest.command(
    epilog=examples("chipwire digest preview", "chipwire digest preview daily --eml next.eml")
)
@click.argument("name", default="")
@click.option("--html", is_flag=True, help="Print the mail as HTML.")
@click.option("--text", is_flag=True, help="Print the mail as plain text.")
@click.option("--open", is_flag=True, help="Show the page, with --html the mail, in the browser.")
@click.option(
    "--eml", type=click.Path(path_type=Path), metavar="FILE", help="Write the mail into a file."
)
@as_json
@click.pass_obj
def preview(home: str | None, /, name: str, *, eml: Path | None, **forms: bool) -> None:
    """Show what a digest would say now; store and send nothing.

    NAME is a [[digest]] of chipwire.toml; without it, the first.
    """
    from pipeline.app.delivery import newsroom
    from pipeline.jobs import digest as job

    shows_mail = forms["html"] and forms["open"]
    forms["html"] = forms["html"] and not shows_mail
    form = one_of({"eml": eml is not None, "json": forms.pop("as_json"), **forms})
    app = open_app(home)
    policy = find(app, name)
    with open_store(app.home) as store:
        made = job.preview(store, policy, now=app.clock.now(), newsroom=newsroom(app))
    if eml:
        write_file(eml, mail_of(app, made, policy))
        click.echo(f"wrote {eml}", err=True)
    elif form == "open":
        show_page(app, made, "mail.html" if shows_mail else "page.html")
    elif form == "html":
        click.echo(page_of(app, made, "mail.html"))
    elif form == "json":
        from pipeline.steps.digest.render_json import as_values

        print_json(as_values(made))
    else:
        show(app, made, mail=form == "text")


def one_of(forms: Mapping[str, bool]) -> str:
    """Return the form that was asked for, if any; two at once are a wrong call."""
    chosen = [f"--{form}" for form, given in forms.items() if given]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} exclude each other; give one of them.")
    return chosen[0].removeprefix("--") if chosen else ""


def show(app: App, made: "Digest", *, mail: bool) -> None:
    from pipeline.jobs.messages import NOBODY
    from pipeline.steps.digest.render_mail import TEXT_WIDTH, Envelope, unsubscribe
    from pipeline.steps.digest.render_terminal import render_terminal

    if not mail:
        click.echo(render_terminal(made, min(console().width, 100)))
        return
    settings = app.settings.mail
    stop = unsubscribe(made, Envelope(settings.sender or NOBODY, "", settings.unsubscribe))
    click.echo(render_terminal(made, TEXT_WIDTH, mail=True, unsubscribe=stop))


def show_page(app: App, made: "Digest", template: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", suffix=".html", prefix="chipwire-", delete=False, encoding="utf-8"
    ) as file:
        file.write(page_of(app, made, template))
    click.echo(file.name)
    if click.launch(file.name):
        click.echo("no browser could be opened here; open the file yourself", err=True)


def page_of(app: App, made: "Digest", template: str) -> str:
    from pipeline.app.delivery import newsroom
    from pipeline.jobs.messages import NOBODY, content_of
    from pipeline.steps.digest.forms import Order, Style

    room = newsroom(app)
    style = Style(room.templates, room.sender or NOBODY, room.unsubscribe)
    return content_of(Order(made, style, page=template), room).decode()


def mail_of(app: App, made: "Digest", policy: "DigestPolicy") -> bytes:
    """Return the mail to the digest's first reader, or to nobody in particular."""
    from pipeline.app.delivery import newsroom
    from pipeline.jobs.messages import copy_for
    from pipeline.steps.digest.channels import target, targets

    readers = [one for one in targets(policy) if one.kind == "mail"]
    reader = readers[0] if readers else target("mail:reader@chipwire.invalid", policy.name)
    return copy_for(made, reader, newsroom(app)).message


@digest.command(
    epilog=examples(
        "chipwire digest send daily --to ann@example.org --test", "chipwire digest send daily"
    )
)
@click.argument("name", default="")
@click.option("--to", metavar="ADDRESS", help="Send a copy to this address only; marks nothing.")
@click.option("--test", is_flag=True, help="Send a marked copy to the channels; marks nothing.")
@click.pass_obj
def send(home: str | None, /, name: str, *, to: str | None, test: bool) -> None:
    """Send a digest now, due or not.

    NAME is a [[digest]] of chipwire.toml; without it, the first. What still waits in the
    outbox is sent, too. With --to or --test a copy is sent: nothing is stored, and its
    stories stay due.
    """
    from pipeline.app.delivery import channels, newsroom, readers
    from pipeline.jobs import digest as job

    with open_app(home) as app:
        policy = find(app, name)
        if to or test:
            sent = send_copy(app, policy, to=to, test=test)
            click.echo(f"sent a copy to {', '.join(sent)}", err=True)
            return
        app.lock("chipwire digest send")
        report = job.send_now(
            app.store, readers(app), channels(app), name=policy.name,
            now=app.clock.now(), newsroom=newsroom(app),
        )  # fmt: skip
    for made in report.composed:
        click.echo(f"{made.name}: {made.subject}", err=True)
    if not report.composed:
        click.echo(f"{policy.name}: nothing new", err=True)
    click.echo(f"{report.delivered} delivered, {report.failed} failed", err=True)
    for why in report.refused:
        click.echo(f"refused: {why}", err=True)
    for why in report.put_off:
        click.echo(f"tried again later: {why}", err=True)
    sys.exit(1 if report.failed else 0)


def send_copy(app: App, policy: "DigestPolicy", *, to: str | None, test: bool) -> list[str]:
    from pipeline.app.delivery import channels, newsroom
    from pipeline.jobs import digest as job
    from pipeline.steps.digest.channels import target, targets

    chosen = (target(f"mail:{to}", policy.name),) if to else targets(policy)
    if not chosen:
        raise ConfigError(
            f"the digest {policy.name!r} has no channels", fix="add some, or use --to"
        )
    if to and not (app.settings.mail.host and app.settings.mail.sender):
        raise ConfigError("no mail server is configured", fix="set [mail] host and sender")
    room, ways = newsroom(app), channels(app)
    with open_store(app.home) as store:
        made = job.preview(store, policy, now=app.clock.now(), newsroom=room)
    return [
        job.send_copy(made, one, ways[one.kind], room, mark="[test] " if test else "")
        for one in chosen
    ]


def find(app: App, name: str) -> "DigestPolicy":
    """Return the digest of this name, or the first one."""
    policies = app.digest_policies
    if not policies:
        raise ConfigError("no digest is configured", fix="add a [[digest]] to chipwire.toml")
    for policy in policies:
        if not name or policy.name == name:
            return policy
    names = ", ".join(policy.name for policy in policies)
    raise ConfigError(f"no digest is named {name!r}", fix=f"there are: {names}")
