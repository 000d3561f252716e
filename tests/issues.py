"""Digests for tests of their forms: a story, a digest of stories, and what strangers write."""

from dataclasses import replace
from datetime import UTC, date, datetime

from pipeline.models.digests import Digest, DigestStory, FailingFeed, Section, Statement, Voice

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)

# one of each: what a feed's title may hold
HOSTILE = (
    "Newline\r\nBcc: everyone@victim.example",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "pay \u202egpj.exe to \u2066me\u2069",
    "\x1b[31mred\x1b[0m \x07bell",
    "x" * 5_000,
    "word " * 1_000,
    "{{ 7 * 7 }} {% raw %} {{ digest.__class__ }}",
    "](javascript:alert(1)) [click](javascript:alert(1)) `code` *bold*",
    "H\u0336\u0336\u0336\u0336\u0336\u0336 \ud800 \x00 \ufeff",
    "",
    " \u200b ",
)


def story(number: int = 1, **changes: object) -> DigestStory:
    """Return a new story of foundries, carried by two outlets."""
    made = DigestStory(
        key=f"story-{number}",
        story_id=number,
        article_id=number,
        article_ids=(number, 1000 + number),
        kind="new",
        title=f"SMIC starts risk production of chip {number}",
        url=f"https://wafer.example/news/{number}?a=1&b=2",
        lead=f"SMIC began risk production of chip {number} at its Shanghai plant last week.",
        news="",
        topic="foundry",
        topics=("foundry", "lithography"),
        probability=0.934,
        voices=(
            Voice("Wafer Daily", f"https://wafer.example/news/{number}"),
            Voice("芯闻网", f"https://xin.example/{number}"),
        ),
        companies=("SMIC", "Huawei"),
        language="en",
        when=NOW,
        told_at=None,
        statement=Statement(24, "SMIC is far behind TSMC.", date(2025, 6, 13)),
        score=1000.0 - number,
    )
    return replace(made, **changes)  # type: ignore[arg-type] - a test's keyword arguments


def digest(*stories: DigestStory, **changes: object) -> Digest:
    """Return a digest with one section a topic."""
    topics = dict.fromkeys(one.topic for one in stories)
    made = Digest(
        name="daily",
        period="2026-11-23",
        created_at=NOW,
        since=None,
        timezone="Europe/Berlin",
        schedule="0 7 * * *",
        subject=stories[0].title if stories else "daily: nothing new",
        articles=2 * len(stories),
        outlets=2,
        stories=len(stories),
        waiting=0,
        minutes=2,
        first=tuple(one.key for one in stories[:3]),
        sections=tuple(
            Section(
                topic=topic,
                title=topic.title(),
                articles=2,
                days=(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5),
                mean=1.9,
                stories=tuple(one for one in stories if one.topic == topic),
            )
            for topic in topics
        ),
        failing=(FailingFeed("Die <b>Weekly</b>", NOW, "timed out\r\nX-Evil: 1"),),
        unsure=3,
        review_url="http://127.0.0.1:8571",
        cut=0.6,
        titles=(("foundry", "Foundry"), ("lithography", "Lithography")),
    )
    return replace(made, **changes)  # type: ignore[arg-type] - a test's keyword arguments
