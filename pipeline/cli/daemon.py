"""`chipwire daemon`: the watch on schedule, until it is told to stop."""

import sys

import click

from pipeline.cli.output import examples


@click.command(
    epilog=examples("chipwire daemon", "chipwire --home /srv/watch daemon --log json --listen 9464")
)
@click.option(
    "--log", type=click.Choice(["text", "json"]), default="text", envvar="CHIPWIRE_LOG",
    show_envvar=True, help="How events are written to standard error.",
)  # fmt: skip
@click.option(
    "--listen", metavar="HOST:PORT", default="", envvar="CHIPWIRE_LISTEN", show_envvar=True,
    help="Answer monitors there: /healthz, /readyz, /metrics. A port alone is on loopback.",
)  # fmt: skip
@click.pass_obj
def daemon(home: str | None, log: str, listen: str) -> None:
    """Watch on schedule until SIGTERM.

    Passes when anything is due, backups, pruning, checks. One daemon per home. SIGTERM
    finishes the batch in hand within ten seconds; SIGHUP (or an edited file) puts the new
    configuration in force, or keeps the old one and says why.
    """
    from pipeline.daemon.serve import serve

    sys.exit(serve(home, log=log, listen=listen))
