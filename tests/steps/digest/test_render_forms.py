"""Atom, Markdown, JSON and plain text: well-formed, stable, harmless."""

import json
import unicodedata
from datetime import timedelta

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters import templates
from pipeline.errors import ConfigError
from pipeline.models.digests import Development
from pipeline.steps.digest.describe import TITLE
from pipeline.steps.digest.harmless import one_line
from pipeline.steps.digest.render_atom import render_issues, render_topic
from pipeline.steps.digest.render_json import parse_json, render_json
from pipeline.steps.digest.render_terminal import columns, render_terminal, wrapped
from pipeline.steps.digest.templates import markdown, markdown_link, render
from pipeline.steps.digest.view import view
from tests import atom
from tests.issues import HOSTILE, NOW, digest, story

TEMPLATES = templates.load()
TODAY = digest(story(1), story(2, kind="updated", news="Yields rose to 45 percent."))
BEFORE = digest(story(2), period="2026-11-22", created_at=NOW - timedelta(days=1))


def test_a_topics_feed_parses_and_keeps_its_ids_over_runs() -> None:
    first = feedparser.parse(render_topic("daily", "foundry", [BEFORE]))
    again = feedparser.parse(render_topic("daily", "foundry", [TODAY, BEFORE]))
    assert not again.bozo
    assert first.feed.id == again.feed.id
    assert [entry.title for entry in again.entries] == [
        "SMIC starts risk production of chip 1",
        "Updated: SMIC starts risk production of chip 2",
        "SMIC starts risk production of chip 2",
    ]
    assert first.entries[0].id == again.entries[2].id
    assert len({entry.id for entry in again.entries}) == 3


def test_a_digests_feed_parses_and_keeps_its_ids_over_runs() -> None:
    first = feedparser.parse(render_issues("daily", [(BEFORE, "<p>old</p>")]))
    again = feedparser.parse(render_issues("daily", [(TODAY, "<p>x</p>"), (BEFORE, "<p>old</p>")]))
    assert not again.bozo
    assert first.entries[0].id == again.entries[1].id
    assert again.entries[0].content[0].value == "<p>x</p>"


URL = "https://news.example/digests/daily"
CHINESE = story(3, language="zh", title="中芯国际开始试产")
FEEDS = {
    "a topic's": render_topic("daily", "foundry", [TODAY, BEFORE]),
    "a topic's with an address": render_topic("daily", "foundry", [TODAY, BEFORE], url=URL),
    "a digest's": render_issues("daily", [(TODAY, "<p>x</p>"), (BEFORE, "<p>y</p>")]),
    "a digest's with an address": render_issues("daily", [(TODAY, "<p>x</p>")], url=URL),
    "one in Chinese": render_topic("daily", "foundry", [digest(CHINESE)], url=URL),
    "one without links": render_topic("daily", "foundry", [digest(story(url="", lead=""))]),
}


@pytest.mark.parametrize("feed", FEEDS.values(), ids=list(FEEDS))
def test_a_feed_keeps_the_rules_of_rfc_4287(feed: bytes) -> None:
    assert atom.faults(feed) == []
    assert not feedparser.parse(feed).bozo


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        pytest.param((b"urn:uuid", b"x/y"), "not absolute", id="a relative id"),
        pytest.param((b"06:00:00.000Z", b"06:00"), "no date", id="a date without seconds"),
        pytest.param((b"<author>", b"<link>"), "without author", id="no author"),
        pytest.param((b'xml:lang="en"', b'xml:lang="English!"'), "xml:lang", id="a language"),
        pytest.param(
            (b"05:59:59.999Z", b"06:00:00.000Z"), "same updated", id="two at the same time"
        ),
        pytest.param((b"2026-11-22T06", b"1899-11-22T06"), "implausible", id="a date long ago"),
        pytest.param((b"urn:uuid:", b"urn:uuid:0"), "UUID", id="an id that is no UUID"),
    ],
)
def test_the_rules_find_what_breaks_them(broken: tuple[bytes, bytes], fault: str) -> None:
    feed = FEEDS["a topic's"].replace(*broken).replace(b"</author>", b"</author>")
    if b"<link>" in broken:
        feed = feed.replace(b"</author>", b"</link>")
    assert any(fault in one for one in atom.faults(feed))


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p>x</p>", ""),
        ("<p>x", "<p> is not closed"),
        ("<script>x</script>", "<script> may be a risk"),
        ('<p style="color:red">x</p>', "style may be a risk"),
        ('<a href="/x">x</a>', "no absolute address"),
        ('<a href="javascript:x">x</a>', "no absolute address"),
    ],
)
def test_the_rules_read_the_html_of_an_issue(html: str, fault: str) -> None:
    found = " ".join(atom.faults(render_issues("daily", [(TODAY, html)])))
    assert fault in found
    assert bool(found) is bool(fault)


def test_readers_that_sort_by_time_keep_the_order_of_a_digest() -> None:
    ranked = feedparser.parse(render_topic("daily", "foundry", [TODAY, BEFORE])).entries
    assert [entry.updated for entry in ranked] == [
        "2026-11-23T06:00:00.000Z", "2026-11-23T05:59:59.999Z", "2026-11-22T06:00:00.000Z",
    ]  # fmt: skip


