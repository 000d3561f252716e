"""The packaged list of feeds can be read and covers the field."""

from pathlib import Path

import pytest

from pipeline.steps.opml import read, write

PACKAGED = Path(__file__).resolve().parents[3] / "config" / "feeds.opml"


def test_it_reads_without_a_note_and_is_written_as_it_stands() -> None:
    subscriptions = read(PACKAGED.read_bytes(), name="feeds.opml")
    assert subscriptions.notes == ()
    assert write(subscriptions) == PACKAGED.read_bytes()


def test_at_least_sixty_feeds_are_active() -> None:
    feeds = read(PACKAGED.read_bytes(), name="feeds.opml").feeds
    assert sum(not feed.options.paused for feed in feeds) >= 60
    assert all(feed.title and feed.category for feed in feeds)


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("semiengineering.com", id="lithography and packaging, English"),
        pytest.param("trendforce.com", id="memory prices and foundry"),
        pytest.param("technews.tw", id="foundry, Chinese"),
        pytest.param("thelec.kr", id="memory, Korean"),
        pytest.param("itmedia.co.jp", id="equipment, Japanese"),
        pytest.param("federalregister.gov", id="export controls"),
        pytest.param("nvidianews.nvidia.com", id="accelerators"),
        pytest.param("datacenterdynamics.com", id="data centres"),
    ],
)
def test_every_topic_has_a_source(host: str) -> None:
    feeds = read(PACKAGED.read_bytes(), name="feeds.opml").feeds
    assert any(host in feed.url for feed in feeds if not feed.options.paused)
