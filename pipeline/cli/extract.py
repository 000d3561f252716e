"""`chipwire extract`: the cleaned article of pages, stored nowhere."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.app import App, open_app
from pipeline.cli.output import as_json, examples, print_json, printable
from pipeline.errors import ChipwireError
from pipeline.models.articles import Extracted, PageTask

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command(
    epilog=examples(
        "chipwire extract https://news.example/article",
        "chipwire extract saved.html --json",
        "curl -s https://news.example/article | chipwire extract -",
    )
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@as_json
@click.pass_obj
def extract(home: str | None, sources: tuple[str, ...], as_json: bool) -> None:
    """Show the cleaned article of a page.

    A SOURCE is an address, an HTML file, or - for standard input. Nothing is stored.
    """
    from pipeline.ports import WorkerFailure
    from pipeline.steps.extraction import extract as extract_page

    failures = 0
    results: list[object] = []
    with open_app(home) as app:
        tasks, problems = read_all(app, sources)
        answers = dict(app.workers.run_all(extract_page, tasks)) if tasks else {}
        for task in tasks:
            answer = answers[task]
            if isinstance(answer, WorkerFailure):
                problems.append((task.url, f"{answer.reason}: {answer.detail}"))
            elif as_json:
                results.append({"source": task.url, **asdict(answer)})
            else:
                show(task.url, answer)
    for source, reason in problems:
        failures += 1
        results.append({"source": source, "error": reason})
        click.echo(f"chipwire: {source}: {reason}", err=True)
    if as_json:
        print_json(results if len(sources) > 1 else results[0])
    sys.exit(1 if failures else 0)


def read_all(app: App, sources: tuple[str, ...]) -> tuple[list[PageTask], list[tuple[str, str]]]:
    """Return the pages that could be read, and (source, reason) for those that could not."""
    tasks: list[PageTask] = []
    problems: list[tuple[str, str]] = []
    for number, source in enumerate(sources):
        try:
            tasks.append(read(app, number, source))
        except (ChipwireError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            problems.append((source, reason or str(error)))
    return tasks, problems


def read(app: App, number: int, source: str) -> PageTask:
    if source.startswith(("http://", "https://")):
        return fetch(app, number, source)
    if source == "-":
        return PageTask(number, "standard input", sys.stdin.buffer.read())
    return PageTask(number, source, Path(source).read_bytes())


def fetch(app: App, number: int, url: str) -> PageTask:
    from pipeline.models.pages import Request, Response
    from pipeline.steps.pages import setback

    fetched = next(answer for _, answer in app.fetcher.fetch_all([Request(url)]))
    problem = setback(fetched)
    if problem is not None or not isinstance(fetched, Response):
        raise ChipwireError(problem.reason if problem else "no response")
    return PageTask(number, fetched.url, fetched.body, fetched.headers.get("content-type", ""))


def show(source: str, article: Extracted) -> None:
    for line in lines(source, article):
        click.echo(line)


def lines(source: str, article: Extracted) -> "Iterator[str]":
    yield printable(article.title) or "(no title)"
    facts = {
        "source": source,
        "author": article.author,
        "outlet": article.site,
        "published": article.published_at and f"{article.published_at:%Y-%m-%d %H:%M %Z}",
        "language": article.language,
        "canonical": article.canonical_url,
        "not an article": article.stub,
    }
    for name, fact in facts.items():
        if fact:
            yield f"{name}: {printable(fact)}"
    yield ""
    yield from (printable(line) for line in article.text.splitlines())
    for part in article.parts:
        yield from ("", "— also on this page —")
        yield from lines(source, part)
