"""Only absolute http(s) addresses leave the feed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.feeds.links import clean_link, is_opaque

BASE = "https://news.test/feed/rss.xml"
LINKS = [
    pytest.param("https://a.test/x", "https://a.test/x", id="absolute"),
    pytest.param("/x?a=1&amp;b=2#c", "https://news.test/x?a=1&b=2#c", id="rooted, escaped twice"),
    pytest.param("x.html", "https://news.test/feed/x.html", id="relative"),
    pytest.param("//cdn.test/x", "https://cdn.test/x", id="without a scheme"),
    pytest.param("www.a.test/x", "https://www.a.test/x", id="a bare www"),
    pytest.param("  https://a.test/\n x \t", "https://a.test/%20x", id="blanks inside"),
    pytest.param("HTTPS://A.TEST/X", "https://a.test/X", id="capitals"),
    pytest.param("https://a.test/芯片?q=台積", None, id="beyond ASCII, percent-encoded"),
    pytest.param("https://a.test/%E8%8A%AF", "https://a.test/%E8%8A%AF", id="encoded already"),
    pytest.param("https://a.test/?utm_source=rss", "https://a.test/?utm_source=rss", id="tracking"),
    pytest.param("http://[2001:db8::1]/x", "http://[2001:db8::1]/x", id="IPv6"),
    pytest.param("javascript:alert(1)", "", id="javascript"),
    pytest.param("java\nscript:alert(1)", "", id="javascript in two lines"),
    pytest.param("JaVaScRiPt:alert(1)", "", id="javascript in mixed case"),
    pytest.param("data:text/html,x", "", id="data"),
    pytest.param("file:///etc/passwd", "", id="file"),
    pytest.param("tag:a.test,2026:x", "", id="tag"),
    pytest.param("at://did:plc:x/app.bsky.feed.post/1", "", id="at"),
    pytest.param("mailto:a@a.test", "", id="mailto"),
    pytest.param("https://user:pass@a.test/", "", id="a password"),
    pytest.param("https://", "", id="no host"),
    pytest.param("https://[::1", "", id="a broken IPv6 host"),
    pytest.param("https://a.test:99999/", "", id="a port that is none"),
    pytest.param("https://a b.test/", "", id="a blank in the host"),
    pytest.param("https://a.test/" + "x" * 5000, "", id="five thousand characters"),
    pytest.param("", "", id="nothing"),
]


@pytest.mark.parametrize(("raw", "clean"), LINKS)
def test_a_link_is_made_absolute_or_dropped(raw: str, clean: str | None) -> None:
    expected = "https://a.test/%E8%8A%AF%E7%89%87?q=%E5%8F%B0%E7%A9%8D" if clean is None else clean
    assert clean_link(raw, BASE) == expected


@given(st.text(max_size=80))
def test_whatever_comes_out_is_fetchable_and_stays_itself(raw: str) -> None:
    link = clean_link(raw, BASE)
    assert link == "" or link.startswith(("http://", "https://"))
    assert link.isascii() or not link.split("/")[2].isascii()
    assert clean_link(link) == link


@pytest.mark.parametrize(
    ("url", "opaque"),
    [
        pytest.param("https://news.google.com/rss/articles/CBMi?oc=5", True, id="Google News"),
        pytest.param("https://news.google.com/topics/x", False, id="a Google News page"),
        pytest.param("https://a.test/rss/articles/x", False, id="a publisher"),
    ],
)
def test_an_aggregators_link_is_opaque(url: str, opaque: bool) -> None:
    assert is_opaque(url) is opaque
