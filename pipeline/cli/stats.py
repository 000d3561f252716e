"""`chipwire stats`: topics over weeks, outlets, companies, and how fresh tags are."""

import importlib
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import click

from pipeline.adapters.store import Store
from pipeline.app import open_app
from pipeline.cli.output import as_json, print_json, print_table, write_file
from pipeline.cli.reading import open_store
from pipeline.errors import ConfigError


@click.command()
@click.option("--weeks", type=click.IntRange(1, 520), default=12, show_default=True)
@click.option("--svg", type=click.Path(path_type=Path), metavar="FILE", help="Write the plot.")
@click.option("--png", type=click.Path(path_type=Path), metavar="FILE", help="Needs cairosvg.")
@as_json
@click.pass_obj
def stats(
    home: str | None, /, weeks: int, *, svg: Path | None, png: Path | None, as_json: bool
) -> None:
    """Show tagged articles per topic and week, the busiest outlets and companies, and lags."""
    app = open_app(home)
    with open_store(app.home) as store:
        report = gather(store, app.clock.now(), weeks)
    if svg or png:
        from pipeline.steps.plots import bars

        picture = bars("Articles per topic and week", report["weeks"], report["topics"])
        if svg:
            write_file(svg, picture)
            click.echo(f"wrote {svg}", err=True)
        if png:
            write_png(png, picture)
    if as_json:
        print_json(report)
    elif not (svg or png):
        show(report)


def gather(store: Store, now: datetime, weeks: int) -> dict[str, Any]:
    """Return everything `stats` tells, as plain values; lags in seconds."""
    from pipeline.adapters.store import stats

    mondays = stats.weeks(now, weeks)
    since = date.fromisoformat(mondays[0])
    lags = stats.lags(store, datetime.combine(since, time(), UTC))
    return {
        "weeks": mondays,
        "topics": stats.topics(store, mondays),
        "outlets": {row["name"]: row["articles"] for row in stats.outlets(store, since, limit=10)},
        "companies": {
            row["name"]: row["articles"] for row in stats.companies(store, since, limit=10)
        },
        "lag_s": {"median": middle(lags, 50), "p90": middle(lags, 90), "articles": len(lags)},
    }


def middle(ascending: list[int], percent: int) -> int | None:
    return ascending[(len(ascending) - 1) * percent // 100] if ascending else None


def show(report: dict[str, Any]) -> None:
    from pipeline.steps.digest.sparkline import sparkline

    print_table(
        ("topic", f"weeks since {report['weeks'][0]}", "this week", "last week", "all"),
        (
            (name, sparkline(row), row[-1], row[-2] if len(row) > 1 else "", sum(row))
            for name, row in report["topics"].items()
        ),
        title="Articles per topic and week",
    )
    for title, column in (("Outlets", "outlet"), ("Companies", "company")):
        print_table((column, "articles"), report[title.lower()].items(), title=title)
    lag = report["lag_s"]
    if lag["articles"]:
        click.echo(
            f"publication to tag: median {hours(lag['median'])}, 90 % within"
            f" {hours(lag['p90'])} ({lag['articles']} articles)"
        )


def hours(seconds: int) -> str:
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def write_png(path: Path, picture: str) -> None:
    try:
        cairosvg = importlib.import_module("cairosvg")
    except ImportError as error:
        raise ConfigError(
            "PNG needs the package cairosvg", fix="pip install cairosvg, or write --svg"
        ) from error
    write_file(path, cairosvg.svg2png(bytestring=picture.encode()))
    click.echo(f"wrote {path}", err=True)
