"""Understands the newsroom's files: outlets, articles with front matter, the seed page."""

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pipeline.errors import ConfigError
from pipeline.steps.newsroom.values import (
    Block,
    BlockKind,
    Draft,
    Outlet,
    OutletFeed,
    Relation,
    SeedPassage,
    Version,
)

SEED_ID = "dailycircuit/chinas-racing-to-build-its-ai-ecosystem"
# Shown as some days old: the baseline that later news of the sample is measured against.
SEED_AGE_HOURS = 94.0
# Line prefix -> what the block is; anything else is a paragraph.
MARKS: dict[str, BlockKind] = {"## ": "heading", "> ": "quote", "- ": "point"}
RELATIONS = {
    "syndication_of": "syndication",
    "rewrite_of": "rewrite",
    "update_of": "update",
    "translation_of": "translation",
}


def parse_outlets(text: str) -> tuple[Outlet, ...]:
    """Return the outlets in the order of the file."""
    return tuple(_outlet(name, table) for name, table in tomllib.loads(text).items())


def _outlet(name: str, table: dict[str, Any]) -> Outlet:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    values["feed"] = OutletFeed(**table["feed"])
    return Outlet(name=name, **values)


def parse_drafts(files: Mapping[str, str]) -> tuple[Draft, ...]:
    """Return the articles, newest first, from file texts by "outlet/slug" or "outlet/slug.edit".

    An article that says `syndication_of` without a body of its own gets the body, and where
    it names none the title and author, of that article.

    Raises:
        ConfigError: a file that is not front matter and blocks, or points to no article.
    """
    drafts = {key: _draft(key, text) for key, text in files.items() if not key.endswith(".edit")}
    for key, text in files.items():
        if key.endswith(".edit"):
            _known(key, key.removesuffix(".edit"), drafts)
            original = drafts[key.removesuffix(".edit")]
            drafts[original.id] = replace(
                original, versions=(*original.versions, _edit(key, text, original))
            )
    complete = (_with_body(draft, drafts) for draft in drafts.values())
    return tuple(sorted(complete, key=lambda draft: (draft.age, draft.id)))


def _with_body(draft: Draft, drafts: Mapping[str, Draft]) -> Draft:
    references = [*draft.glued, *([draft.relation.of] if draft.relation else [])]
    for reference in references:
        _known(draft.id, reference, drafts)
    own = draft.versions[0]
    if own.blocks:
        return draft
    if not draft.relation or draft.relation.kind != "syndication":
        raise ConfigError(f"article {draft.id} has no body", fix="write one below the front matter")
    source = drafts[draft.relation.of]
    original = source.versions[0]
    copied = Version(own.age_hours, own.title or original.title, original.blocks)
    return replace(draft, versions=(copied,), author=draft.author or source.author)


def _known(key: str, reference: str, drafts: Mapping[str, Draft]) -> None:
    if reference not in drafts:
        raise ConfigError(f"article {key} points to {reference}", why="there is no such article")


def _draft(key: str, text: str) -> Draft:
    head, blocks = _split(key, text)
    relations = [Relation(kind, head[name]) for name, kind in RELATIONS.items() if name in head]  # type: ignore[arg-type] # the values of RELATIONS are its kinds
    return Draft(
        id=key,
        author=head.get("author", ""),
        section=head.get("section", ""),
        topics=frozenset(head["topics"]),
        optional=frozenset(head.get("optional", ())),
        story=head.get("story", key),
        kind=head.get("kind", "news"),
        versions=(Version(float(head["age_hours"]), head.get("title", ""), blocks),),
        tags=tuple(head.get("tags", ())),
        caption=head.get("caption", ""),
        relation=relations[0] if relations else None,
        glued=tuple(head.get("glued", ())),
        baseline=tuple(head.get("baseline", ())),
    )


def _edit(key: str, text: str, original: Draft) -> Version:
    head, blocks = _split(key, text)
    title = head.get("title", original.versions[0].title)
    return Version(float(head["age_hours"]), title, blocks)


def _split(key: str, text: str) -> tuple[dict[str, Any], tuple[Block, ...]]:
    parts = text.split("+++\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ConfigError(f"article {key}", why="it does not start with front matter between +++")
    return tomllib.loads(parts[1]), tuple(_blocks(parts[2]))


def _blocks(body: str) -> Iterable[Block]:
    for chunk in body.replace("\n- ", "\n\n- ").split("\n\n"):
        line = " ".join(chunk.split())
        if line:
            yield _block(line)


def _block(line: str) -> Block:
    for mark, kind in MARKS.items():
        if line.startswith(mark):
            return Block(kind, line.removeprefix(mark))
    return Block("paragraph", line)


def parse_seed(article: str, labels: str) -> Draft:
    """Return the seed page as the portal's article, all its labelled lines in order."""
    lines = article.splitlines()
    passages = tuple(
        SeedPassage(
            article=row["article"],
            kind=row["kind"],  # type: ignore[arg-type] # the four kinds of labels.csv
            topics=frozenset(row["topics"].replace("?", "").split(";")) - {""},
            text=lines[int(row["line"]) - 1].strip(),
        )
        for row in csv.DictReader(labels.splitlines())
    )
    title, *story = (passage for passage in passages if passage.article == passages[0].article)
    blocks = tuple(Block("paragraph", passage.text) for passage in story)
    return Draft(
        id=SEED_ID,
        author="",
        section="top",
        topics=frozenset().union(*(passage.topics for passage in story)),
        optional=frozenset(),
        story=SEED_ID,
        kind="news",
        versions=(Version(SEED_AGE_HOURS, title.text, blocks),),
        passages=passages,
    )
