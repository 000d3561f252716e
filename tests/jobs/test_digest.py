"""The digest job over a real database: due, owed, told once, never lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.jobs import digest as job
from pipeline.models.digests import Digest, DigestStory
from pipeline.models.labels import LabelRule
from pipeline.models.policies import DigestPolicy
from pipeline.steps.digest.render_terminal import render_terminal
from tests.newsdesk import NOW, TOPICS, Newsdesk

DAILY = DigestPolicy(name="daily", schedule="0 7 * * *", timezone="UTC", cut=0.6, channels=())
DAY = timedelta(days=1)
NEWSROOM = job.Newsroom(topics=TOPICS)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Newsdesk]:
    with Store(tmp_path / "chipwire.db") as store:
        yield Newsdesk(store)


def compose(desk: Newsdesk, now: datetime = NOW, policy: DigestPolicy = DAILY) -> Digest | None:
    report = job.run(desk.store, [policy], {}, now=now, newsroom=NEWSROOM)
    return report.composed[0] if report.composed else None


def stories(digest: Digest | None) -> list[DigestStory]:
    assert digest is not None
    return [story for section in digest.sections for story in section.stories]


def titles(digest: Digest | None) -> list[str]:
    return [story.title for story in stories(digest)]


def test_an_empty_home_has_no_digest_and_the_first_story_brings_it_at_once(desk: Newsdesk) -> None:
    assert compose(desk) is None
    assert desk.store.value("SELECT count(*) FROM digests") == 0
    desk.article("SMIC starts risk production")
    assert titles(compose(desk, NOW + timedelta(hours=3))) == ["SMIC starts risk production"]


def test_a_second_run_composes_nothing_and_writes_nothing(desk: Newsdesk) -> None:
    desk.article("SMIC starts risk production")
    compose(desk)
    before = desk.store.value("PRAGMA data_version"), desk.store.connection.total_changes
    assert compose(desk, NOW + timedelta(hours=5)) is None
    assert (
        desk.store.value("PRAGMA data_version"),
        desk.store.connection.total_changes,
    ) == before


def test_what_came_since_stands_in_the_next_digest_only(desk: Newsdesk) -> None:
    desk.article("First")
    compose(desk)
    desk.article("Second", when=NOW + timedelta(hours=6))
    assert titles(compose(desk, NOW + DAY)) == ["Second"]


def test_a_quiet_day_is_marked_as_done_and_sends_nothing(desk: Newsdesk) -> None:
    desk.article("First")
    compose(desk)
    assert compose(desk, NOW + DAY) is None
    desk.article("Late", when=NOW + DAY + timedelta(hours=3))
    assert compose(desk, NOW + DAY + timedelta(hours=4)) is None
    assert titles(compose(desk, NOW + 2 * DAY)) == ["Late"]


def test_a_digest_that_is_not_quiet_says_that_nothing_is_new(desk: Newsdesk) -> None:
    talkative = replace(DAILY, quiet=False)
    desk.article("First")
    compose(desk, policy=talkative)
    second = compose(desk, NOW + DAY, talkative)
    assert second is not None
    assert second.subject == "daily: nothing new"


def test_a_machine_asleep_over_three_times_composes_one_digest_for_all(desk: Newsdesk) -> None:
    desk.article("First")
    compose(desk)
    for day in range(1, 4):
        desk.article(f"Day {day}", when=NOW + day * DAY - timedelta(hours=4))
    awake = NOW + 3 * DAY + timedelta(hours=2)
    assert sorted(titles(compose(desk, awake))) == ["Day 1", "Day 2", "Day 3"]
    assert compose(desk, awake + timedelta(minutes=1)) is None


def test_four_outlets_with_one_story_make_one_entry_with_four_names(desk: Newsdesk) -> None:
    for outlet in ("Wafer Daily", "Chip Post", "Fab Times", "Die Weekly"):
        desk.article("SMIC starts risk production", outlet=outlet, story=1)
    (story,) = stories(compose(desk))
    assert [voice.outlet for voice in story.voices] == [
        "Wafer Daily", "Chip Post", "Fab Times", "Die Weekly",
    ]  # fmt: skip


def test_an_update_two_days_later_says_what_is_new(desk: Newsdesk) -> None:
    known = "SMIC began risk production of 5 nm chips at its Shanghai plant, two people said."
    desk.article("SMIC starts risk production", text=known, story=1)
    compose(desk)
    fresh = "Yields at the plant reached 45 percent this week, a supplier told analysts."
    later = NOW + 2 * DAY
    desk.article(
        "SMIC yields rise", text=f"{known}\n{fresh}", story=1, when=later - timedelta(hours=3)
    )
    digest = compose(desk, later)
    (story,) = stories(digest)
    assert (story.kind, story.news, story.told_at) == ("updated", fresh, NOW)
    assert digest is not None
    assert f"What is new since 23 Nov: {fresh[:30]}" in render_terminal(digest, 80)


def test_a_further_copy_of_a_told_story_is_no_news(desk: Newsdesk) -> None:
    text = "SMIC began risk production of 5 nm chips at its Shanghai plant, two people said."
    desk.article("SMIC starts", text=text, story=1)
    compose(desk)
    desk.article("SMIC starts", text=text, story=1, outlet="Chip Post", when=NOW + DAY / 2)
    assert compose(desk, NOW + DAY) is None


def test_an_article_below_the_cut_comes_when_it_passes_later(desk: Newsdesk) -> None:
    desk.article("Sure")
    unsure = desk.article("Not yet", topics={"foundry": 0.55})
    assert titles(compose(desk)) == ["Sure"]
    desk.tag(unsure, {"foundry": 0.8})
    assert titles(compose(desk, NOW + DAY)) == ["Not yet"]


@pytest.mark.parametrize(
    ("verdict", "sure", "expected"),
    [
        pytest.param("yes", 0.2, ["Judged"], id="a yes brings what the model missed"),
        pytest.param("no", 0.9, [], id="a no keeps out what the model took"),
        pytest.param("skip", 0.9, ["Judged"], id="a skip leaves it to the model"),
        pytest.param("undo", 0.9, ["Judged"], id="an undo gives the word back to the model"),
    ],
)
def test_a_persons_verdict_overrules_the_model(
    desk: Newsdesk, verdict: str, sure: float, expected: list[str]
) -> None:
    article = desk.article("Judged", topics={"foundry": sure})
    desk.label(article, "foundry", verdict)
    digest = compose(desk)
    assert (titles(digest) if digest else []) == expected


JUDGES = (("ann", "yes"), ("bob", "no"), ("eve", "no"))


@pytest.mark.parametrize(
    ("rule", "judges", "sure", "expected"),
    [
        pytest.param("newest", JUDGES[:2], 0.9, [], id="newest: the last one's no keeps it out"),
        pytest.param("newest", JUDGES[1::-1], 0.1, ["Judged"], id="newest: the last one's yes"),
        pytest.param("majority", JUDGES, 0.9, [], id="majority: two against one"),
        pytest.param("majority", JUDGES[:2], 0.9, ["Judged"], id="majority: a tie: the model's"),
        pytest.param("agreed", JUDGES[1:], 0.9, [], id="agreed: both say no"),
        pytest.param("agreed", JUDGES[:2], 0.1, [], id="agreed: they differ: the model's no"),
    ],
)
def test_the_rule_for_verdicts_decides_where_reviewers_differ(
    desk: Newsdesk,
    rule: LabelRule,
    judges: tuple[tuple[str, str], ...],
    sure: float,
    expected: list[str],
) -> None:
    article = desk.article("Judged", topics={"foundry": sure})
    for reviewer, verdict in judges:
        desk.label(article, "foundry", verdict, reviewer=reviewer)
    newsroom = replace(NEWSROOM, labels=rule)
    report = job.run(desk.store, [DAILY], {}, now=NOW, newsroom=newsroom)
    assert (titles(report.composed[0]) if report.composed else []) == expected


def test_a_persons_no_holds_for_every_outlet_that_ran_the_text(desk: Newsdesk) -> None:
    first = desk.article("Wrong", story=1)
    desk.copy(desk.article("Wrong", story=1, outlet="Chip Post"), first)
    kept = desk.article("Right", topics={"foundry": 0.9, "hbm": 0.9})
    desk.label(first, "foundry", "no")
    desk.label(kept, "foundry", "no")
    digest = compose(desk)
    assert [(story.title, story.topics) for story in stories(digest)] == [("Right", ("hbm",))]
    assert digest is not None
    assert [section.days[-1] for section in digest.sections] == [1]


def test_a_persons_yes_on_a_topic_the_model_never_scored_counts(desk: Newsdesk) -> None:
    article = desk.article("Judged", topics={"foundry": 0.1})
    desk.label(article, "hbm", "yes")
    (story,) = stories(compose(desk))
    assert (story.topics, story.probability) == (("hbm",), 1.0)


def test_stories_that_find_no_room_come_next_and_none_is_lost(desk: Newsdesk) -> None:
    short = replace(DAILY, max_stories=2)
    expected = {f"Story {number}" for number in range(5)}
    for title in expected:
        desk.article(title)
    seen = [titles(compose(desk, NOW + day * DAY, short)) for day in range(3)]
    assert [len(one) for one in seen] == [2, 2, 1]
    assert {title for one in seen for title in one} == expected


def test_two_digests_of_different_names_tell_the_same_article_each_once(desk: Newsdesk) -> None:
    desk.article("For both")
    other = replace(DAILY, name="foundry", topics=("foundry",))
    report = job.run(desk.store, [DAILY, other], {}, now=NOW, newsroom=NEWSROOM)
    assert [titles(digest) for digest in report.composed] == [["For both"], ["For both"]]
    assert not job.run(desk.store, [DAILY, other], {}, now=NOW + DAY, newsroom=NEWSROOM).composed


@pytest.mark.parametrize(
    ("zone", "line", "start", "days"),
    [
        pytest.param("Europe/Berlin", line, start, 4, id=f"Berlin {line} from {start:%d %b}")
        for line in ("30 1 * * *", "30 2 * * *", "0 7 * * *")
        for start in (
            datetime(2026, 3, 27, 12, tzinfo=UTC),
            datetime(2026, 10, 23, 12, tzinfo=UTC),
        )
    ]
    + [
        pytest.param("America/New_York", line, start, 4, id=f"New York {line} from {start:%d %b}")
        for line in ("30 1 * * *", "30 2 * * *", "0 7 * * *")
        for start in (datetime(2026, 3, 6, 12, tzinfo=UTC), datetime(2026, 10, 30, 12, tzinfo=UTC))
    ],
)
def test_one_digest_per_local_day_over_both_changes_of_the_clock(
    desk: Newsdesk, zone: str, line: str, start: datetime, days: int
) -> None:
    policy = replace(DAILY, schedule=line, timezone=zone)
    desk.article("Opening", when=start - timedelta(hours=1))
    compose(desk, start, policy)
    moment = start
    while moment < start + days * DAY:
        moment += timedelta(minutes=20)
        desk.article(f"News of {moment:%d %H:%M}", when=moment - timedelta(minutes=5))
        compose(desk, moment, policy)
    periods = [row[0] for row in desk.store.rows("SELECT period FROM digests ORDER BY id")]
    assert periods == [f"{start + number * DAY:%Y-%m-%d}" for number in range(days + 1)]


def test_a_clock_that_was_years_ahead_silences_nothing(desk: Newsdesk) -> None:
    desk.article("Today")
    compose(desk)
    desk.article("Wrong clock", when=NOW + timedelta(hours=1))
    compose(desk, NOW.replace(year=2036))
    desk.article("Tomorrow", when=NOW + DAY - timedelta(hours=1))
    assert titles(compose(desk, NOW + DAY)) == ["Tomorrow"]


def test_the_baseline_stands_beside_the_news(desk: Newsdesk) -> None:
    article = desk.article("SMIC starts risk production")
    desk.update(article, "SMIC is far behind TSMC.")
    digest = compose(desk)
    assert digest is not None
    assert "Baseline, 13 Jun 2025: SMIC is far behind TSMC." in render_terminal(digest, 100)


def test_a_preview_stores_nothing(desk: Newsdesk) -> None:
    desk.article("Seen early")
    assert titles(job.preview(desk.store, DAILY, now=NOW, newsroom=NEWSROOM)) == ["Seen early"]
    assert desk.store.value("SELECT count(*) FROM digests") == 0
