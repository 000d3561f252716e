"""Any reader's export is accepted; what cannot be meant is named with its line."""

import pytest

from pipeline.errors import ConfigError
from pipeline.models.feeds import FeedOptions, FeedSource
from pipeline.steps.opml import Subscriptions, read

CW = 'xmlns:cw="urn:chipwire:opml"'


def subscriptions(body: str) -> Subscriptions:
    text = f'<?xml version="1.0"?>\n<opml version="2.0" {CW}>\n<body>\n{body}\n</body></opml>'
    return read(text.encode(), name="feeds.opml")


EXPORTS = [
    pytest.param(
        '<outline type="rss" text="A" title="A title" xmlUrl="https://a.test/f"'
        ' htmlUrl="https://a.test/"/>',
        FeedSource("https://a.test/f", "A title", "https://a.test/"), id="as the books say",
    ),
    pytest.param('<outline text="A" xmlUrl="https://a.test/f"/>',
                 FeedSource("https://a.test/f", "A"), id="no type"),
    pytest.param('<outline TEXT="A" XMLURL="https://a.test/f" HTMLURL="https://a.test/"/>',
                 FeedSource("https://a.test/f", "A", "https://a.test/"), id="capitals"),
    pytest.param('<outline title="A" xmlurl="feed://a.test/f"/>',
                 FeedSource("https://a.test/f", "A"), id="the scheme feed://"),
    pytest.param('<outline title="A" xmlurl="feed:http://a.test/f"/>',
                 FeedSource("http://a.test/f", "A"), id="the prefix feed:"),
    pytest.param('<outline text="X"><outline text="Y"><outline xmlUrl="https://a.test/f"/>'
                 "</outline></outline>",
                 FeedSource("https://a.test/f", category="X/Y"), id="folders in folders"),
    pytest.param('<outline text="A" category="/Tech/Chips,Other" xmlUrl="https://a.test/f"/>',
                 FeedSource("https://a.test/f", "A", category="Tech/Chips"),
                 id="a category instead of a folder"),
    pytest.param('<outline text="Saved" url="https://a.test/x" type="link"/>'
                 '<outline text="A" xmlUrl=" https://a.test/f "/>',
                 FeedSource("https://a.test/f", "A"), id="a bookmark beside the feed"),
    pytest.param('<outline text="A" xmlUrl="https://a.test/f" cw:interval="2h" cw:text="page"'
                 ' cw:headers="Authorization=A_TOKEN; X-Key=KEY" cw:paused="true"/>',
                 FeedSource("https://a.test/f", "A", options=FeedOptions(
                     7200, (("Authorization", "A_TOKEN"), ("X-Key", "KEY")), "page", True)),
                 id="our own settings"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "feed"), EXPORTS)
def test_a_feed_is_found_in_any_export(body: str, feed: FeedSource) -> None:
    assert subscriptions(body).feeds == (feed,)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("45", 2700), ("45m", 2700), ("45 min", 2700), ("2h", 7200), ("1d", 86400), ("90s", 90)],
)
def test_an_interval_is_minutes_unless_it_says_otherwise(value: str, seconds: int) -> None:
    (feed,) = subscriptions(f'<outline xmlUrl="https://a.test/f" cw:interval="{value}"/>').feeds
    assert feed.options.interval_s == seconds


MISTAKES = [
    pytest.param('<outline xmlUrl="ftp://a.test/f"/>', "feeds.opml:4: xmlUrl", id="another scheme"),
    pytest.param('<outline text="A" xmlUrl=""/>', "feeds.opml:4: xmlUrl is empty", id="no address"),
    pytest.param('<outline xmlUrl="https://"/>', "feeds.opml:4: xmlUrl", id="no host"),
    pytest.param('<outline xmlUrl="https://a.test/f"/>\n<outline xmlUrl="https://a.test/f"/>',
                 "feeds.opml:5: https://a.test/f stands already in line 4", id="a feed twice"),
    pytest.param('<outline xmlUrl="https://a.test/f"/>\n<outline text="X">\n'
                 '<outline xmlUrl="https://a.test/f" cw:paused="true"/></outline>',
                 "feeds.opml:6: https://a.test/f stands already in line 4 with other settings",
                 id="a feed twice with two wills"),
    pytest.param('<outline xmlUrl="https://a.test/f" cw:intervall="2h"/>',
                 "did you mean cw:interval", id="a misspelt setting"),
    pytest.param('<outline xmlUrl="https://a.test/f" cw:interval="often"/>', "45m", id="often"),
    pytest.param('<outline xmlUrl="https://a.test/f" cw:interval="0"/>', "45m", id="every 0 min"),
    pytest.param('<outline xmlUrl="https://a.test/f" cw:text="all"/>', "auto, feed, page",
                 id="an unknown text"),
    pytest.param('<outline xmlUrl="https://a.test/f" cw:paused="maybe"/>', "neither true",
                 id="maybe paused"),
    pytest.param('<outline xmlUrl="https://a.test/f" cw:headers="Authorization: Bearer s3cret"/>',
                 "Name=ENV_VARIABLE", id="a secret in the file"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "message"), MISTAKES)
def test_a_mistake_is_named_with_its_line(body: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        subscriptions(body)
    assert message in str(caught.value)
    assert "feeds.opml" in caught.value.what
    assert caught.value.fix


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        subscriptions('<outline xmlUrl="x:1"/>\n<outline xmlUrl="https://a.test" cw:text="?"/>')
    assert [line.split(":")[1] for line in caught.value.what.splitlines()] == ["4", "5"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b"<opml><body><outline text='A & B'/></body></opml>", "&amp;", id="a bare &"),
        pytest.param(b"<rss/>", "<rss> instead of <opml>", id="a feed"),
        pytest.param(b"<opml><head/></opml>", "no <body>", id="no body"),
        pytest.param(b"\xff\xfe\x00", "not well-formed", id="binary"),
        pytest.param(
            b"<opml><body>" + b"<outline text='x'>" * 50 + b"</outline>" * 50 + b"</body></opml>",
            "nested deeper", id="fifty folders deep",
        ),
    ],
)  # fmt: skip
def test_what_is_no_opml_says_so(data: bytes, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(data, name="feeds.opml")
    assert message in str(caught.value)


def test_a_feed_in_two_folders_counts_in_the_first() -> None:
    found = subscriptions(
        '<outline text="X"><outline text="A" xmlUrl="https://a.test/f"/></outline>\n'
        '<outline text="Y"><outline text="A" xmlUrl="https://a.test/f"/></outline>'
    )
    assert [feed.category for feed in found.feeds] == ["X"]
    assert len(found.notes) == 1
    assert found.notes[0].startswith("feeds.opml:5:")


def test_entities_are_not_read_from_anywhere() -> None:
    data = (
        b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        b'<opml><body><outline text="&x;" xmlUrl="https://a.test/f"/></body></opml>'
    )
    try:
        titles = [feed.title for feed in read(data, name="x").feeds]
    except ConfigError:
        titles = []
    assert titles in ([], [""], ["&x;"])
