"""A site's address leads to its feeds."""

import pytest

from pipeline.steps.feeds import find_feeds, usual_places

LINKS = [
    pytest.param(
        '<link rel="alternate" type="application/rss+xml" title="All &amp; more" href="/rss">',
        [("https://a.test/rss", "All & more", "rss")], id="as the books say",
    ),
    pytest.param("<LINK HREF=feed.atom TYPE=application/atom+xml REL=alternate>",
                 [("https://a.test/news/feed.atom", "", "atom")], id="capitals, no quotes"),
    pytest.param(
        "<base href='https://b.test/x/'><link type='application/feed+json'\n"
        " rel='home alternate' href='y.json'/>",
        [("https://b.test/x/y.json", "", "json")], id="a base, single quotes, two lines",
    ),
    pytest.param('<link rel="stylesheet" href="/a.css"><link rel="alternate" hreflang="ko"'
                 ' type="application/rss+xml" href="/ko">', [], id="styles and translations"),
    pytest.param('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">',
                 [], id="the interface of WordPress"),
    pytest.param('<link rel="alternate" type="application/rss+xml" href="javascript:x()">',
                 [], id="javascript"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "found"), LINKS)
def test_the_feeds_a_page_names(page: str, found: list[tuple[str, str, str]]) -> None:
    links = find_feeds(page.encode(), "https://a.test/news/")
    assert [(link.url, link.title, link.kind) for link in links] == found


def test_comment_feeds_come_last_and_each_feed_once() -> None:
    kind = 'rel="alternate" type="application/rss+xml"'
    page = "".join(f"<link {kind} href={path}>" for path in ("/comments/feed/", "/feed/", "/feed/"))
    urls = [link.url for link in find_feeds(page.encode(), "https://a.test/")]
    assert urls == ["https://a.test/feed/", "https://a.test/comments/feed/"]


def test_the_usual_places_start_with_the_section() -> None:
    places = usual_places("https://a.test/semiconductors/")
    assert places[0] == "https://a.test/semiconductors/feed/"
    assert "https://a.test/rss.xml" in places
    assert len(places) == len(set(places))


@pytest.mark.parametrize("url", ["", "a.test", "ftp://a.test/", "javascript:x"])
def test_what_is_no_site_has_no_places(url: str) -> None:
    assert usual_places(url) == ()


def test_a_page_of_nothing_but_opening_tags_ends() -> None:
    assert find_feeds(b"<link " * 100_000, "https://a.test/") == ()
