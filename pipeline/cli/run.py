"""`chipwire run`: one pass, silent under cron, a summary on a terminal."""

import shlex
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.app import App, open_app
from pipeline.cli.output import as_json, examples, print_json, printable
from pipeline.cli.progress import Stages

if TYPE_CHECKING:
    from pipeline.app.one_pass import PassReport
    from pipeline.models.digests import Digest


@click.command(
    epilog=examples(
        "chipwire run --sample", "chipwire run --force", "chipwire --home ~/chipwire run --json"
    )
)
@click.option("--sample", is_flag=True, help="Watch the newsroom that comes with chipwire.")
@click.option("--force", is_flag=True, help="Poll feeds that are not due (still conditionally).")
@click.option("--no-digest", is_flag=True, help="Compose and deliver nothing.")
@as_json
@click.pass_obj
def run(home: str | None, sample: bool, force: bool, no_digest: bool, as_json: bool) -> None:
    """Do one pass of everything that is due.

    Polls, fetches, cleans, tags, groups, sends what is due. For cron: silent on success
    without a terminal. --sample shows the whole way on a small site of our own, served on
    this machine: no internet, no configuration.
    """
    from pipeline.app.alive import ping
    from pipeline.app.keeping import keep_what_is_due
    from pipeline.app.one_pass import run_pass

    with ExitStack() as stack:
        app = stack.enter_context(sample_app(home, stack) if sample else open_app(home))
        app.lock("chipwire run")
        talkative = sample or sys.stderr.isatty()
        stages = stack.enter_context(Stages(enabled=talkative and not as_json))
        report = run_pass(app, force=force, digest=not no_digest, progress=stages.advance)
        kept = [] if sample else keep_what_is_due(app)
        ping(app, report)
        stages.close()
        for job in kept:
            if job.error:
                click.echo(f"chipwire: {job.job}: {printable(job.error)}", err=True)
        for sentence in report.news:  # also under cron: said once, and a person should act
            click.echo(f"chipwire: {printable(sentence)}", err=True)
        if as_json:
            print_json(as_values(app, report))
        elif sample:
            show_sample(app, report)
        elif sys.stdout.isatty():
            show(report)
    sys.exit(1 if report.undelivered or any(job.error for job in kept) else 0)


def sample_app(home: str | None, stack: ExitStack) -> App:
    """Serve the newsroom and return an app that watches it, in a home of its own."""
    from pipeline.app.sample import sample_watch

    folder = Path(home) if home else Path(tempfile.mkdtemp(prefix="chipwire-sample-"))
    return stack.enter_context(sample_watch(folder))


def as_values(app: App, report: "PassReport") -> dict[str, object]:
    return {
        "home": str(app.home.path),
        "database": str(app.home.database),
        **report.counts,
        "undelivered": report.undelivered,
        "news": list(report.news),
        "next_poll_at": report.next_poll_at and report.next_poll_at.isoformat(),
        "digest_subjects": [digest.subject for digest in report.digests],
    }


def show(report: "PassReport") -> None:
    for line in summary(report):
        click.echo(line)
    for digest in report.digests:
        show_digest(digest)


def show_digest(digest: "Digest") -> None:
    from pipeline.cli.output import console
    from pipeline.steps.digest.render_terminal import render_terminal

    click.echo()
    click.echo(render_terminal(digest, width=min(console().width, 100)))


def summary(report: "PassReport") -> list[str]:
    """Return what a pass did, in sentences."""
    counts = report.counts
    if not report.found_work:
        due = report.next_poll_at
        when = f"; the next feed is due at {due.astimezone():%H:%M}" if due else ""
        return [f"nothing was due{when} (--force polls anyway)"]
    lines = [
        f"{counts['feeds_polled']} feeds polled: {counts['feeds_unchanged']} unchanged,"
        f" {counts['feeds_failed']} failed, {counts['new_articles']} new articles"
    ]
    if 1 < counts["feeds_polled"] == counts["feeds_failed"]:
        lines.append("no feed answered: see whether this machine is online (chipwire doctor)")
    if counts["pages_fetched"]:
        lines.append(
            f"{counts['pages_fetched']} pages fetched: {counts['articles_stored']} articles"
            f" stored, {counts['not_articles']} were none, {counts['pages_failed']} failed"
        )
    if counts["articles_tagged"]:
        lines.append(
            f"{counts['articles_tagged']} articles tagged, {counts['on_topic']} on topic,"
            f" {counts['stories']} stories"
        )
    if counts.get("alerts"):
        lines.append(f"{counts['alerts']} alerts raised")
    if not report.brought_news:
        lines.append("nothing new: no article, tag, story or digest was written")
    if report.undelivered:
        lines.append(f"{report.undelivered} deliveries failed; chipwire status tells why")
    return lines


def show_sample(app: App, report: "PassReport") -> None:
    for digest in report.digests:
        show_digest(digest)
    click.echo()
    for line in summary(report):
        click.echo(line)
    click.echo(f"database: {app.home.database}")
    chipwire, home = program(), shlex.quote(str(app.home.path))
    click.echo(
        "\nNext:\n"
        f"  {chipwire} --home {home} list --topic hbm\n"
        f"  {chipwire} --home {home} search 'export controls'\n"
        f"  {chipwire} init ~/chipwire    # to watch the real feeds of the field"
    )


def program() -> str:
    """Return what to type to run this program again: its name, or its path if not on PATH."""
    return "chipwire" if shutil.which("chipwire") else shlex.quote(sys.argv[0])