def test_a_feed_that_is_served_names_its_own_address_and_page() -> None:
    links = {
        link["rel"]: link["href"] for link in feedparser.parse(FEEDS["one in Chinese"]).feed.links
    }
    assert links == {"self": f"{URL}/topics/foundry.xml", "alternate": f"{URL}/latest.html"}
    (issue,) = feedparser.parse(FEEDS["a digest's with an address"]).entries
    assert issue.link == f"{URL}/2026-11-23.html"
    (entry,) = feedparser.parse(FEEDS["one in Chinese"]).entries
    assert entry.title_detail.language == "zh"


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_a_feed_stays_valid_whatever_a_stranger_writes(words: str) -> None:
    title = one_line(words, TITLE) or "(untitled)"
    one = digest(story(title=title, lead=one_line(words)), subject=title)
    assert atom.faults(render_topic("daily", "foundry", [one])) == []
    html = render("issue.html", TEMPLATES, view(one))
    assert atom.faults(render_issues("daily", [(one, html)])) == []


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_words_leave_every_form_whole(number: int) -> None:
    words = one_line(HOSTILE[number], TITLE) or "(untitled)"
    one = digest(story(title=words, lead=words))
    assert not feedparser.parse(render_topic("daily", "foundry", [one])).bozo
    assert parse_json(render_json(one)) == one
    text = render_terminal(one, 80)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text.replace("\n", ""))
    made = render("digest.md", TEMPLATES, view(one))
    assert "](javascript:" not in made.replace("\\]", "").replace("\\(", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](javascript:x)", r"\[a\]\(javascript:x\)"),
        ("1. not a list", r"1\. not a list"),
        ("- not a list", r"\- not a list"),
        ("<b>", r"\<b\>"),
        ("HBM3 中芯", "HBM3 中芯"),
    ],
)
def test_markdown_shows_words_as_they_are(text: str, expected: str) -> None:
    assert markdown(text) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x_(y)", "[t](https://a.example/x_%28y%29)"),
        ("javascript:alert(1)", "t"),
        ("https://a.example/) [x](http://b", "t"),
    ],
)
def test_a_markdown_link_cannot_be_left(url: str, expected: str) -> None:
    assert markdown_link("t", url) == expected


WENT_ON = story(5, latest=Development("A second line follows.", "https://a.example/5", NOW))


def test_json_round_trips() -> None:
    assert parse_json(render_json(TODAY)) == TODAY
    assert parse_json(render_json(digest(WENT_ON))) == digest(WENT_ON)


def test_a_digest_that_an_earlier_version_stored_is_read() -> None:
    stored = json.loads(render_json(TODAY))
    for section in stored["sections"]:
        for one in section["stories"]:
            del one["latest"]
    assert parse_json(json.dumps(stored)) == TODAY


def test_how_a_story_went_on_stands_in_every_form() -> None:
    one = digest(WENT_ON)
    words = "Latest, 23 Nov: A second line follows."
    assert words in render_terminal(one)
    assert words in render_topic("daily", "foundry", [one]).decode()
    for name in ("mail.html", "page.html", "issue.html", "digest.md"):
        shown = render(name, TEMPLATES, view(one))
        assert "Latest, 23 Nov:" in shown
        assert "https://a.example/5" in shown


@given(
    st.text(alphabet="ab 中文，。（）x", max_size=200),
    st.integers(min_value=20, max_value=100),
)
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = wrapped(text, width, first="  ", rest="    ")
    assert all(columns(line) <= width + 2 for line in lines)  # a closing mark may hang
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_closing_mark_never_starts_a_line() -> None:
    assert wrapped("良" * 39 + "。", 78) == ["良" * 38, "良。"]


@pytest.mark.parametrize(
    ("template", "why"),
    [
        pytest.param("{% if %}", "line 1", id="a syntax error names its line"),
        pytest.param("{{ digest.nothing.there }}", "nothing", id="a name that is none"),
        pytest.param("{{ 1 // 0 }}", "zero", id="an arithmetic error"),
        pytest.param("{{ digest.__class__.__mro__ }}", "unsafe", id="Python's insides"),
        pytest.param("{{ ''.__class__ }}", "unsafe", id="a string's insides"),
        pytest.param("{% include '/etc/passwd' %}", "/etc/passwd", id="a file"),
        pytest.param("{{ digest.sections.append(1) }}", "unsafe", id="a change to the digest"),
    ],
)
def test_a_template_can_only_show_the_digest(template: str, why: str) -> None:
    with pytest.raises(ConfigError, match="template"):
        try:
            render("mail.html", {**TEMPLATES, "mail.html": template}, view(TODAY))
        except ConfigError as error:
            assert why in error.why
            raise


def test_a_digest_with_nothing_new_renders_in_every_form() -> None:
    empty = digest()
    assert "Nothing new" in render_terminal(empty)
    for name in ("mail.html", "page.html", "issue.html", "digest.md"):
        assert "Nothing new" in render(name, TEMPLATES, view(empty))
