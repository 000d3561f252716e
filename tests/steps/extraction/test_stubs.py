"""What stands in an article's place is named; an article that speaks of such things is one."""

import pytest

from pipeline.models.articles import PageTask
from pipeline.steps.extraction import extract

STORY = (
    "<p>The regulator said on Tuesday that cookie banners mislead readers: of 300 sites it looked"
    " at, most made it easier to accept all cookies than to reject them, and a third set them"
    " before anyone had agreed.</p><p>Publishers that ask readers to subscribe to continue reading"
    " were treated no differently. A spokesman said that robots and CAPTCHA checks were outside"
    " the inquiry, and that pages not found had been left out of it.</p><p>The fines may reach"
    " four percent of yearly revenue. Two of the companies said that they would appeal, and one"
    " that it had changed its banner before the report came out.</p>"
) * 2


def page(title: str, body: str, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


CLOSED = (
    '<script type="application/ld+json">'
    '{"@type": "NewsArticle", "isAccessibleForFree": %s}</script>'
)
FIGURE = (
    '<figure><img src="/{0}.jpg"><figcaption>Picture {0}: the clean room.</figcaption></figure>'
)
VERIFYING = "Verifying you are human. This may take a few seconds."


@pytest.mark.parametrize(
    ("html", "stub"),
    [
        pytest.param(page("Fab opens", f"<article><h1>Fab opens</h1>{STORY}</article>"), "",
                     id="an article about walls is an article"),
        pytest.param(page("Fab opens", f"<article>{STORY}</article>", CLOSED % "false"), "",
                     id="an article that calls itself paid but is all there"),
        pytest.param(page("Just a moment...", "<h1>chips.example</h1><p>Verifying you are human."
                          " This may take a few seconds.</p>"), "challenge",
                     id="a challenge"),
        pytest.param(page("Access denied", "<p>You don't have permission to access this page."
                          " Reference #18.</p>"), "challenge", id="a refusal"),
        pytest.param(page("Chip Herald", "<h1>We value your privacy</h1><p>We and our 842 partners"
                          " store and access cookies on your device. Accept all cookies or manage"
                          " your cookie settings to read on.</p>"), "cookie_wall",
                     id="a cookie wall"),
        pytest.param(page("Chip Herald", "<div><h1>Bevor Sie fortfahren</h1><p>Mit Ihrer Zustimmung"
                          " und weiter: Cookies akzeptieren, Cookie-Richtlinie lesen.</p></div>"),
                     "cookie_wall", id="a German cookie wall"),
        pytest.param(page("Page not found | Chip Herald", "<h1>Oops!</h1><p>The page you look"
                          " for does not exist. Try the search.</p>"), "soft_404",
                     id="a page that says with status 200 that it is missing"),
        pytest.param(page("芯片日报", "<h1>页面不存在</h1><p>您访问的文章已被删除。</p>"),
                     "soft_404", id="a missing page in Chinese"),
        pytest.param(page("Fab opens", "<article><h1>Fab opens</h1><p>The second plant will open in"
                          " March.</p><p>Subscribe to continue reading.</p></article>"), "paywall",
                     id="a paywall after a sentence"),
        pytest.param(page("Fab opens", "<article><h1>Fab opens</h1><p>" + "The plant will open in"
                          " March, a year later than planned, people who know it said. " * 6
                          + "</p></article><div>Already a subscriber? Log in to read on.</div>",
                          CLOSED % '"False"'), "paywall", id="a declared paywall after a teaser"),
        pytest.param(page("Inside the fab", "<article><h1>Inside the fab</h1>"
                          + "".join(FIGURE.format(n) for n in range(9)) + "</article>"), "gallery",
                     id="a gallery"),
        pytest.param(page("", ""), "empty", id="nothing"),
        pytest.param("", "empty", id="no bytes at all"),
        pytest.param("<!-- only a comment -->", "empty", id="a comment"),
    ],
)  # fmt: skip
def test_a_stub_is_named_and_has_no_text(html: str, stub: str) -> None:
    found = extract(PageTask(1, "https://chips.example/a", html.encode()))
    assert found.stub == stub
    assert bool(found.text) == (stub == "")


FULL = "<p>The plant will open in March, and its first wafers go to two customers.</p>" * 8


@pytest.mark.parametrize(
    ("html", "feed_body", "source"),
    [
        pytest.param(page("Fab", f"<article>{STORY}</article>"), "<p>A teaser.</p>", "page",
                     id="a teaser in the feed"),
        pytest.param(page("Fab", f"<article>{STORY}</article>"), "", "page", id="none in the feed"),
        pytest.param(page("Just a moment...", "<p>Verifying you are human.</p>"), FULL, "feed",
                     id="a challenge instead of the page"),
        pytest.param("", FULL, "feed", id="no page"),
        pytest.param(page("Fab", "<article><h1>Fab</h1><p>The owners agreed in May.</p></article>"),
                     STORY, "feed",
                     id="a page that shows a sentence"),
    ],
)  # fmt: skip
def test_the_feeds_own_text_serves_where_it_is_better(
    html: str, feed_body: str, source: str
) -> None:
    task = PageTask(1, "https://chips.example/a", html.encode(), "", "Fab opens", feed_body)
    found = extract(task)
    assert (found.text_source, found.stub) == (source, "")
    assert ("two customers" in found.text) == (feed_body == FULL)
