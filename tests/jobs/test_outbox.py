"""From the outbox to a real SMTP server: once, in order, kept while nobody listens."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.adapters import templates
from pipeline.adapters.channels.folder import FolderChannel
from pipeline.adapters.channels.mail import MailChannel
from pipeline.adapters.store import Store, outbox
from pipeline.errors import DeliveryError
from pipeline.jobs import digest as job
from pipeline.models.digests import DigestReport
from pipeline.models.policies import DigestPolicy
from pipeline.ports import Channel
from tests.newsdesk import NOW, TOPICS, Newsdesk
from tests.postoffice import PostOffice, open_post_office

DAY = timedelta(days=1)
POLICY = DigestPolicy(name="daily", channels=("mail:ann@reader.example",))
NEWSROOM = job.Newsroom(
    topics=TOPICS,
    templates=templates.load(),
    packaged=templates.load(),
    sender="chipwire <news@chipwire.example>",
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Newsdesk]:
    with Store(tmp_path / "chipwire.db") as store:
        yield Newsdesk(store)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


def run(
    desk: Newsdesk,
    channel: Channel,
    *,
    now: datetime = NOW,
    policy: DigestPolicy = POLICY,
    newsroom: job.Newsroom = NEWSROOM,
) -> DigestReport:
    return job.run(desk.store, [policy], {channel.name: channel}, now=now, newsroom=newsroom)


class Closed:
    """A channel that is down."""

    name = "mail"

    def __init__(self) -> None:
        self.tried: list[str] = []

    def send(self, recipient: str, message_id: str, message: bytes) -> None:
        self.tried.append(recipient)
        raise DeliveryError("nobody listens", permanent=False, everyone=True)


def states(desk: Newsdesk) -> dict[str, str]:
    rows = desk.store.rows("SELECT recipient, state FROM deliveries ORDER BY digest_id")
    return {row["recipient"]: row["state"] for row in rows}


def test_a_digest_reaches_its_reader_once(desk: Newsdesk, office: PostOffice) -> None:
    desk.article("SMIC starts risk production")
    mail = MailChannel(office.policy())
    assert run(desk, mail).delivered == 1
    assert run(desk, mail, now=NOW + timedelta(hours=1)).delivered == 0
    (message,) = office.messages
    assert message["Subject"] == "SMIC starts risk production"
    row = desk.store.row("SELECT * FROM deliveries")
    assert row is not None
    assert (row["state"], row["message_id"]) == ("delivered", message["Message-ID"])
    assert b"\r\n" in row["message"]
    assert b"\n" not in row["message"].replace(b"\r\n", b"")


def test_a_server_down_for_three_days_costs_no_digest_and_no_order(
    desk: Newsdesk, office: PostOffice
) -> None:
    closed = Closed()
    for day in range(3):
        desk.article(f"News of day {day}", when=NOW + day * DAY - timedelta(hours=1))
        for hour in range(24):
            run(desk, closed, now=NOW + day * DAY + timedelta(hours=hour))
    assert 12 <= len(closed.tried) <= 24  # 1, 2, 4 … minutes, then every 6 hours
    mail = MailChannel(office.policy())
    for hour in range(8):
        run(desk, mail, now=NOW + 3 * DAY + timedelta(hours=hour), policy=POLICY)
    assert [message["Subject"] for message in office.messages] == [
        "News of day 0", "News of day 1", "News of day 2",
    ]  # fmt: skip
    assert outbox.counts(desk.store) == {"delivered": 3}


def test_a_channel_that_is_down_is_asked_once_for_all_its_recipients(desk: Newsdesk) -> None:
    closed = Closed()
    many = replace(POLICY, channels=tuple(f"mail:r{n}@reader.example" for n in range(20)))
    desk.article("News")
    assert run(desk, closed, policy=many).failed == 1
    assert len(closed.tried) == 1


def test_a_refused_recipient_is_reported_and_not_tried_again(
    desk: Newsdesk, office: PostOffice
) -> None:
    office.answers["gone@reader.example"] = "550 5.1.1 no such mailbox"
    both = replace(POLICY, channels=("mail:gone@reader.example", *POLICY.channels))
    desk.article("News")
    mail = MailChannel(office.policy())
    report = run(desk, mail, policy=both)
    assert (report.delivered, report.failed) == (1, 1)
    assert "550 5.1.1 no such mailbox" in report.refused[0]
    assert states(desk) == {"gone@reader.example": "refused", "ann@reader.example": "delivered"}
    assert run(desk, mail, policy=both, now=NOW + timedelta(hours=12)).failed == 0
    (row,) = outbox.troubled(desk.store)
    assert "550" in row["last_error"]


def test_a_recipient_put_off_is_tried_later_with_the_same_message_id(
    desk: Newsdesk, office: PostOffice
) -> None:
    office.answers["ann@reader.example"] = "451 4.7.1 greylisted, come back"
    desk.article("News")
    mail = MailChannel(office.policy())
    assert run(desk, mail).failed == 1
    first = desk.store.value("SELECT message_id FROM deliveries")
    office.answers.clear()
    assert run(desk, mail, now=NOW + timedelta(seconds=30)).delivered == 0
    assert run(desk, mail, now=NOW + timedelta(seconds=61)).delivered == 1
    assert [message["Message-ID"] for message in office.messages] == [first]


def test_a_delivery_is_abandoned_after_two_weeks(desk: Newsdesk) -> None:
    desk.article("News")
    run(desk, Closed())
    run(desk, Closed(), now=NOW + 15 * DAY)
    assert states(desk) == {"ann@reader.example": "abandoned"}


def test_a_recipient_taken_out_of_the_configuration_gets_nothing_more(
    desk: Newsdesk, office: PostOffice
) -> None:
    desk.article("News")
    run(desk, Closed())
    mail = MailChannel(office.policy())
    left = replace(POLICY, channels=())
    report = run(desk, mail, policy=left, now=NOW + timedelta(hours=1))
    assert office.taken == []
    assert states(desk) == {"ann@reader.example": "abandoned"}
    # it is no fault either: somebody took it out
    assert (report.delivered, report.failed, outbox.troubled(desk.store)) == (0, 0, [])


def test_a_broken_template_of_the_user_costs_no_digest(desk: Newsdesk, office: PostOffice) -> None:
    desk.article("News")
    broken = {**NEWSROOM.templates, "mail.html": "{% if %}"}
    mail = MailChannel(office.policy())
    assert run(desk, mail, newsroom=replace(NEWSROOM, templates=broken)).delivered == 1
    assert "News" in office.messages[0].as_string()


def test_a_reader_of_files_finds_pages_and_feeds(desk: Newsdesk, tmp_path: Path) -> None:
    desk.article("News")
    files = FolderChannel(tmp_path / "digests")
    run(desk, files, policy=replace(POLICY, channels=("file",)))
    folder = tmp_path / "digests" / "daily"
    found = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    assert found == [
        "2026-11-23.html", "2026-11-23.json", "2026-11-23.md", "2026-11-23.txt", "feed.xml",
        "latest.html", "topics/foundry.xml",
    ]  # fmt: skip
    assert json.loads((folder / "2026-11-23.json").read_text())["stories"] == 1


def test_channels_may_change_between_composing_and_sending(
    desk: Newsdesk, office: PostOffice
) -> None:
    desk.article("News")
    before = replace(POLICY, channels=("mail:ann@reader.example", "mail:bob@reader.example"))
    run(desk, Closed(), policy=before)
    after = replace(POLICY, channels=("mail:bob@reader.example", "mail:eve@reader.example"))
    mail = MailChannel(office.policy())
    run(desk, mail, policy=after, now=NOW + timedelta(hours=1))
    assert [recipient for recipient, _ in office.taken] == ["bob@reader.example"]
    desk.article("More", when=NOW + timedelta(hours=9))
    run(desk, mail, policy=after, now=NOW + DAY)
    assert [recipient for recipient, _ in office.taken[1:]] == [
        "bob@reader.example", "eve@reader.example",
    ]  # fmt: skip


def test_two_digests_at_the_same_minute_reach_the_same_reader_one_after_the_other(
    desk: Newsdesk, office: PostOffice
) -> None:
    desk.article("For both")
    other = replace(POLICY, name="foundry", topics=("foundry",))
    channels = {"mail": MailChannel(office.policy())}
    report = job.run(desk.store, [POLICY, other], channels, now=NOW, newsroom=NEWSROOM)
    assert report.delivered == 2
    lists = [message["List-Id"] for message in office.messages]
    assert [name.partition(" <")[0] for name in lists] == ["chipwire daily", "chipwire foundry"]
    assert len({message["Message-ID"] for message in office.messages}) == 2


def test_a_server_that_takes_the_mail_and_hangs_up_gets_the_same_message_again(
    desk: Newsdesk, office: PostOffice
) -> None:
    desk.article("News")
    mail = MailChannel(office.policy())
    office.hangs_up = True
    report = run(desk, mail)
    assert (report.delivered, report.failed, report.refused) == (0, 1, ())
    assert "broke off" in report.put_off[0]
    office.hangs_up = False
    assert run(desk, mail, now=NOW + timedelta(minutes=2)).delivered == 1
    first, second = office.taken
    assert first == second  # byte for byte: the receiver drops one by its Message-ID


def send(desk: Newsdesk, mail: Channel, *, policy: DigestPolicy) -> DigestReport:
    now = NOW + timedelta(hours=2)
    return job.send_now(
        desk.store, [policy], {"mail": mail}, name="daily", now=now, newsroom=NEWSROOM
    )


def test_what_was_refused_is_sent_again_by_hand_with_its_number(
    desk: Newsdesk, office: PostOffice
) -> None:
    office.answers["gone@reader.example"] = "550 5.7.1 relaying denied"
    both = replace(POLICY, channels=("mail:gone@reader.example", *POLICY.channels))
    desk.article("News")
    mail = MailChannel(office.policy())
    run(desk, mail, policy=both)
    number = desk.store.value("SELECT message_id FROM deliveries WHERE state = 'refused'")
    office.taken.clear()
    office.answers.clear()
    assert send(desk, mail, policy=both).delivered == 1
    assert [recipient for recipient, _ in office.taken] == ["gone@reader.example"]
    assert office.messages[0]["Message-ID"] == number
    assert send(desk, mail, policy=both).delivered == 0  # nobody is refused any more


def test_a_mended_address_gets_what_the_wrong_one_was_refused(
    desk: Newsdesk, office: PostOffice
) -> None:
    office.answers["an@reader.example"] = "550 5.1.1 no such mailbox"
    desk.article("News")
    mail = MailChannel(office.policy())
    run(desk, mail, policy=replace(POLICY, channels=("mail:an@reader.example",)))
    assert send(desk, mail, policy=POLICY).delivered == 1
    assert [recipient for recipient, _ in office.taken] == ["ann@reader.example"]
    assert office.messages[0]["Subject"] == "News"


def test_a_new_channel_gets_no_old_digest_where_nobody_was_refused(
    desk: Newsdesk, office: PostOffice
) -> None:
    desk.article("News")
    mail = MailChannel(office.policy())
    run(desk, mail)
    more = replace(POLICY, channels=(*POLICY.channels, "mail:bob@reader.example"))
    assert send(desk, mail, policy=more).delivered == 0


def test_what_could_not_be_rendered_is_rendered_when_it_is_sent_by_hand(
    desk: Newsdesk, office: PostOffice
) -> None:
    desk.article("News")
    mail = MailChannel(office.policy())
    broken = replace(NEWSROOM, sender="nobody in particular")
    run(desk, mail, newsroom=broken)
    assert states(desk) == {"ann@reader.example": "refused"}
    assert send(desk, mail, policy=POLICY).delivered == 1
    assert office.messages[0]["Subject"] == "News"


def test_a_delivery_that_fails_is_news_once(desk: Newsdesk, office: PostOffice) -> None:
    office.answers["ann@reader.example"] = "451 4.7.1 greylisted, come back"
    desk.article("News")
    mail = MailChannel(office.policy())
    (news,) = run(desk, mail).news
    assert news == (
        "'daily' did not reach mail:ann@reader.example: ann@reader.example was refused:"
        " 451 4.7.1 greylisted, come back; it is kept and tried again"
    )
    assert run(desk, mail, now=NOW + timedelta(minutes=2)).news == ()
    office.answers["ann@reader.example"] = "550 5.1.1 gone"
    (news,) = run(desk, mail, now=NOW + timedelta(minutes=9)).news
    assert news.endswith("550 5.1.1 gone")


def test_trouble_that_is_over_is_told_no_more(desk: Newsdesk, office: PostOffice) -> None:
    office.answers["ann@reader.example"] = "552 mailbox full"
    desk.article("News")
    mail = MailChannel(office.policy())
    run(desk, mail)
    assert len(outbox.troubled(desk.store)) == 1
    office.answers.clear()
    desk.article("More", when=NOW + timedelta(hours=9))
    run(desk, mail, now=NOW + DAY)
    assert outbox.troubled(desk.store) == []


class Cut(BaseException):
    """The power goes."""


class Fused:
    """A channel that hands over and then loses the power before it can say so."""

    name = "mail"

    def __init__(self, mail: MailChannel, *, before: bool):
        self.mail, self.before = mail, before

    def send(self, recipient: str, message_id: str, message: bytes) -> None:
        if self.before:
            raise Cut
        self.mail.send(recipient, message_id, message)
        raise Cut


@pytest.mark.parametrize(
    ("before", "copies"),
    [
        pytest.param(True, 1, id="before the server has it: sent once"),
        pytest.param(False, 2, id="after the server has it, before our mark: the same id twice"),
    ],
)
def test_a_kill_round_the_hand_over_makes_one_message_id(
    desk: Newsdesk, office: PostOffice, before: bool, copies: int
) -> None:
    desk.article("News")
    mail = MailChannel(office.policy())
    with pytest.raises(Cut):
        run(desk, Fused(mail, before=before))
    assert run(desk, mail).delivered == 1
    assert len(office.taken) == copies
    assert len({message["Message-ID"] for message in office.messages}) == 1
