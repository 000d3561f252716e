"""Alerts over a real database and a real SMTP server: at once, once, within limits, none lost."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.adapters import templates
from pipeline.adapters.channels.mail import MailChannel
from pipeline.adapters.store import Store
from pipeline.jobs import alerts, due
from pipeline.jobs import digest as job
from pipeline.jobs.standing import rehearse, standing
from pipeline.models.digests import Digest, DigestReport
from pipeline.models.policies import AlertPolicy
from tests.newsdesk import NOW, TOPICS, Newsdesk
from tests.postoffice import PostOffice, open_post_office

MIN, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RULE = AlertPolicy(
    name="fabs", topics=("foundry",), per_hour=4, per_day=6, channels=("mail:ann@reader.example",)
)
NEWSROOM = job.Newsroom(
    topics=TOPICS, templates=templates.load(), packaged=templates.load(),
    sender="chipwire <news@chipwire.example>",
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Newsdesk]:
    with Store(tmp_path / "chipwire.db") as store:
        alerts.watch(store, [RULE], now=NOW - HOUR)
        yield Newsdesk(store)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


def run(
    desk: Newsdesk,
    now: datetime = NOW,
    *,
    rule: AlertPolicy = RULE,
    office: PostOffice | None = None,
) -> DigestReport:
    channels = {"mail": MailChannel(office.policy())} if office else {}
    return job.run(desk.store, [], channels, now=now, newsroom=NEWSROOM, rules=[rule])


def titles(alert: Digest) -> list[str]:
    return [story.title for section in alert.sections for story in section.stories]


def told(report: DigestReport) -> list[list[str]]:
    return [titles(alert) for alert in report.alerts]


def test_a_story_is_told_once_however_many_outlets_run_it(
    desk: Newsdesk, office: PostOffice
) -> None:
    for number in range(10):
        desk.article("SMIC starts", outlet=f"Outlet {number}", story=1, when=NOW - MIN)
    assert run(desk, office=office).delivered == 1
    desk.article("SMIC starts, too", outlet="Late Post", story=1, when=NOW + MIN)
    later = run(desk, NOW + 5 * MIN, office=office)
    assert (later.alerts, later.delivered) == ((), 0)
    (message,) = office.messages
    assert message["Subject"] == "Alert: SMIC starts"
    assert message["List-Id"] == "chipwire alert/fabs <fabs.alert.chipwire.chipwire.example>"
    plain = message.get_body(("plain",))
    assert plain is not None
    text = " ".join(plain.get_content().split())
    assert "Outlet 9" in text
    assert "has the alert “fabs” (at 90% sure or more, at most 4 messages an" in text


@pytest.mark.parametrize(
    ("changes", "topics", "companies", "raised"),
    [
        pytest.param({}, {"foundry": 0.95}, (), True, id="on its topic and sure"),
        pytest.param({}, {"foundry": 0.89}, (), False, id="not sure enough"),
        pytest.param({}, {"hbm": 0.95}, (), False, id="on another topic"),
        pytest.param({"companies": ("SMIC",)}, {"foundry": 0.95}, ("SMIC",), True, id="company"),
        pytest.param({"companies": ("SMIC",)}, {"foundry": 0.95}, (), False, id="no company"),
        pytest.param({"languages": ("ko",)}, {"foundry": 0.95}, (), False, id="another language"),
        pytest.param({"topics": ()}, {"hbm": 0.95}, (), True, id="none listed: any topic"),
    ],
)
def test_a_rule_raises_what_meets_it_and_nothing_else(
    desk: Newsdesk, changes: dict[str, object], topics: dict[str, float],
    companies: tuple[str, ...], raised: bool,
) -> None:  # fmt: skip
    desk.mention(desk.article("News", topics=topics, when=NOW - MIN), *companies)
    report = run(desk, rule=replace(RULE, **changes))  # type: ignore[arg-type] - a table's row
    assert told(report) == ([["News"]] if raised else [])


@pytest.mark.parametrize(
    ("verdict", "sure", "raised"),
    [
        pytest.param("no", 0.99, False, id="a person's no keeps it back"),
        pytest.param("yes", 0.2, True, id="a person's yes raises it"),
    ],
)
def test_a_person_overrules_the_model(
    desk: Newsdesk, verdict: str, sure: float, raised: bool
) -> None:
    desk.label(desk.article("Judged", topics={"foundry": sure}, when=NOW - MIN), "foundry", verdict)
    assert bool(run(desk).alerts) is raised


def test_a_storm_keeps_the_limits_and_loses_no_story(desk: Newsdesk, office: PostOffice) -> None:
    expected = {f"Story {number}" for number in range(50)}
    for title in sorted(expected):
        desk.article(title, when=NOW - MIN)
    first = run(desk, office=office)
    assert [len(one) for one in told(first)] == [1, 1, 1, 47]
    assert first.alerts[-1].subject.endswith("(+46 more)")
    assert {title for one in told(first) for title in one} == expected
    more = {f"Later {number}" for number in range(10)}
    for title in sorted(more):
        desk.article(title, when=NOW + MIN)
    assert run(desk, NOW + 2 * MIN, office=office).alerts == ()
    state = standing(desk.store, RULE, now=NOW + 2 * MIN, topics=TOPICS, labels="newest")
    assert (len(state.waiting), state.room, state.opens_at) == (10, 0, NOW + HOUR)
    second = run(desk, NOW + HOUR, office=office)
    assert [len(one) for one in told(second)] == [1, 9]  # two are left of the day's six
    assert {title for one in told(second) for title in one} == more
    assert len(office.messages) == 6
    assert max(Counter(m["Message-ID"] for m in office.messages).values()) == 1


def test_no_window_holds_more_messages_than_the_limits_allow(desk: Newsdesk) -> None:
    sent: list[datetime] = []
    stories = 0
    busy = replace(RULE, per_hour=2)
    for step in range(0, 2 * 24 * 60, 20):  # a story every twenty minutes, for two days
        now = NOW + step * MIN
        desk.article(f"Story {step}", when=now)
        report = run(desk, now, rule=busy)
        sent += [now] * len(report.alerts)
        stories += sum(len(one) for one in told(report))
    assert all(sum(a <= b < a + HOUR for b in sent) <= busy.per_hour for a in sent)
    assert all(sum(a <= b < a + DAY for b in sent) <= busy.per_day for a in sent)
    final = run(desk, NOW + 4 * DAY, rule=busy)
    assert stories + sum(len(one) for one in told(final)) == 2 * 24 * 3


def test_quiet_hours_hold_alerts_and_the_morning_tells_them(desk: Newsdesk) -> None:
    night = replace(RULE, quiet_hours="22:00-07:00", per_hour=1)
    evening = NOW.replace(hour=22, minute=30)
    for number in range(3):
        desk.article(f"Night {number}", when=evening)
    assert run(desk, evening, rule=night).alerts == ()
    morning = NOW.replace(hour=7, minute=0) + DAY
    assert run(desk, morning - MIN, rule=night).alerts == ()
    assert [len(one) for one in told(run(desk, morning, rule=night))] == [3]


@pytest.mark.parametrize(
    ("when", "published", "raised"),
    [
        pytest.param(NOW - 2 * HOUR, None, False, id="seen before the rule began"),
        pytest.param(NOW - MIN, NOW - 3 * DAY, False, id="an old article of a feed just added"),
        pytest.param(NOW - MIN, NOW - DAY, True, id="yesterday's, seen now"),
    ],
)
def test_what_is_no_news_raises_nothing(
    desk: Newsdesk, when: datetime, published: datetime | None, raised: bool
) -> None:
    article = desk.article("News", when=when)
    if published:
        desk.published(article, published)
    assert bool(run(desk).alerts) is raised


def test_two_rules_tell_the_same_story_each_once(desk: Newsdesk) -> None:
    other = replace(RULE, name="everything", topics=())
    alerts.watch(desk.store, [other], now=NOW - HOUR)
    desk.article("News", when=NOW - MIN)
    both = job.run(desk.store, [], {}, now=NOW, newsroom=NEWSROOM, rules=[RULE, other])
    assert told(both) == [["News"], ["News"]]
    again = job.run(desk.store, [], {}, now=NOW + MIN, newsroom=NEWSROOM, rules=[RULE, other])
    assert again.alerts == ()


def test_a_story_that_swallows_a_told_one_is_not_told_again(desk: Newsdesk) -> None:
    first = desk.article("First", when=NOW - MIN)
    assert told(run(desk)) == [["First"]]
    desk.article("Second", story=7, when=NOW + MIN)
    with desk.store.transaction():  # grouping finds that both are one story
        desk.into_story(7, first, when=NOW + MIN)
    assert run(desk, NOW + 2 * MIN).alerts == ()


def test_another_program_that_was_faster_is_noticed(desk: Newsdesk) -> None:
    desk.article("News", when=NOW - MIN)
    state = alerts.stand(desk.store, RULE, now=NOW, newsroom=NEWSROOM)
    assert run(desk).alerts
    late = alerts.compose_for(desk.store, RULE, state.waiting, now=NOW, newsroom=NEWSROOM)
    assert late is None
    assert desk.store.value("SELECT count(*) FROM deliveries") == 1


def test_an_idle_pass_writes_nothing(desk: Newsdesk, office: PostOffice) -> None:
    desk.article("News", when=NOW - MIN)
    run(desk, office=office)
    before = desk.store.connection.total_changes
    alerts.watch(desk.store, [RULE], now=NOW + MIN)
    run(desk, NOW + MIN, office=office)
    assert desk.store.connection.total_changes == before


def test_a_preview_and_a_rehearsal_store_nothing(desk: Newsdesk) -> None:
    desk.article("Old", when=NOW - 2 * HOUR)
    desk.article("News", when=NOW - MIN)
    before = desk.store.connection.total_changes
    made = alerts.preview(desk.store, RULE, now=NOW, newsroom=NEWSROOM)
    assert [titles(one) for one in made] == [["News"]]
    found = rehearse(desk.store, RULE, since=NOW - DAY, topics=TOPICS, labels="newest")
    assert [candidate.members[0].title for candidate in found] == ["News", "Old"]
    assert desk.store.connection.total_changes == before


def test_the_daemon_wakes_for_what_waits_when_the_gate_opens(desk: Newsdesk) -> None:
    rule = replace(RULE, per_hour=1)
    for title in ("First", "Second"):
        desk.article(title, when=NOW - MIN)
        run(desk, NOW - MIN, rule=rule)
    assert not reasons(desk, rule, NOW + 58 * MIN) & {"alerts"}
    assert reasons(desk, rule, NOW + 59 * MIN) & {"alerts"}
    run(desk, NOW + 59 * MIN, rule=rule)
    assert not reasons(desk, rule, NOW + 59 * MIN) & {"alerts"}


def reasons(desk: Newsdesk, rule: AlertPolicy, now: datetime) -> frozenset[str]:
    return due.of_a_pass(desk.store, [], now, after_labels=20, rules=[rule])


def test_a_clock_that_was_ahead_silences_no_rule(desk: Newsdesk) -> None:
    ahead = replace(RULE, name="ahead")
    alerts.watch(desk.store, [ahead], now=NOW.replace(year=2036))
    alerts.watch(desk.store, [ahead], now=NOW - HOUR)
    desk.article("News", when=NOW - MIN)
    assert told(run(desk, rule=ahead)) == [["News"]]
