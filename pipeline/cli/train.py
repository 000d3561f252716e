"""`chipwire train`, `models` and `retag`: the model learns, and people choose which one tags."""

import sys
from datetime import datetime
from typing import Any

import click

from pipeline.app import open_app
from pipeline.cli.articles import moment
from pipeline.cli.output import as_json, examples, print_json, print_table
from pipeline.errors import ConfigError


@click.command(epilog=examples("chipwire train --dry-run", "chipwire train"))
@click.option("--dry-run", is_flag=True, help="Train and judge, store nothing.")
@click.option("--force", is_flag=True, help="Use the model even if the gate refuses it.")
@as_json
@click.pass_obj
def train(home: str | None, /, dry_run: bool, force: bool, as_json: bool) -> None:
    """Retrain the model on what people said.

    It learns from topics, seed, written examples, stored articles and labels. A fifth of
    the labelled articles is kept for judging. A model that is worse on them is kept but not
    used. One that is used tags the articles of the last 30 days again.
    """
    from pipeline.cli.progress import Stages
    from pipeline.jobs import train as job

    with open_app(home) as app, Stages(enabled=sys.stderr.isatty()) as stages:
        app.lock("chipwire train")
        stages.advance("train", 0)
        report = job.run(
            app.store, app.tagger, app.train_policy,
            now=app.clock.now(), force=force, dry_run=dry_run,
        )  # fmt: skip
    found = report.trained
    if as_json:
        print_json(
            {
                "id": found.id, "used": report.used, "promoted": found.promoted,
                "reason": found.reason, "labels": found.reviews, "held_out": found.held_out,
                "articles": found.unlabelled, "before": found.before, "after": found.after,
                "retag": report.retag,
            }
        )  # fmt: skip
    else:
        click.echo(
            f"model {found.id}: trained on {found.reviews} labels and {found.unlabelled} stored"
            f" articles, judged on {found.held_out} labels"
        )
        click.echo(f"{'passed' if found.promoted else 'refused'}: {found.reason}")
        if dry_run:
            click.echo("dry run: nothing was stored")
        elif report.used:
            click.echo(f"it tags from now on; {report.retag} articles are due for tagging again")
        else:
            click.echo("the model before goes on tagging (--force uses this one)")
    sys.exit(0 if report.used or dry_run or found.promoted else 1)


@click.group()
def models() -> None:
    """List models, choose the one that tags."""


@models.command("list", epilog=examples("chipwire models list"))
@as_json
@click.pass_obj
def list_models(home: str | None, /, as_json: bool) -> None:
    """List every trained model with the figures it was judged by."""
    from pipeline.adapters.store.models import listed
    from pipeline.cli.reading import open_store

    with open_store(open_app(home).home) as store:
        found = listed(store)
    if as_json:
        print_json(
            [
                {
                    "id": model.id, "active": model.active, "created_at": model.created_at,
                    "trained_on": model.trained_on, "metrics": model.metrics,
                }
                for model in found
            ]
        )  # fmt: skip
        return
    if not found:
        click.echo("no trained model yet: the cold start's tags (topics, seed, examples)", err=True)
        return
    print_table(
        ("", "model", "trained", "labels", "judged"),
        (
            (
                "*" if model.active else "", model.id, model.created_at,
                model.trained_on.get("labels"), model.metrics.get("reason"),
            )
            for model in found
        ),
    )  # fmt: skip


@models.command(epilog=examples("chipwire models use f0b2f2960e9b"))
@click.argument("model_id", metavar="ID")
@click.pass_obj
def use(home: str | None, /, model_id: str) -> None:
    """Let another model tag from now on.

    ID is one of `chipwire models list`; `chipwire retag` applies it to what is stored.
    """
    from pipeline.adapters.store import models as table

    with open_app(home) as app:
        app.lock("chipwire models use")
        with app.store.transaction():
            if not table.use(app.store, model_id):
                raise ConfigError(
                    f"there is no model {model_id!r}", fix="`chipwire models list` shows them"
                )
    click.echo(f"model {model_id} tags from now on")


@click.command(epilog=examples("chipwire retag --since 30d"))
@click.option("--since", callback=moment, metavar="7d|DATE", help="Only articles since then.")
@as_json
@click.pass_obj
def retag(home: str | None, /, since: datetime | None, as_json: bool) -> None:
    """Apply the active model to stored articles.

    Tags them again and groups them anew; no digest brings what was told already.
    """
    from pipeline.adapters.store import models as table
    from pipeline.cli.progress import Stages
    from pipeline.jobs import group, tag
    from pipeline.jobs.kit import Kit

    with open_app(home) as app, Stages(enabled=sys.stderr.isatty()) as stages:
        app.lock("chipwire retag")
        with app.store.transaction():
            due = table.forget_tags(app.store, since=since)
        kit = Kit(app.store, app.fetcher, app.workers, app.clock, stages.advance)
        tagged = tag.run(kit, lambda: app.readers.text)
        group.run(app.store, app.knowledge, clock=app.clock, progress=stages.advance)
        report: dict[str, Any] = {
            "model": app.tagger.model_id, "due": due, "tagged": tagged.articles,
            "on_topic": tagged.on_topic,
        }  # fmt: skip
    if as_json:
        print_json(report)
    else:
        click.echo(f"{tagged.articles} articles tagged by model {report['model']}:"
                   f" {tagged.on_topic} on topic")  # fmt: skip
