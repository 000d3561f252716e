"""`chipwire stats`: topics over weeks, outlets, companies, and how fresh tags are."""

import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.adapters.store import Store
from pipeline.app import open_app
from pipeline.cli.output import as_json, examples, print_json, print_table, write_file
from pipeline.cli.reading import open_store

if TYPE_CHECKING:
    from pipeline.steps.plots import Picture

HOUR = 3600
LAGS = (
    ("under 10 minutes", 600), ("under an hour", HOUR), ("under 6 hours", 6 * HOUR),
    ("under a day", 24 * HOUR), ("under a week", 168 * HOUR), ("longer", sys.maxsize),
)  # fmt: skip


@click.command(epilog=examples("chipwire stats --weeks 8", "chipwire stats --svg topics.svg"))
@click.option("--weeks", type=click.IntRange(1, 520), default=12, show_default=True, metavar="N",
              help="How many weeks back.")  # fmt: skip
@click.option(
    "--svg", type=click.Path(path_type=Path), metavar="FILE", help="Write the plots into a file."
)
@click.option(
    "--png",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The same as PNG; needs chipwire[plots].",
)
@as_json
@click.pass_obj
def stats(
    home: str | None, /, weeks: int, *, svg: Path | None, png: Path | None, as_json: bool
) -> None:
    """Count topics over weeks, outlets and companies.

    Also how long it took from publication to tag.
    """
    app = open_app(home)
    with open_store(app.home) as store:
        report = gather(store, app.clock.now(), weeks)
    if svg or png:
        write_picture(draw(report), svg=svg, png=png)
    if as_json:
        print_json(report)
    elif not (svg or png):
        show(report)


def write_picture(picture: "Picture", *, svg: Path | None, png: Path | None) -> None:
    from pipeline.adapters import painting
    from pipeline.steps import plots

    if svg:
        write_file(svg, plots.svg(picture))
        click.echo(f"wrote {svg}", err=True)
    if png:
        write_file(png, painting.png(picture))
        click.echo(f"wrote {png}", err=True)


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
        "lags": spread(lags),
        "lag_s": {"median": middle(lags, 50), "p90": middle(lags, 90), "articles": len(lags)},
    }


def spread(lags: list[int]) -> dict[str, int]:
    """Return how many articles took how long, from minutes to days."""
    found: dict[str, int] = {}
    floor = 0
    for name, limit in LAGS:
        found[name] = sum(floor <= lag < limit for lag in lags)
        floor = limit
    return found


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
    click.echo(f"publication to tag: {told_lag(report['lag_s'])}")


def told_lag(lag: dict[str, Any]) -> str:
    if not lag["articles"]:
        return "no article with a date of its own yet"
    return (
        f"median {hours(lag['median'])}, 90 % within {hours(lag['p90'])}"
        f" ({lag['articles']} articles)"
    )


def hours(seconds: int) -> str:
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def draw(report: dict[str, Any]) -> "Picture":
    """Return everything `stats` counts as one picture."""
    from pipeline.steps.plots import over_weeks, ranking, stacked

    return stacked(
        "What chipwire read",
        [
            over_weeks("Articles per topic and week", report["weeks"], report["topics"]),
            ranking("Outlets", report["outlets"]),
            ranking("Companies", report["companies"]),
            ranking(f"From publication to tag: {told_lag(report['lag_s'])}", report["lags"]),
        ],
    )
