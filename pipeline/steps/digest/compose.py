"""Composing a digest: which stories, in which order, under which topic, in which words."""

from collections.abc import Sequence
from datetime import datetime

from pipeline.models.digests import Candidate, Digest, DigestStory, Material, Section, TopicLoad
from pipeline.models.policies import DigestPolicy
from pipeline.steps.digest.describe import describe, score
from pipeline.steps.digest.harmless import one_line
from pipeline.steps.digest.lead import weight
from pipeline.steps.digest.sparkline import mean
from pipeline.steps.digest.words import said

FIRST = 3  # stories to read first
# 238 words a minute is the mean silent reading speed of adults (Brysbaert 2019, 190 studies);
# English news has 6 characters a word with its blank, and `weight` counts a CJK sign as two.
CHARACTERS_A_MINUTE = 238 * 6


def compose(
    policy: DigestPolicy, material: Material, *, now: datetime, period: str, review_url: str = ""
) -> Digest:
    """Return the digest of what is owed; one without stories where nothing is new.

    The weightiest stories up to `policy.max_stories` stand in it; the rest stays owed.
    """
    chosen, waiting = choose(policy, material.candidates, now=now)
    sections = sections_of(chosen, material.loads)
    return Digest(
        name=policy.name,
        period=period,
        created_at=now,
        since=material.since,
        timezone=policy.timezone,
        schedule=policy.schedule,
        subject=subject(policy.name, chosen),
        articles=sum(len(story.article_ids) for story in chosen),
        outlets=len({voice.outlet for story in chosen for voice in story.voices}),
        stories=len(chosen),
        waiting=waiting,
        minutes=minutes(chosen),
        first=tuple(story.key for story in chosen[:FIRST]),
        sections=sections,
        failing=material.failing,
        unsure=material.unsure,
        review_url=review_url,
        cut=policy.cut,
        titles=tuple((load.name, load.title) for load in material.loads),
    )


def choose(
    policy: DigestPolicy, candidates: Sequence[Candidate], *, now: datetime
) -> tuple[list[DigestStory], int]:
    """Return the weightiest stories that find room, and how many wait.

    Only what may stand in the digest is read for its lead: the first digest of a full
    database had 16,665 candidates and took 14.6 s when all were.
    """
    chosen: list[DigestStory] = []
    waiting = 0
    for candidate in sorted(candidates, key=lambda one: rank(one, now, policy.languages)):
        full = len(chosen) >= policy.max_stories
        if full and candidate.told_at is None:
            waiting += 1
            continue
        story = describe(
            candidate, now=now, languages=policy.languages
        )  # None where an update says nothing new
        if story and full:
            waiting += 1
        elif story:
            chosen.append(story)
    return chosen, waiting


def rank(candidate: Candidate, now: datetime, languages: Sequence[str] = ()) -> tuple[float, int]:
    newest = max(member.article_id for member in candidate.members)
    return -score(candidate, now=now, languages=languages), -newest


def subject(name: str, chosen: Sequence[DigestStory]) -> str:
    """Return the mail's subject: the top story's headline, then how many more there are."""
    if not chosen:
        return f"{name}: nothing new"
    more = len(chosen) - 1
    top = one_line(chosen[0].title, 90)
    return f"{top} (+{more} more)" if more else top


def sections_of(chosen: Sequence[DigestStory], loads: Sequence[TopicLoad]) -> tuple[Section, ...]:
    """Return a section per topic that has stories, the weightiest topic first.

    A story stands once, under the topic it is surest of.
    """
    known = {load.name: load for load in loads}
    names = dict.fromkeys(story.topic for story in chosen)  # chosen is ranked: so are these
    return tuple(
        section(
            known.get(name) or TopicLoad(name, name, ()),
            tuple(story for story in chosen if story.topic == name),
        )
        for name in names
    )


def section(load: TopicLoad, stories: tuple[DigestStory, ...]) -> Section:
    return Section(
        topic=load.name,
        title=load.title or load.name,
        articles=sum(len(story.article_ids) for story in stories),
        days=load.days,
        mean=round(mean(load.days), 1),
        stories=stories,
    )


def minutes(chosen: Sequence[DigestStory]) -> int:
    """Return how long reading it all takes, at least one minute."""
    read = sum(
        weight(story.title)
        + weight(story.news or story.lead)
        + weight(said(story))
        + (weight(story.latest.text) if story.latest else 0)
        for story in chosen
    )
    return max(1, round(read / CHARACTERS_A_MINUTE))
