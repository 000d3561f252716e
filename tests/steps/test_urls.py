"""Addresses: every spelling of a page has one form, and taking the form twice changes nothing."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.steps import urls

SPELLINGS = [
    ("scheme and host in capitals", "HTTPS://Example.COM/News", "https://example.com/News"),
    ("default port of https", "https://example.com:443/a", "https://example.com/a"),
    ("default port of http", "http://example.com:80/a", "http://example.com/a"),
    ("another port stays", "http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
    ("a dot after the host", "https://example.com./a", "https://example.com/a"),
    ("credentials", "https://me:secret@example.com/a", "https://example.com/a"),
    ("a fragment", "https://example.com/a#comments", "https://example.com/a"),
    ("no path at all", "https://example.com", "https://example.com/"),
    ("a trailing slash", "https://example.com/a/", "https://example.com/a"),
    ("an index page", "https://example.com/a/index.html", "https://example.com/a"),
    (
        "an index page with a query",
        "https://example.com/index.php?id=3",
        "https://example.com/?id=3",
    ),
    ("dot segments", "https://example.com/a/./b/../c", "https://example.com/a/c"),
    ("doubled slashes", "https://example.com//a///b", "https://example.com/a/b"),
    ("escapes in small letters", "https://example.com/%e4%b8%ad", "https://example.com/%E4%B8%AD"),
    ("characters not escaped", "https://example.com/中", "https://example.com/%E4%B8%AD"),
    ("escapes nobody needs", "https://example.com/%61%2Db", "https://example.com/a-b"),
    ("an escaped slash stays escaped", "https://example.com/a%2fb", "https://example.com/a%2Fb"),
    ("a stray percent sign", "https://example.com/100%/x", "https://example.com/100%25/x"),
    ("an international host", "https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    ("space around it", "  https://example.com/a\n", "https://example.com/a"),
    ("a line break inside", "https://example.com/a\n/b", "https://example.com/a/b"),
    ("campaign parameters", "https://e.com/a?utm_source=x&id=1&fbclid=y", "https://e.com/a?id=1"),
    ("only campaign parameters", "https://e.com/a?utm_medium=rss", "https://e.com/a"),
    ("campaign parameters in capitals", "https://e.com/a?UTM_Source=x&CMP=y", "https://e.com/a"),
    ("ampersands escaped twice", "https://e.com/a?id=1&amp;utm_source=x", "https://e.com/a?id=1"),
    ("36Kr's mark of its feed", "https://36kr.com/p/123?f=rss", "https://36kr.com/p/123"),
    ("a reference to the feed", "https://e.com/a?ref=rss&p=2", "https://e.com/a?p=2"),
    ("a numbered feed", "https://e.com/a?from=rss2", "https://e.com/a"),
    ("f that is no feed stays", "https://e.com/a?f=7", "https://e.com/a?f=7"),
    ("a word that begins with rss stays", "https://e.com/a?ref=rssed", "https://e.com/a?ref=rssed"),
    ("order of parameters stays", "https://e.com/a?z=1&b=2", "https://e.com/a?z=1&b=2"),
    ("blank parameters stay", "https://e.com/a?print&x=", "https://e.com/a?print&x="),
    ("an empty query", "https://e.com/a?", "https://e.com/a"),
    ("an AMP path at the end", "https://e.com/a/amp/", "https://e.com/a"),
    (
        "an AMP path in front",
        "https://www.cnbc.com/amp/2025/a.html",
        "https://www.cnbc.com/2025/a.html",
    ),
    ("an AMP file", "https://e.com/a.amp.html", "https://e.com/a.html"),
    ("an AMP switch", "https://e.com/a?amp=1", "https://e.com/a"),
    ("an AMP output", "https://e.com/a?outputType=amp&id=2", "https://e.com/a?id=2"),
    ("an AMP host", "https://amp.cnn.com/a", "https://www.cnn.com/a"),
    (
        "an AMP cache",
        "https://www-e-com.cdn.ampproject.org/c/s/www.e.com/a.amp.html?utm_source=x",
        "https://www.e.com/a.html",
    ),
    ("Google's AMP viewer", "https://www.google.com/amp/s/e.com/a/amp/", "https://e.com/a"),
    ("a mobile host", "https://m.thelec.kr/news/1", "https://www.thelec.kr/news/1"),
    (
        "a mobile label inside",
        "https://en.m.wikipedia.org/wiki/X",
        "https://en.wikipedia.org/wiki/X",
    ),
    ("a mobile host under a registry", "https://m.zdnet.co.kr/1", "https://www.zdnet.co.kr/1"),
    ("a domain that is called m", "https://m.com/a", "https://m.com/a"),
    ("a section called amp", "https://e.com/amplifiers/amp", "https://e.com/amplifiers"),
    ("no web address", "mailto:a@example.com", "mailto:a@example.com"),
    ("a script", " javascript:alert(1) ", "javascript:alert(1)"),
    ("a broken address", "https://[::1", "https://[::1"),
    ("a port that is no number", "https://e.com:http/a", "https://e.com:http/a"),
    ("an IPv6 host", "http://[::1]:80/a", "http://[::1]/a"),
    ("nothing", "", ""),
]


@pytest.mark.parametrize(
    ("url", "expected"), [row[1:] for row in SPELLINGS], ids=[row[0] for row in SPELLINGS]
)
def test_a_page_has_one_spelling(url: str, expected: str) -> None:
    assert urls.canonical(url) == expected
    assert urls.canonical(expected) == expected


TEXT = st.text(max_size=40)
PIECES = st.sampled_from([
    "/", "amp", "/amp/", ".amp", ".html", "index.html", "..", "%", "%3", "61", "%61", "&amp;",
    "?", "utm_x=1", "&", "=", "#", "@", ":", "[", "]", "中", "m.", ";", "://", "google.com/amp/s/",
    "x.cdn.ampproject.org/c/s/", "https://", "www.", "\\", "．", "。", "\ud800",
])  # fmt: skip


@given(st.one_of(TEXT, st.lists(st.one_of(PIECES, TEXT), max_size=12).map("".join)))
@example("e.com/%%361")
@example("x.cdn.ampproject.org/c/s/y.cdn.ampproject.org/c/s/z.com/a")
@example("https://www.google.com/amp/s/www.google.com/amp/s/e.com/a")
def test_spelling_an_address_twice_changes_nothing(tail: str) -> None:
    for url in (tail, "https://" + tail, "https://e.com/" + tail, "http://e.com/a?" + tail):
        once = urls.canonical(url)
        assert urls.canonical(once) == once
        assert urls.key(once) == urls.key(url)


def test_a_key_leaves_scheme_and_www_out() -> None:
    spellings = ("http://www.example.com/a", "https://example.com/a/", "https://m.example.com/a")
    assert {urls.key(url) for url in spellings} == {"example.com/a"}


def test_different_pages_keep_different_keys() -> None:
    pages = ("https://e.com/a", "https://e.com/A", "https://e.com/a?id=1", "https://x.e.com/a")
    assert len({urls.key(url) for url in pages}) == len(pages)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.cnbc.com", "cnbc.com"),
        ("news.bbc.co.uk", "bbc.co.uk"),
        ("www.digitimes.com.tw", "digitimes.com.tw"),
        ("en.yna.co.kr", "yna.co.kr"),
        ("www3.nikkei.co.jp", "nikkei.co.jp"),
        ("morethanmoore.substack.com", "morethanmoore.substack.com"),
        ("substack.com", "substack.com"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_the_registered_part_of_a_host(host: str, expected: str) -> None:
    assert urls.registrable(host) == expected


@pytest.mark.parametrize(
    ("given_url", "shown"),
    [
        pytest.param("https://e.com/a?utm_source=x&id=1", "https://e.com/a?id=1", id="a campaign"),
        pytest.param("https://e.com/a/?utm_medium=rss", "https://e.com/a/", id="nothing else left"),
        pytest.param("https://e.com/a?id=1&amp;fbclid=y", "https://e.com/a?id=1", id="escaped"),
        pytest.param("https://e.com/a#xtor=RSS-1", "https://e.com/a", id="in the fragment"),
        pytest.param("https://m.E.com/a//b?z=&y#c", "https://m.E.com/a//b?z=&y#c", id="no other"),
        pytest.param("https://e.com/a?f=rss#top", "https://e.com/a#top", id="a feed's mark"),
    ],
)
def test_a_link_that_is_shown_loses_its_tracking_and_nothing_else(
    given_url: str, shown: str
) -> None:
    assert urls.untracked(given_url) == shown
    assert urls.untracked(shown) == shown


def test_every_tracking_parameter_says_whose_it_is() -> None:
    assert all(owner for owner in urls.TRACKING.values())
    assert all(name == name.lower() for name in urls.TRACKING)
