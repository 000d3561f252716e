"""`chipwire backup` and `chipwire restore`: copies that were read back before they count."""

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.adapters.store import runs
from pipeline.app import App, open_app
from pipeline.cli.output import as_json, examples, print_json
from pipeline.errors import ConfigError, StoreError
from pipeline.jobs import backup as backup_job
from pipeline.models.runs import Run


@click.command(epilog=examples("chipwire backup", "chipwire backup /mnt/disk/chipwire.db"))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@as_json
@click.pass_obj
def backup(home: str | None, file: Path | None, as_json: bool) -> None:
    """Copy the database and check the copy.

    Without FILE it goes into the home's backups/, of which [backup] keep stay. The watch may
    go on meanwhile.
    """
    from pipeline.adapters.store import backup as copies

    app = open_app(home)
    if not app.home.database.is_file():
        raise ConfigError(
            f"{app.home.path} holds no chipwire.db yet", fix="`chipwire run` makes it"
        )
    now = app.clock.now()
    target = file or copies.target_in(app.home.backups, now)
    made = copies.write(app.home.database, target)
    if file is None:
        gone = copies.rotate(app.home.backups, keep=app.settings.backup.keep, now=now)
        note(app, Run("backup", now, app.clock.now(), counts=backup_job.counts(made, gone)))
    if as_json:
        print_json({"file": str(made.path), "articles": made.articles, "bytes": made.size})
    else:
        click.echo(f"{made.path}: {made.articles} articles, {made.size / 2**20:.1f} MiB, checked")


def note(app: App, run: Run) -> None:
    """Write down that it was done, for the schedule and the doctor; a lock undoes nothing."""
    with suppress(StoreError), app:
        runs.record(app.store, run)


@click.command(
    epilog=examples("chipwire restore", "chipwire restore backups/chipwire-20261123T033000Z.db")
)
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--as-it-was", is_flag=True, help="Take nothing from the database it replaces.")
@click.pass_obj
def restore(home: str | None, file: Path | None, as_it_was: bool) -> None:
    """Put a backup in the database's place.

    Without FILE the newest backup that passes its check is taken. The old database is moved
    aside, never deleted. Verdicts, and what was sent,
    are brought over from the old one as far as it can be read: nothing judged is lost and no
    digest goes out twice. Stop the daemon and the review page first.
    """
    from pipeline.adapters.store import backup as copies
    from pipeline.adapters.store import salvage

    with open_app(home) as app:
        app.lock("chipwire restore")
        source = file or copies.newest_good(app.home.backups, app.clock.now())
        if source is None:
            raise ConfigError(
                f"{app.home.backups} holds no good backup", fix="name the file: restore FILE"
            )
        try:
            copies.check(source)
        except StoreError as error:
            raise StoreError(
                f"{source} is no good backup", why=error.why or error.what,
                fix=f"name another file; {app.home.backups} holds those that were made here",
            ) from error  # fmt: skip
        aside = copies.restore(source, app.home.database, now=app.clock.now())
        brought = salvage.Salvaged()
        if aside is not None and not as_it_was:
            brought = salvage.take_over(aside, app.home.database)
    click.echo(f"restored {source}")
    if aside is not None:
        click.echo(f"the old database is kept as {aside}")
    rows = ", ".join(f"{number} {name}" for name, number in asdict(brought).items() if number)
    if rows:
        click.echo(f"brought over from it: {rows}")
