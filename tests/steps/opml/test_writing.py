"""What was read is written as it was, plus the change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.models.feeds import FeedOptions, FeedSource
from pipeline.steps.opml import Subscriptions, add, read, remove, write

EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:other="https://reader.test/ns" xmlns:cw="urn:chipwire:opml">
  <head>
    <title>Mine &amp; yours</title>
    <ownerName>Ann</ownerName>
  </head>
  <body>
    <!-- chips first -->
    <outline text="Chips" other:open="yes">
      <outline text="Packaging">
        <outline type="rss" text="A &quot;quoted&quot; &lt;name&gt;" xmlUrl="https://a.test/f?x=1&amp;y=2" other:icon="7" description="two&#10;lines"/>
      </outline>
      <outline type="rss" text="芯片" xmlUrl="https://b.test/f" cw:interval="2h" cw:paused="true"/>
    </outline>
    <outline text="A bookmark" url="https://c.test/" type="link"/>
  </body>
</opml>
"""  # noqa: E501 - an export as it stands


def test_an_export_comes_out_as_it_went_in() -> None:
    assert write(read(EXPORT.encode(), name="x")).decode() == EXPORT


def test_a_feed_is_added_to_its_folder_and_removed_again() -> None:
    before = read(EXPORT.encode(), name="x")
    source = FeedSource(
        "https://d.test/f", "D", "https://d.test/", "Chips/Packaging", FeedOptions(text="feed")
    )
    after = read(write(add(before, source)), name="x")
    assert source in after.feeds
    assert write(remove(after, source.url)) == write(before)


def test_a_missing_folder_is_made() -> None:
    source = FeedSource("https://d.test/f", "D", category="New/Inner")
    assert read(write(add(Subscriptions(), source)), name="x").feeds == (source,)


def test_a_known_feed_is_not_added_again() -> None:
    with pytest.raises(ConfigError, match="in the list already"):
        add(read(EXPORT.encode(), name="x"), FeedSource("https://b.test/f"))


def test_an_unknown_feed_is_not_removed_and_the_nearest_named() -> None:
    with pytest.raises(ConfigError) as caught:
        remove(read(EXPORT.encode(), name="x"), "https://b.test/feed")
    assert "https://b.test/f?" in caught.value.fix


NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="/\ufffe\uffff"),
    max_size=20,
).map(lambda name: " ".join(name.split()))
SOURCES = st.builds(
    FeedSource,
    url=st.integers(0, 99).map(lambda number: f"https://a.test/{number}?a=1&b=<2>"),
    title=NAMES.filter(bool),
    category=st.lists(NAMES.filter(bool), max_size=3).map("/".join),
    options=st.builds(
        FeedOptions,
        interval_s=st.none() | st.integers(1, 900_000),
        headers=st.sampled_from([(), (("X-Key", "KEY"),), (("A", "B"), ("C", "_D9"))]),
        text=st.sampled_from(["auto", "feed", "page"]),
        paused=st.booleans(),
    ),
)


@given(st.lists(SOURCES, max_size=8, unique_by=lambda source: source.url))
def test_whatever_is_added_is_read_back(sources: list[FeedSource]) -> None:
    subscriptions = Subscriptions()
    for source in sources:
        subscriptions = add(subscriptions, source)
    written = write(subscriptions)
    assert set(read(written, name="x").feeds) == set(sources)
    assert write(read(written, name="x")) == written
