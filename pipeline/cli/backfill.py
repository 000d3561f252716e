"""`chipwire backfill`: archives into the store, on from where the last run stopped."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.app import open_app
from pipeline.cli.articles import moment
from pipeline.cli.output import as_json, examples, print_json, printable
from pipeline.steps.archives.remaining import Sample, in_words, remaining

if TYPE_CHECKING:
    from pipeline.app.backfill import BackfillResult, Watching
    from pipeline.models.archives import Walked, Wanted
    from pipeline.ports import Archive


@click.command(
    epilog=examples(
        "chipwire backfill ~/pages",
        "chipwire backfill crawl.warc.gz --since 2026-01-01 --lang en",
        "chipwire backfill addresses.txt --cluster tls://scheduler.example:8786",
    )
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--since", callback=moment, metavar="7d|DATE", help="Only published from then on.")
@click.option("--until", callback=moment, metavar="7d|DATE", help="Only published before then.")
@click.option(
    "--lang", "languages", multiple=True, metavar="CODE", help="Only this language, e.g. zh."
)
@click.option(
    "--host", "hosts", multiple=True, metavar="NAME", help="Only this host and its subdomains."
)
@click.option(
    "--topic", "topics", multiple=True, metavar="NAME", help="Only articles tagged with this topic."
)
@click.option("--cluster", metavar="ADDRESS", help="Read the pages on this Dask cluster.")
@click.option("--insecure-cluster", is_flag=True, help="Allow tcp:// to another machine.")
@click.option("--again", is_flag=True, help="Read from the beginning, as if never read before.")
@as_json
@click.pass_obj
def backfill(
    home: str | None,
    /,
    paths: tuple[str, ...],
    cluster: str | None,
    insecure_cluster: bool,
    again: bool,
    as_json: bool,
    **asked: Any,
) -> None:  # one argument an option
    """Store the articles of archives.

    A PATH is a WARC file or its address, an HTML file, a list of page addresses, a stored
    feed, or a folder of these.

    Goes on where the last run stopped; an article is stored once however often it comes.
    Archived articles are searched, counted and reviewed like others, but no digest brings
    them. The watch may run meanwhile.
    """
    from pipeline.app import backfill as job

    wanted = filters(**asked)
    with open_app(home) as app, ExitStack() as stack:
        archives = job.opened(app, paths, wanted)
        job.check_topics(app, wanted)
        workers = None
        if cluster:
            workers = stack.enter_context(job.cluster(app, cluster, insecure=insecure_cluster))
        watching = stack.enter_context(shown(archives, enabled=not as_json))
        result = job.run_backfill(
            app, archives, wanted, again=again, workers=workers, watching=watching
        )
    if as_json:
        print_json({
            **result.counts,
            "archives": [asdict(report) for report in result.archives],
            "stories": result.stories, "grouped": result.grouped,
        })  # fmt: skip
    else:
        show(result)


def filters(
    since: datetime | None,
    until: datetime | None,
    languages: tuple[str, ...],
    hosts: tuple[str, ...],
    topics: tuple[str, ...],
) -> "Wanted":
    """Return the filters as one value. Raises a usage error for dates that exclude everything."""
    from pipeline.models.archives import Wanted

    if since and until and since >= until:
        raise click.BadParameter("--since must lie before --until")
    return Wanted(
        since,
        until,
        tuple(sorted({name.strip().lower() for name in languages})),
        tuple(sorted({name.strip().lower().removeprefix("www.") for name in hosts})),
        tuple(sorted(set(topics))),
    )


@contextmanager
def shown(archives: "Sequence[Archive]", *, enabled: bool) -> "Iterator[Watching]":
    """Draw how far the backfill is on a terminal, with what is left; nothing elsewhere."""
    from pipeline.app.backfill import Watching

    if not enabled or not sys.stderr.isatty():
        yield Watching()
        return
    from rich.progress import BarColumn, Progress, TextColumn

    from pipeline.cli.output import console

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[facts]}"))
    with Progress(*columns, console=console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=sum(one.size for one in archives), facts="")
        road = Road([one.name for one in archives], [one.size for one in archives])

        def report(walked: "Walked") -> None:
            done = road.walked(walked, time.monotonic())
            bars.update(task, completed=done, description=road.place, facts=road.facts(walked))

        yield Watching(report=report)


class Road:
    """All archives of one backfill as one way: how far along it one is, and how long it takes."""

    def __init__(self, names: "Sequence[str]", sizes: "Sequence[int]") -> None:
        self._names, self._sizes = names, sizes
        self._samples: list[Sample] = []
        self._at = 0
        self.place = ""

    def walked(self, walked: "Walked", now_s: float) -> int:
        """Note a step; return how much of all archives lies behind."""
        while self._names[self._at] != walked.source:
            self._at += 1
        name = printable(Path(walked.source).name)
        self.place = f"{name} ({self._at + 1} of {len(self._names)})"
        done = sum(self._sizes[: self._at]) + walked.done
        self._samples.append(Sample(now_s, done))
        return done

    def facts(self, walked: "Walked") -> str:
        left = in_words(remaining(self._samples, sum(self._sizes)))
        return ", ".join(
            part
            for part in (f"{walked.records:,} records", f"{walked.stored:,} stored", left)
            if part
        )


OUTCOMES = {
    "stored": "articles stored",
    "known": "known already",
    "date": "outside the dates",
    "language": "in another language",
    "host": "of other hosts",
    "topic": "on other topics",
    "no page": "records that are no page",
    "no article": "pages without an article",
    "no address": "pages that tell no address",
    "broken": "broken records (the table backfill_records tells why)",
}


def show(result: "BackfillResult") -> None:
    """Print what became of the records, a line an outcome."""
    if not result.counts:
        click.echo("nothing new: these archives were read to their end (--again reads them anew)")
    for outcome, sentence in OUTCOMES.items():
        if count := result.counts.get(outcome, 0):
            click.echo(f"{count:>9,} {sentence}")
    if result.stories:
        click.echo(f"{result.stories:>9,} stories begun")
    if not result.grouped:
        click.echo("the watch is at work: its next pass groups the articles into stories")
    if not all(archive.finished for archive in result.archives):
        click.echo("stopped early; the same command goes on from there")
