"""`chipwire explain`: why an article carries its tags, and what it belongs to."""

from typing import Any

import click

from pipeline.adapters.store.explaining import explain as gather
from pipeline.adapters.store.explaining import find
from pipeline.app import open_app
from pipeline.cli.output import as_json, examples, print_json, print_table, printable
from pipeline.cli.reading import open_store
from pipeline.errors import ConfigError

TERMS_SHOWN = 8


@click.command(
    epilog=examples("chipwire explain 12", "chipwire explain https://news.example/article --json")
)
@click.argument("article", metavar="ID|URL")
@as_json
@click.pass_obj
def explain(home: str | None, /, article: str, as_json: bool) -> None:
    """Show why an article carries its tags.

    Every topic's score and the threshold it needs, the passage and the terms; then the
    story, copies, companies and what of the baseline it brings news about.
    """
    app = open_app(home)
    with open_store(app.home) as store:
        article_id = find(store, article)
        if article_id is None:
            raise ConfigError(
                f"no article {article!r} is stored",
                fix="give an id or address that `chipwire list` shows; `chipwire classify` tags"
                " any other text",
            )
        found = gather(store, article_id)
    thresholds = {topic.name: topic.threshold for topic in app.tagger.topics}
    for tag in found["tags"]:  # a topic whose file was taken away has none any more
        tag["threshold"] = thresholds.get(tag["topic"])
    if as_json:
        print_json(found)
    else:
        show(found)


def show(found: dict[str, Any]) -> None:
    click.echo(printable(found["title"]))
    published = found["published_at"] or found["first_seen_at"]
    click.echo(f"{printable(found['site'])} · {published} · {printable(found['url'])}")
    if found["reason"]:
        click.echo(f"{found['status']}: {printable(found['reason'])}")
    click.echo()
    width = max((len(tag["topic"]) for tag in found["tags"]), default=0)
    for tag in found["tags"]:
        show_tag(tag, width)
    if not found["tags"]:
        click.echo("not tagged yet: the next run tags it")
    if found["story"]:
        show_story(found["story"], found["id"])
    listing("copies", [f"{copy['id']} {copy['site']}: {copy['url']}" for copy in found["copies"]])
    listing("companies", [f"{row['company']} ×{row['count']}" for row in found["companies"]])
    listing(
        "brings news about",
        [
            f"{row['topic']}, similarity {row['similarity']:.2f}, new {row['novelty']:.2f}:"
            f" “{row['statement']}”"
            for row in found["updates"]
        ],
    )
    listing("announced by", [f"{row['feed']} at {row['seen_at']}" for row in found["announced_by"]])
    for version in found["versions"]:
        listing(f"edited {version['replaced_at']}", version["diff"].splitlines())


def show_tag(tag: dict[str, Any], width: int) -> None:
    marks = {"tag": "tagged", "review": "unsure: for review", "no": "no"}
    said = f"; a person says {tag['verdict']}" if tag["verdict"] else ""
    score = f"{tag['probability']:.3f}"
    if tag["threshold"] is not None:
        mark = "≥" if tag["probability"] >= tag["threshold"] else "<"
        score += f" {mark} {tag['threshold']:.2f}"
    click.echo(f"{tag['topic']:<{width}}  {score}  {marks[tag['outcome']]}{said}")
    if tag["evidence"]:
        click.echo(f"  “{printable(tag['evidence'])}”")
    strongest = sorted(tag["terms"], key=lambda term: -abs(term[1]))[:TERMS_SHOWN]
    if strongest:
        click.echo(
            "  " + ", ".join(f"{printable(name)} {weight:+.2f}" for name, weight, _ in strongest)
        )


def show_story(story: dict[str, Any], article_id: int) -> None:
    others = [member for member in story["members"] if member["id"] != article_id]
    if not others:
        click.echo(f"\nstory {story['id']}: told by this article alone")
        return
    click.echo(f"\nstory {story['id']}: {story['articles']} articles, {story['outlets']} outlets")
    print_table(
        ("id", "published", "outlet", "title"),
        (
            (member["id"], member["published_at"], member["site"], member["title"])
            for member in others
        ),
    )


def listing(title: str, lines: list[str]) -> None:
    if lines:
        click.echo(f"\n{title}")
        for line in lines:
            click.echo(f"  {printable(line)}")
