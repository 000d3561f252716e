"""Feeds made to hurt (HAZARDS A): bounded work, nothing opened, the rest of the feed unharmed.

No test here measures time: the amounts are such that the unguarded parser needs minutes,
and the guard that refuses them is asserted by its reason.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import ParseError
from pipeline.models.feeds import ParsedFeed
from pipeline.steps.feeds import parse
from tests.conformance.server import RecordingServer

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
GOOD = "<item><title>Good</title><link>https://a.test/good</link></item>"


def read(text: str | bytes) -> ParsedFeed:
    body = text if isinstance(text, bytes) else text.encode()
    return parse(body, content_type="text/xml", url="https://a.test/feed", now=NOW)


def rss(inner: str, doctype: str = "") -> str:
    return f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel>{inner}</channel></rss>'


def titles(feed: ParsedFeed) -> list[str]:
    return [entry.title for entry in feed.entries]


LAUGHS = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10 if n else "lol"}">' for n in range(10))
BOMBS = [
    pytest.param(f"<!DOCTYPE x [{LAUGHS}]>", "&lol9;", id="billion laughs"),
    pytest.param(f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>', "&a;" * 40_000, id="quadratic"),
    pytest.param('<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>', "x",
                 id="a parameter entity"),
    pytest.param('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', "x", id="an external DTD"),
    pytest.param('<!DOCTYPE x PUBLIC "a" "file:///dev/zero" [<!ELEMENT x ANY>]>', "x",
                 id="a DTD that never ends"),
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(("doctype", "use"), BOMBS)
def test_no_entity_expands(doctype: str, use: str, encoding: str) -> None:
    text = rss(f"<item><title>{use}</title></item>{GOOD}", doctype)
    feed = read(text.encode(encoding))
    assert titles(feed)[1:] == ["Good"]
    assert len(titles(feed)[0]) <= 1_000
    assert "lollol" not in titles(feed)[0]
    assert "aaa" not in titles(feed)[0]


def test_no_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    doctype = f'<!DOCTYPE x [<!ENTITY x SYSTEM "file://{secret}">]>'
    feed = read(rss(f"<item><title>&x;</title></item>{GOOD}", doctype))
    assert titles(feed) == ["&x;", "Good"]
    assert "entity declarations dropped" in feed.notes


@pytest.mark.parametrize(
    "declaration",
    [
        pytest.param('<!DOCTYPE x [<!ENTITY x SYSTEM "{0}/x">]>', id="an entity at an address"),
        pytest.param('<!DOCTYPE x [<!ENTITY % p SYSTEM "{0}/p"> %p;]>', id="a parameter entity"),
        pytest.param('<!DOCTYPE x SYSTEM "{0}/x.dtd">', id="an external DTD"),
        pytest.param('<?xml-stylesheet href="{0}/x.xsl"?>', id="a style sheet"),
    ],
)
def test_no_address_is_asked(declaration: str) -> None:
    with RecordingServer() as server:
        asked = declaration.format(f"http://127.0.0.1:{server.port}")
        feed = read(rss(f"<item><title>&x;</title></item>{GOOD}", asked))
        assert titles(feed) == ["&x;", "Good"]
        assert server.connections == 0


@pytest.mark.parametrize(("doctype", "use"), BOMBS[:2])
def test_a_bomb_with_nothing_else_in_it_is_an_error(doctype: str, use: str) -> None:
    with pytest.raises(ParseError, match="cannot be read") as caught:
        read(rss(f"<title>{use}</title>", doctype))
    assert "entity declarations" in caught.value.why


def test_entities_for_single_characters_serve() -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY dash "&#8211;">\n<!ENTITY co "TSMC">]>'
    feed = read(rss("<item><title>&co; &dash; &hellip;</title></item>", doctype))
    assert titles(feed) == ["TSMC – …"]
    assert feed.notes == ()


REFUSED = [
    pytest.param("<item>" + "<" * 5_000_000 + "</item>", "stray", id="5 MB of <"),
    pytest.param("<item>" + "&" * 5_000_000 + "</item>", "stray", id="5 MB of &"),
    pytest.param("<item>" + "<!--" * 250_000 + "</item>", "stray", id="250,000 comment openings"),
    pytest.param("<item>" + "<![CDATA[" * 250_000, "stray", id="250,000 CDATA openings"),
    pytest.param("<item>" + "<a " * 1_000_000 + "</item>", "stray", id="a million unclosed tags"),
    pytest.param("<item>" + "<b>x</b>" * 200_000 + "</item>", "elements", id="200,000 elements"),
    pytest.param("<item>" + "<b>" * 50_000 + "</item>", "nested deeper", id="50,000 levels"),
    pytest.param("<item " + "a='1' " * 50_000 + "/>", "a tag longer", id="50,000 attributes"),
    pytest.param("<item " + "a='1' " * 1_000 + "/>", "attributes", id="1,000 attributes"),
]


@pytest.mark.parametrize(("inner", "why"), REFUSED)
def test_what_no_publisher_sends_is_refused(inner: str, why: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(rss(GOOD + inner))
    assert why in caught.value.why


ENDLESS = [
    pytest.param(b"<" * 5_000_000, id="nothing but <"),
    pytest.param(b"<!DOCTYPE " * 500_000, id="nothing but doctypes"),
    pytest.param(b"<!DOCTYPE x [" + b"]" * 5_000_000, id="a doctype of brackets"),
    pytest.param(b"<!--" * 1_000_000, id="nothing but comment openings"),
    pytest.param(b"<?" * 1_000_000, id="nothing but instructions"),
    pytest.param(b"\x00" * 5_000_000, id="nothing but NUL"),
    pytest.param(b"{" * 5_000_000, id="nothing but braces"),
    pytest.param(b"x" * ((10 << 20) + 1), id="longer than the cap"),
]


@pytest.mark.parametrize("body", ENDLESS)
def test_a_body_that_never_becomes_a_feed_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        read(body)


def test_a_cdata_section_may_hold_anything() -> None:
    feed = read(rss(f"<item><title>a</title><description><![CDATA[{'<!--' * 250_000}]]>"
                    f"</description></item>{GOOD}"))  # fmt: skip
    assert titles(feed) == ["a", "Good"]


def test_forbidden_characters_cost_only_themselves() -> None:
    feed = read(rss("<item><title>a\x00b\x08c&#0;&#x1F;&#xD800;d</title></item>"))
    assert titles(feed) == ["abcd"]
    assert feed.notes == ("5 characters that XML forbids removed",)


@pytest.mark.parametrize(
    "root", ["<rss version='2.0'/>", "<feed xmlns='http://www.w3.org/2005/Atom'/>"]
)
def test_an_empty_feed_is_a_feed(root: str) -> None:
    assert read(root).entries == ()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param(f"{GOOD}<item><title>Ha", ["Good"], id="in a title"),
        pytest.param(f"{GOOD}<item><title><![CDATA[Ha</item>", ["Good"], id="in a CDATA section"),
        pytest.param(GOOD, ["Good"], id="after an entry"),
        pytest.param("<title>T</title>", [], id="before the first entry"),
    ],
)
def test_a_cut_keeps_the_whole_entries_before_it(text: str, kept: list[str]) -> None:
    feed = read(f'<rss version="2.0"><channel>{text}')
    assert titles(feed) == kept
    assert feed.truncated


def test_a_cut_in_the_middle_of_a_character_is_a_cut() -> None:
    body = rss("<item><title>芯片</title></item><item><title>台積電")[:-16].encode()
    feed = read(body[: body.index("電".encode()) + 2])
    assert titles(feed) == ["芯片"]
    assert feed.truncated


def test_an_atom_feed_with_a_prefix_is_cut_and_closed_too() -> None:
    entry = "<a:entry><a:title>Good</a:title></a:entry>"
    feed = read(f'<a:feed xmlns:a="http://www.w3.org/2005/Atom">{entry}<a:entry><a:ti')
    assert (titles(feed), feed.truncated) == (["Good"], True)
