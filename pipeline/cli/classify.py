"""`chipwire classify`: topics of any text, how sure, and why."""

import json
import sys
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, Any

import click

from pipeline.app import open_app
from pipeline.cli.output import as_json, examples, print_json_lines, printable
from pipeline.errors import ConfigError
from pipeline.models.tags import Tag

BATCH = 256
TERMS_SHOWN = 6


@click.command(
    epilog=examples(
        "echo 'CXMT ships HBM3 samples to Huawei' | chipwire classify",
        "chipwire classify articles.jsonl --json",
    )
)
@click.argument("file", type=click.File("rb"), default="-")
@as_json
@click.pass_obj
def classify(home: str | None, file: IO[bytes], as_json: bool) -> None:
    """Tag plain text or JSON lines.

    Reads FILE or standard input; a JSON line holds id, title and text. Shows each topic
    with its probability, the passage that speaks for it and the terms that weigh most.
    --json gives every topic's probability, one document a line.
    """
    with open_app(home) as app:
        documents = read(file)
        while batch := list(islice(documents, BATCH)):
            numbered = [(number, title, text) for number, (_, title, text) in enumerate(batch)]
            by_document: list[list[Tag]] = [[] for _ in batch]
            for tag in app.tagger.tag(numbered):
                by_document[tag.article_id].append(tag)
            for (name, title, _), tags in zip(batch, by_document, strict=True):
                if as_json:
                    print_json_lines([as_values(name, tags)])
                else:
                    show(name, title, tags)


def read(file: IO[bytes]) -> Iterator[tuple[Any, str, str]]:
    """Yield (id, title, text): one per JSON line, or the whole input as one plain text."""
    first = file.readline()
    if not first.lstrip().startswith(b"{"):
        yield None, *plain(first + file.read())
        return
    for number, line in enumerate(chain([first], file), start=1):
        if line.strip():
            yield parse_line(line, number, file.name)


def plain(data: bytes) -> tuple[str, str]:
    """Return a text's first line as its title, if more follows, and the rest."""
    text = data.decode("utf-8", "replace").strip()
    title, _, rest = text.partition("\n")
    return (title.strip(), rest.strip()) if rest.strip() else ("", text)


def parse_line(line: bytes, number: int, name: str) -> tuple[Any, str, str]:
    try:
        document = json.loads(line)
        if not isinstance(document, dict):
            raise ValueError("not an object")
    except (ValueError, RecursionError) as error:
        raise ConfigError(
            f"{name}: line {number} is no JSON",
            why=f"{error.msg} at character {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else str(error),
            fix='one object a line: {"id": 1, "title": "…", "text": "…"}',
        ) from error
    title, text = document.get("title") or "", document.get("text") or ""
    if not isinstance(title, str) or not isinstance(text, str):
        raise ConfigError(
            f"{name}: line {number}: title and text must be text", fix="put quotes around them"
        )
    return document.get("id", number), title, text


def as_values(name: Any, tags: list[Tag]) -> dict[str, Any]:
    return {
        "id": name,
        "topics": [
            {
                "topic": tag.topic,
                "probability": round(tag.probability, 4),
                "evidence": tag.evidence,
                "terms": [
                    {"term": term.name, "weight": round(term.weight, 4)} for term in strongest(tag)
                ],
            }
            for tag in ranked(tags)
            if tag.tagged
        ],
        "review": [tag.topic for tag in ranked(tags) if tag.outcome == "review"],
        "probabilities": {tag.topic: round(tag.probability, 6) for tag in tags},
    }


def ranked(tags: list[Tag]) -> list[Tag]:
    return sorted(tags, key=lambda tag: -tag.probability)


def strongest(tag: Tag) -> list[Any]:
    return sorted(tag.terms, key=lambda term: -abs(term.weight))[:TERMS_SHOWN]


def show(name: Any, title: str, tags: list[Tag]) -> None:
    if name is not None or title:
        click.echo(printable(" ".join(str(part) for part in (name, title) if part)))
    shown = [tag for tag in ranked(tags) if tag.outcome != "no"]
    for tag in shown:
        unsure = "" if tag.tagged else "  (unsure: for review)"
        click.echo(f"  {tag.topic}  {tag.probability:.2f}{unsure}")
        if tag.evidence:
            click.echo(f"    “{printable(tag.evidence)}”")
        weights = ", ".join(f"{printable(term.name)} {term.weight:+.2f}" for term in strongest(tag))
        if weights:
            click.echo(f"    because: {weights}")
    if not shown:
        click.echo("  no topic")
    sys.stdout.flush()
