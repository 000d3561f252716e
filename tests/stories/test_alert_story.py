"""From a feed on loopback to an alert in a mailbox, in one pass: once, and no storm."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.adapters.newsroom import Newsroom
from pipeline.app.one_pass import PassReport, run_pass
from pipeline.app.parts import App
from pipeline.app.sample import write_feeds
from pipeline.settings import Home, load
from tests.fakes import TurnedClock
from tests.postoffice import PostOffice, open_post_office

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHIPWIRE_TOML = """
[fetch]
allow_networks = ["127.0.0.0/8"]
host_delay_s = 0

[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "chipwire <news@chipwire.example>"

[[digest]]
channels = []

[[alert]]
name = "sure"
probability = 0.6
per_hour = 3
per_day = 5
max_age_h = 2000
channels = ["mail:ann@reader.example"]
"""


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


def one_pass(home: Home, newsroom: Newsroom, clock: TurnedClock) -> PassReport:
    with App(home, load(home.settings, {}), clock=clock, resolve=newsroom.resolve) as app:
        return run_pass(app, force=True)


def subjects(office: PostOffice) -> list[str]:
    # a subject whose first words cannot be broken begins on the second line, with a space
    return [str(message["Subject"]).lstrip() for message in office.messages]


def test_news_is_in_the_mailbox_after_the_pass_that_found_it(
    tmp_path: Path, office: PostOffice
) -> None:
    home = Home(tmp_path)
    home.settings.write_text(CHIPWIRE_TOML.format(port=office.port), encoding="utf-8")
    clock = TurnedClock(NOW)
    with Newsroom(anchor=NOW) as newsroom:
        write_feeds(home, newsroom.feeds)
        first = one_pass(home, newsroom, clock)
        assert (first.counts["alerts"], first.counts["delivered"]) == (3, 3)
        assert all(subject.startswith("Alert: ") for subject in subjects(office))
        assert "more)" in subjects(office)[-1]  # the rest of what the first pass found
        with App(home, load(home.settings, {})) as app:
            told = app.store.value("SELECT count(*) FROM digest_stories")
            passing = app.store.value(
                "SELECT count(DISTINCT article_id) FROM tags WHERE tagged = 1"
                " AND probability >= 0.6"
            )
        assert told >= passing > 20  # every one of them, and what came along in its story
        clock.advance(minutes=5)
        second = one_pass(home, newsroom, clock)
        assert (second.counts["alerts"], len(office.messages)) == (0, 3)
        clock.advance(hours=2)
        assert one_pass(home, newsroom, clock).counts["alerts"] == 0
    assert len({message["Message-ID"] for message in office.messages}) == 3
