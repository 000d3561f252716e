"""Composing: order, room, one entry a story, and words that fit."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.models.digests import Candidate, Digest, Material, Member, Statement, TopicLoad
from pipeline.models.policies import DigestPolicy
from pipeline.steps.digest.compose import compose
from pipeline.steps.digest.describe import score
from pipeline.steps.digest.due import due_period
from tests.issues import NOW

LOADS = (
    TopicLoad("foundry", "Foundry", (0,) * 13 + (4,)),
    TopicLoad("hbm", "High-bandwidth memory", (1,) * 14),
)
TEXT = "SMIC began risk production of 5 nm chips at its Shanghai plant, two people said."


def member(number: int, **changes: object) -> Member:
    made = Member(
        article_id=number,
        url=f"https://wafer.example/{number}",
        title=f"Story {number}",
        outlet="Wafer Daily",
        text=TEXT,
        when=NOW - timedelta(hours=2),
        seen_at=NOW,
        topics=(("foundry", 0.9),),
    )
    return replace(made, **changes)  # type: ignore[arg-type] - a test's keyword arguments


def made(*candidates: Candidate, **policy: object) -> Digest:
    wanted = replace(DigestPolicy(), **policy)  # type: ignore[arg-type] - as above
    return compose(wanted, Material(candidates, LOADS), now=NOW, period="2026-11-23")


def titles(digest: Digest) -> list[str]:
    return [story.title for section in digest.sections for story in section.stories]


PLAIN = Candidate(1, (member(1),))


@pytest.mark.parametrize(
    "weightier",
    [
        pytest.param(replace(PLAIN, owners=4), id="four owners weigh more than one"),
        pytest.param(replace(PLAIN, members=(member(1, topics=(("foundry", 0.99),)),)), id="surer"),
        pytest.param(
            replace(PLAIN, strength=0.5, statement=Statement(1, "x", NOW.date())),
            id="bears on the baseline",
        ),
        pytest.param(replace(PLAIN, members=(member(1, when=NOW),)), id="newer"),
    ],
)
def test_what_weighs_more_comes_first(weightier: Candidate) -> None:
    assert score(weightier, now=NOW) > score(PLAIN, now=NOW)


def test_a_story_on_two_topics_stands_once_under_the_surer() -> None:
    both = member(1, topics=(("hbm", 0.95), ("foundry", 0.7)))
    digest = made(Candidate(1, (both,)))
    assert [(s.topic, len(s.stories)) for s in digest.sections] == [("hbm", 1)]
    assert digest.sections[0].stories[0].topics == ("hbm", "foundry")


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        pytest.param((), "English", id="English unless said otherwise"),
        pytest.param(("zh",), "中文", id="the reader's language"),
        pytest.param(("ko", "zh", "en"), "中文", id="the best there is"),
    ],
)
def test_a_story_in_many_languages_speaks_the_readers(
    languages: tuple[str, ...], expected: str
) -> None:
    story = Candidate(
        1,
        (
            member(1, title="日本語", language="ja", topics=(("foundry", 0.99),)),
            member(2, title="中文", language="zh"),
            member(3, title="English", language="en"),
        ),
    )
    assert titles(made(story, languages=languages)) == [expected]


def test_an_outlet_that_ran_a_story_twice_is_one_voice() -> None:
    (section,) = made(Candidate(1, (member(1), member(2), member(3, outlet="Chip Post")))).sections
    (one,) = section.stories
    assert [voice.outlet for voice in one.voices] == ["Wafer Daily", "Chip Post"]
    assert one.article_ids == (1, 2, 3)


@given(st.integers(min_value=0, max_value=30), st.integers(min_value=1, max_value=12))
def test_every_story_stands_or_waits(count: int, room: int) -> None:
    digest = made(*(Candidate(n, (member(n),)) for n in range(1, count + 1)), max_stories=room)
    assert digest.stories == min(count, room)
    assert digest.stories + digest.waiting == count
    assert len(titles(digest)) == digest.stories


@given(st.permutations(range(1, 9)))
def test_the_order_of_the_candidates_changes_nothing(order: list[int]) -> None:
    candidates = [Candidate(n, (member(n, when=NOW - timedelta(hours=n % 3)),)) for n in order]
    assert titles(made(*candidates)) == titles(made(*sorted(candidates, key=lambda c: c.id or 0)))


def test_no_link_of_a_digest_tells_publishers_where_the_reader_came_from() -> None:
    tracked = member(1, url="https://wafer.example/1?id=7&utm_source=rss&fbclid=x#xtor=RSS-1")
    (story,) = made(Candidate(1, (tracked,))).sections[0].stories
    assert {story.url, *(voice.url for voice in story.voices)} == {"https://wafer.example/1?id=7"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param(TEXT, True, id="news about a statement"),
        pytest.param(f"{TEXT}\n{'SMIC is far behind TSMC ' * 4}", False, id="the statement again"),
    ],
)
def test_the_baseline_is_not_held_against_itself(text: str, shown: bool) -> None:
    said = Statement(1, "SMIC is far behind TSMC " * 4, NOW.date())
    candidate = Candidate(1, (member(1, text=text),), statement=said)
    (story,) = made(candidate).sections[0].stories
    assert (story.statement is not None) is shown


def test_the_head_counts_what_stands_below_it() -> None:
    digest = made(Candidate(1, (member(1), member(2, outlet="Chip Post"))), PLAIN)
    assert (digest.stories, digest.articles, digest.outlets) == (2, 3, 2)
    assert digest.minutes >= 1
    assert digest.subject.endswith("(+1 more)")
    section = digest.sections[0]
    assert (section.title, section.days[-1], section.mean) == ("Foundry", 4, 0.0)


def test_a_headline_behind_a_paywall_is_news_by_itself() -> None:
    told = member(1, owed=False)
    fresh = member(2, title="Beijing halts exports of gallium to chip makers", text="")
    (section,) = made(Candidate(1, (told, fresh), told_at=NOW - timedelta(days=1))).sections
    assert section.stories[0].news == "Beijing halts exports of gallium to chip makers"


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        pytest.param("0 7 * * *", "2026-11-23", id="a daily digest is named by its day"),
        pytest.param("0 7 * * mon", "2026-11-23", id="a weekly one too"),
        pytest.param("0 7,19 * * *", "2026-11-23T07:00", id="several a day by their time"),
        pytest.param("*/30 * * * *", "2026-11-23T07:30", id="many a day by their time"),
        pytest.param("0 9 * * *", None, id="not yet"),
    ],
)
def test_a_digest_is_due_once_a_period(schedule: str, expected: str | None) -> None:
    policy = DigestPolicy(schedule=schedule, timezone="Europe/Berlin")
    until = NOW - timedelta(hours=20)
    assert due_period(policy, until=until, now=NOW + timedelta(minutes=40)) == expected
