"""One story of a digest: who speaks for it, under which topic, and how it went on."""

from datetime import timedelta

import pytest

from pipeline.models.digests import Candidate, DigestStory, Member, Statement
from pipeline.steps.digest.claims import quoting
from pipeline.steps.digest.describe import describe, score
from pipeline.steps.digest.words import latest
from tests.issues import NOW, digest
from tests.steps.digest.test_compose import TEXT, member

DAY = timedelta(days=1)
SECOND = (
    "ChangXin Memory Technologies will build a second line in Shanghai and wants to process"
    " 20,000 wafers a month there, a tender document shows."
)


def told(*members: Member, **changes: object) -> DigestStory:
    made = describe(Candidate(1, members, **changes), now=NOW)  # type: ignore[arg-type] - as in member
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param(
            {"title": "A teardown, a map and a guess"}, 1, id="one that names its subject"
        ),
        pytest.param({"topics": (("foundry", 0.65),)}, 1, id="one that is surely on the topic"),
        pytest.param({"is_part": True}, 1, id="one with a page of its own"),
        pytest.param({"when": NOW - timedelta(hours=9)}, 2, id="else the earliest"),
        pytest.param({"topics": (("foundry", 0.99),)}, 1, id="however sure the later is"),
        pytest.param({"url": "https://m.wafer.example/amp/1"}, 1, id="the plain address of twins"),
    ],
)
def test_who_speaks_for_a_story(other: dict[str, object], expected: int) -> None:
    facts: dict[str, object] = {"title": "SMIC's yields improve", "companies": ("SMIC",)}
    first = member(1, **{**facts, "when": NOW - timedelta(hours=3)})
    late = {"when": NOW - timedelta(hours=2)} if "topics" in other else {}
    second = member(2, **{**facts, "when": first.when, **late, **other})
    assert told(second, first).article_id == expected


def test_a_story_stands_under_the_topic_of_most_of_its_articles() -> None:
    def of(number: int, **topics: float) -> Member:
        ranked = sorted(topics.items(), key=lambda pair: -pair[1])
        return member(number, topics=tuple(ranked))

    story = told(
        of(1, foundry=0.89),
        of(2, foundry=0.99),
        of(3, hbm=0.9995, foundry=0.8),
    )
    assert story.topics == ("foundry", "hbm")
    assert story.probability == 0.99


def test_wrong_topic_asks_about_a_topic_of_the_article_that_is_linked() -> None:
    speaker = member(1, topics=(("hbm", 0.9),), language="en", when=NOW - timedelta(hours=5))
    others = [member(n, topics=(("foundry", 0.99),), language="zh") for n in (2, 3)]
    story = told(speaker, *others)
    assert (story.article_id, story.topic) == (1, "hbm")


def test_an_outlet_is_linked_at_its_own_page() -> None:
    part = member(1, url="https://portal.example/page#article-2", is_part=True)
    own = member(2, url="https://wafer.example/own", when=NOW - timedelta(hours=1))
    assert [voice.url for voice in told(part, own).voices] == ["https://wafer.example/own"]
    assert [voice.url for voice in told(part).voices] == [part.url]


@pytest.mark.parametrize("nothing", ["", " \u200b "])
def test_what_has_no_name_is_called_by_what_there_is(nothing: str) -> None:
    story = told(member(1, title=nothing, outlet=nothing))
    assert story.title == TEXT
    assert story.voices[0].outlet == "wafer.example"
    assert told(member(1, title=nothing, text="")).title == "(untitled)"


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        pytest.param({"text": SECOND}, SECOND, id="it went on"),
        pytest.param({"text": TEXT}, "", id="a copy two days later adds nothing"),
        pytest.param({"text": SECOND, "when": NOW - 2 * DAY}, "", id="within a day it is one news"),
        pytest.param({"text": SECOND, "language": "ko"}, "", id="not in another language"),
        pytest.param({"text": SECOND, "topics": ()}, "", id="not what is off the topic"),
    ],
)
def test_a_new_story_of_several_days_says_how_it_went_on(
    later: dict[str, object], expected: str
) -> None:
    first = member(1, when=NOW - 2 * DAY - timedelta(hours=3))
    story = told(first, member(2, **later))
    assert story.article_id == 1
    assert story.lead == TEXT
    assert (story.latest.text if story.latest else "") == expected
    if expected:
        assert latest(story, digest()).startswith("Latest, 23 Nov: ChangXin")


def test_an_updated_story_says_what_is_new_and_no_more() -> None:
    before = member(1, owed=False, when=NOW - 3 * DAY)
    story = told(before, member(2, text=SECOND), told_at=NOW - 2 * DAY)
    assert (story.kind, story.news, story.latest) == ("updated", SECOND, None)


@pytest.mark.parametrize(
    ("language", "languages", "gives_way"),
    [
        pytest.param("ko", (), True, id="Korean alone, and the reader said nothing"),
        pytest.param("ko", ("ko",), False, id="the reader reads Korean"),
        pytest.param("en", (), False, id="English"),
        pytest.param("", (), False, id="nobody knows the language"),
    ],
)
def test_what_the_reader_may_not_read_gives_way(
    language: str, languages: tuple[str, ...], gives_way: bool
) -> None:
    candidate = Candidate(1, (member(1, language=language),))
    plain = Candidate(1, (member(1),))
    weight = score(candidate, now=NOW, languages=languages)
    assert (weight < score(plain, now=NOW, languages=languages)) is gives_way


def test_a_statement_is_shown_in_the_words_of_its_claim_and_never_as_background() -> None:
    said = Statement(42, "According to Wang, CXMT is three to four years behind.", NOW.date())
    candidate = Candidate(1, (member(1),), statement=said, strength=0.4)
    claims = {42: "CXMT is three to four years behind."}
    (quoted,) = quoting([candidate], claims)
    assert quoted.statement is not None
    assert quoted.statement.text == claims[42]
    (without,) = quoting([candidate], {41: "x"})
    assert (without.statement, without.strength) == (None, 0.0)
    assert quoting([candidate], {}) == (candidate,)


def test_a_claim_with_words_left_out_is_not_held_against_its_own_text() -> None:
    said = Statement(15, "… no Chinese firm appears closer to an alternative [to it].", NOW.date())
    own = member(1, text="But no Chinese firm appears closer to an alternative than Huawei.")
    assert told(own, statement=said).statement is None
    assert told(member(2), statement=said).statement == said
