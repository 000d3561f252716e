"""Stories: one event, however many outlets and languages; the same whatever the order."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.stories import b_cubed, newsroom
from pipeline.adapters.files import packaged
from pipeline.steps import companies, concepts, stories
from pipeline.steps.stories import StoryArticle, StoryPlan
from pipeline.steps.terms import Terms

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NAMES = companies.load((packaged("config") / "companies.toml").read_bytes(), "companies.toml")
WORDS = concepts.load((packaged("config") / "concepts.toml").read_bytes(), "concepts.toml")
_READ = stories.reader(NAMES, WORDS)
ARTICLES, TRUTH = newsroom()


@cache
def remembered(title: str, text: str) -> Terms:
    return _READ(StoryArticle(0, title, text, MONDAY))


def read(article: StoryArticle) -> Terms:
    return remembered(article.title, article.text)


def group(articles: list[StoryArticle], existing: dict[int, int] | None = None) -> StoryPlan:
    return stories.group(articles, existing or {}, read=read)


def partition(plan: StoryPlan) -> set[tuple[int, ...]]:
    return {story.article_ids for story in plan.stories}


def told(
    article_id: int, title: str, text: str = "", *, hours: float = 0, **more: object
) -> StoryArticle:
    when = MONDAY + timedelta(hours=hours)
    return replace(
        StoryArticle(article_id, title, text, when, owner=f"owner {article_id}", language="en"),
        **more,
    )


WHOLE = group(ARTICLES)


def test_the_newsroom_is_grouped_by_event() -> None:
    precision, recall = b_cubed([story.article_ids for story in WHOLE.stories], TRUTH)
    assert precision >= 0.95
    assert recall >= 0.9


def test_teasers_alone_still_meet() -> None:
    plan = group([replace(article, text=article.text[:300]) for article in ARTICLES])
    precision, recall = b_cubed([story.article_ids for story in plan.stories], TRUTH)
    assert precision >= 0.95
    assert recall >= 0.8


def test_an_event_is_one_story_in_three_languages() -> None:
    languages = {article.id: article.language for article in ARTICLES}
    cxmt = next(story for story in WHOLE.stories if "CXMT ships HBM3" in story.title)
    assert {languages[one] for one in cxmt.article_ids} == {"en", "zh", "ko"}


def test_every_article_is_in_exactly_one_story() -> None:
    found = [one for story in WHOLE.stories for one in story.article_ids]
    assert sorted(found) == [article.id for article in ARTICLES]


@settings(max_examples=20, deadline=None)  # each groups up to 76 articles twice
@given(st.randoms(use_true_random=False), st.integers(2, len(ARTICLES)))
def test_neither_order_nor_ids_change_the_grouping(chance: random.Random, size: int) -> None:
    chosen = chance.sample(ARTICLES, size)
    ids = dict(zip((one.id for one in chosen), chance.sample(range(1000), size), strict=True))
    renamed = [replace(one, id=ids[one.id], copy_of=ids.get(one.copy_of or -1)) for one in chosen]
    original = [replace(one, copy_of=one.copy_of if one.copy_of in ids else None) for one in chosen]
    expected = {tuple(sorted(ids[one] for one in found)) for found in partition(group(original))}
    assert partition(group(renamed)) == expected


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_stories_that_grow_article_by_article_end_up_the_same(chance: random.Random) -> None:
    arriving = chance.sample(ARTICLES, 12)
    existing: dict[int, int] = {}
    for count in range(1, len(arriving) + 1):
        plan = group(arriving[:count], existing)
        fresh = iter(range(max(existing.values(), default=0) + 1, 1000))
        existing = {
            one: story.id or new
            for story, new in ((story, next(fresh)) for story in plan.stories)
            for one in story.article_ids
        }
        assert existing.keys() == {article.id for article in arriving[:count]}
    assert partition(plan) == partition(group(arriving))


GENERIC = [
    ("share prices", "Nvidia shares rise", "Nvidia shares fall on Thursday"),
    ("one company, two events", "Intel names a new finance chief", "Intel delays its Ohio plant"),
    ("one subject, two companies", "Samsung expands chip exports", "Micron expands chip exports"),
    ("nothing at all", "", ""),
]


@pytest.mark.parametrize(
    ("one", "other"), [row[1:] for row in GENERIC], ids=[row[0] for row in GENERIC]
)
def test_headlines_alike_in_general_only_stay_apart(one: str, other: str) -> None:
    assert len(group([told(1, one), told(2, other)]).stories) == 2


def test_a_near_duplicate_joins_whatever_its_headline() -> None:
    copy = told(2, "What you need to know this morning", copy_of=1)
    assert partition(group([told(1, "Rapidus shows a transistor"), copy])) == {(1, 2)}


def ids_of(existing: dict[int, int], *groups: list[int]) -> tuple[list[int | None], dict[int, int]]:
    return stories.keep_ids([[told(one, "") for one in members] for members in groups], existing)


KEPT = [
    ("a story that grows keeps its id", {1: 7}, [[1, 2]], [7], {}),
    ("a new story has none yet", {1: 7}, [[1], [2]], [7, None], {}),
    ("merged stories keep the lowest", {1: 9, 2: 7, 3: 9}, [[1, 2, 3]], [7], {9: 7}),
    ("of a split the larger part keeps it", {1: 7, 2: 7, 3: 7}, [[1], [2, 3]], [None, 7], {}),
    ("of an even split the first part", {1: 7, 2: 7}, [[1], [2]], [7, None], {}),
    ("one that moves over brings no id along",
     {1: 7, 2: 7, 3: 7, 4: 8}, [[1, 2], [3, 4]], [7, 8], {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("existing", "groups", "ids", "merged"), [row[1:] for row in KEPT], ids=[row[0] for row in KEPT]
)
def test_ids_are_stable(
    existing: dict[int, int], groups: list[list[int]], ids: list[int | None], merged: dict[int, int]
) -> None:
    assert ids_of(existing, *groups) == (ids, merged)


def test_the_first_full_text_that_is_no_copy_leads() -> None:
    teaser = told(1, "a", "short")
    copy = told(2, "b", "x" * 900, hours=1, copy_of=4)
    full = told(3, "c", "x" * 900, hours=3)
    assert stories.lead([full, copy, teaser]) == full
    assert stories.lead([copy, teaser]) == copy
    assert stories.lead([teaser, told(5, "e")]) == teaser


VOICES = [
    ("two outlets of one owner", [(1, "A", None), (2, "A", None)], 1),
    ("two owners", [(1, "A", None), (2, "B", None)], 2),
    ("one wire text run by three", [(1, "A", None), (2, "B", 1), (3, "C", 1)], 1),
    ("a copy and a text of its own", [(1, "A", None), (2, "B", 1), (3, "B", None)], 2),
    ("outlets nobody knows", [(1, "", None), (2, "", None)], 2),
]


@pytest.mark.parametrize(
    ("rows", "count"), [row[1:] for row in VOICES], ids=[row[0] for row in VOICES]
)
def test_outlets_count_by_owner_and_text(
    rows: list[tuple[int, str, int | None]], count: int
) -> None:
    members = [told(one, "", owner=owner, copy_of=copy) for one, owner, copy in rows]
    assert stories.voices(members) == count
