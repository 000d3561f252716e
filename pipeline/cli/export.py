"""`chipwire export`: stored articles for other programs, one a line."""

import csv
import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from pipeline.adapters.store import Store
from pipeline.app import open_app
from pipeline.cli.output import examples
from pipeline.cli.reading import open_store

COLUMNS = (
    "id", "url", "title", "author", "site", "language", "published_at", "first_seen_at",
    "status", "story_id", "topics", "companies", "labels", "text",
)  # fmt: skip
QUERY = """
SELECT a.id, a.url, a.title, a.author, a.site, a.language, a.published_at, a.first_seen_at,
  a.status, a.story_id, a.text,
  (SELECT json_group_object(topic, probability) FROM (SELECT topic, probability FROM tags
   WHERE article_id = a.id AND tagged = 1 ORDER BY probability DESC, topic)) AS topics,
  (SELECT json_group_object(company, count) FROM (SELECT company, count FROM mentions
   WHERE article_id = a.id ORDER BY count DESC, company)) AS companies,
  (SELECT json_group_array(json_object('topic', topic, 'verdict', verdict, 'reviewer', reviewer,
   'note', note, 'at', created_at)) FROM (SELECT * FROM labels WHERE article_id = a.id
   ORDER BY id)) AS labels
FROM articles a WHERE a.id > ? ORDER BY a.id LIMIT ?
"""
BATCH = 200
# A spreadsheet runs a cell that begins with one of these (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.command(
    epilog=examples(
        "chipwire export > articles.jsonl", "chipwire export --format csv --no-text > articles.csv"
    )
)
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl",
              help="JSON lines, or CSV that no spreadsheet takes for formulas.")  # fmt: skip
@click.option("--no-text", is_flag=True, help="Leave the articles' texts out.")
@click.pass_obj
def export(home: str | None, form: str, no_text: bool) -> None:
    """Write articles as JSON lines or CSV.

    Every article with its topics, companies and labels, to standard output.
    """
    columns = [name for name in COLUMNS if not (no_text and name == "text")]
    with open_store(open_app(home).home) as store:
        if form == "csv":
            write_csv(articles(store), columns)
        else:
            for article in articles(store):
                line = {name: article[name] for name in columns}
                click.echo(json.dumps(line, ensure_ascii=False))


def articles(store: Store) -> Iterator[dict[str, Any]]:
    """Yield every article, read in batches: no long transaction holds the WAL."""
    last = 0
    while rows := store.rows(QUERY, (last, BATCH)):
        last = rows[-1]["id"]
        for row in rows:
            nested = {name: json.loads(row[name]) for name in ("topics", "companies", "labels")}
            yield {**dict(row), **nested}


def write_csv(found: Iterator[dict[str, Any]], columns: list[str]) -> None:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(columns)
    for article in found:
        writer.writerow([cell(article[name]) for name in columns])
        sys.stdout.write(line.getvalue())
        line.seek(0)
        line.truncate()
    sys.stdout.write(line.getvalue())


def cell(value: object) -> object:
    """Return a cell as a spreadsheet may show it; one that reads like a formula gets a quote."""
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else named(value)
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def named(counts: dict[str, Any]) -> str:
    return "; ".join(counts)
