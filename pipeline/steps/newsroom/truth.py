"""Says what the pipeline should find in each article: the expectation beside it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from itertools import groupby

from pipeline.steps.newsroom.published import Published
from pipeline.steps.newsroom.values import SeedPassage, Truth


def truth_of(article: Published, *, glued: tuple[Published, ...] = ()) -> Truth:
    """Return the expectation for an article's page and for the parts glued to it."""
    draft = article.draft
    whole = Truth(
        id=draft.id,
        url=article.url,
        outlet=article.outlet.title,
        owner=article.outlet.owner,
        title=article.title,
        author=draft.author,
        language=article.outlet.language[:2],
        published_at=article.published_at.astimezone(UTC),
        text=article.text,
        topics=draft.topics,
        optional=draft.optional,
        story=draft.story,
        kind=draft.kind,
        relation=draft.relation,
        baseline=draft.baseline,
        edited_at=article.modified_at.astimezone(UTC) if article.edited else None,
        twins=(article.twin_url,) if article.twin_url else (),
    )
    cards = tuple(replace(truth_of(card), url="", text=card.teaser) for card in glued)
    return replace(whole, parts=cards + tuple(_parts(whole, draft.passages)))


def _parts(whole: Truth, passages: tuple[SeedPassage, ...]) -> Iterator[Truth]:
    named = (passage for passage in passages if passage.article)
    groups = groupby(named, key=lambda passage: passage.article)
    for name, group in [(name, list(group)) for name, group in groups][1:]:
        title, *story = group
        topics = frozenset().union(*(passage.topics for passage in group))
        yield replace(
            whole,
            id=f"{whole.id}#{name}",
            url="",
            outlet="",
            owner="",
            title=title.text,
            text="\n".join(passage.text for passage in story),
            topics=topics,
            story=f"{whole.story}#{name}",
            kind="news" if topics else "off_topic",
        )
