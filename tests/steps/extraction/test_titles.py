"""The title that is chosen where a page names it in several places, in several words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline.steps.extraction import structured, titles

LONG = "Foundry books out its packaging lines for two years as rivals wait for tools"
SHORT = "Foundry books out its packaging lines for two years"
OTHER = "Why nobody can buy a packaged chip this winter"
SITE = "Chip Herald"


def page(**said: str) -> str:
    """Write a page: `ld`, `og`, `tw`, `parsely`, `title`, `h1` (several by "|||"), `site`."""
    places = {
        "og": '<meta property="og:title" content="{}">',
        "tw": '<meta name="twitter:title" content="{}">',
        "parsely": '<meta name="parsely-title" content="{}">',
        "site": '<meta property="og:site_name" content="{}">',
        "title": "<title>{}</title>",
        "ld": '<script type="application/ld+json">'
        '{{"@type": "NewsArticle", "headline": "{}"}}</script>',
        "name": '<script type="application/ld+json">{{"@type": "Article", "name": "{}"}}</script>',
    }
    head = "".join(form.format(said[place]) for place, form in places.items() if place in said)
    body = "".join(f"<h1>{text}</h1>" for text in said.get("h1", "").split("|||") if text)
    return f"<html><head>{head}</head><body>{body}<p>Text.</p></body></html>"


def chosen(*, announced: str = "", **said: str) -> str:
    tree = html.document_fromstring(page(**said))
    claims = structured.collect(tree)
    return titles.choose(claims, tree, site=said.get("site", ""), announced=announced)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        pytest.param({"ld": LONG, "h1": LONG, "og": OTHER, "tw": OTHER}, LONG,
                     id="the headline, where the social title is another sentence"),
        pytest.param({"ld": OTHER, "h1": LONG, "og": LONG}, LONG,
                     id="what two places agree on, against JSON-LD alone"),
        pytest.param({"ld": LONG, "h1": LONG, "title": LONG, "og": SHORT, "tw": SHORT}, SHORT,
                     id="the social title that leaves out the headline's rider"),
        pytest.param({"ld": LONG, "h1": LONG, "og": SHORT, "parsely": SHORT}, SHORT,
                     id="the short form that OpenGraph and another tag agree on"),
        pytest.param({"ld": LONG, "h1": LONG, "og": SHORT}, LONG,
                     id="the headline, where one tag alone is shorter"),
        pytest.param({"ld": LONG, "h1": LONG, "og": f"{SHORT} …", "tw": f"{SHORT} …"}, LONG,
                     id="the headline, where the tags were cut for length"),
        pytest.param({"ld": f"Chip war: {SHORT}", "h1": f"Chip war: {SHORT}", "og": SHORT}, SHORT,
                     id="the title without its kicker, where OpenGraph has none"),
        pytest.param({"ld": f"Kobe – {SHORT}", "h1": f"Kobe – {SHORT}", "og": SHORT}, SHORT,
                     id="a kicker before a dash"),
        pytest.param({"ld": f"Chip war: {SHORT}", "og": f"Chip war: {SHORT}", "h1": SHORT},
                     f"Chip war: {SHORT}", id="a kicker that only the heading lacks stays"),
        pytest.param({"ld": f"Analysts ask why {SHORT}", "h1": f"Analysts ask why {SHORT}",
                      "og": SHORT, "tw": SHORT}, f"Analysts ask why {SHORT}",
                     id="words before the short form that are no kicker stay"),
        pytest.param({"ld": "Police look into reports of information leaks to rivals",
                      "h1": "Police look into reports of information leaks to rivals",
                      "og": "Police look into reports of leaks to rivals",
                      "tw": "Police look into reports of leaks to rivals"},
                     "Police look into reports of leaks to rivals", id="a word less"),
        pytest.param({"ld": LONG, "h1": LONG, "og": "Foundry books out", "tw": "Foundry books out"},
                     LONG, id="three words are no short form of a sentence"),
        pytest.param({"og": f"{SHORT} - Business", "title": f"{SHORT} - Business", "h1": SHORT},
                     SHORT, id="a section behind the title that only some places add"),
        pytest.param({"title": f"{SHORT} | {SITE}", "h1": SITE, "site": SITE}, SHORT,
                     id="the title where the heading is the site's name"),
        pytest.param({"title": f"{SHORT} | {SITE}", "h1": SITE}, SHORT,
                     id="the same on a page that does not name its site elsewhere"),
        pytest.param({"title": f"{SITE} - {SHORT}", "h1": SHORT}, SHORT,
                     id="the site's name before the title"),
        pytest.param({"title": f"{SITE} | {SHORT}", "site": SITE}, SHORT,
                     id="the site's name before the title and no heading"),
        pytest.param({"title": f"{SHORT} | Chip Herald", "h1": f"{OTHER}|||{SHORT}"}, SHORT,
                     id="of two headings the one that the title repeats"),
        pytest.param({"h1": f"Menu|||{SHORT}"}, SHORT, id="no menu, though it comes first"),
        pytest.param({"name": SHORT, "title": SITE, "site": SITE}, SHORT,
                     id="JSON-LD's name where it has no headline"),
        pytest.param({"title": SITE, "site": SITE}, "", id="none, where only the site is named"),
        pytest.param({"h1": "", "title": ""}, "", id="nothing"),
        pytest.param({"h1": "7 纳米量产|||导航", "title": "7 纳米量产-观察"}, "7 纳米量产",
                     id="a short Chinese title"),
    ],
)  # fmt: skip
def test_the_title_is(said: dict[str, str], title: str) -> None:
    assert chosen(**said) == title


@pytest.mark.parametrize(
    ("announced", "title"),
    [
        pytest.param("", SHORT, id="no feed"),
        pytest.param(LONG, LONG, id="the feed announced the long form"),
        pytest.param(SHORT, SHORT, id="the feed announced the short form"),
        pytest.param(OTHER, SHORT, id="the feed announced something else"),
    ],
)
def test_the_feed_settles_which_form_is_meant(announced: str, title: str) -> None:
    said = {"ld": LONG, "h1": LONG, "og": SHORT, "tw": SHORT}
    assert chosen(announced=announced, **said) == title


def test_the_feed_settles_between_headline_and_social_title() -> None:
    said = {"ld": LONG, "h1": LONG, "og": OTHER, "tw": OTHER, "title": OTHER}
    assert chosen(announced="", **said) == LONG
    assert chosen(announced=OTHER, **said) == OTHER


@given(st.lists(st.sampled_from(["ld", "og", "tw", "title", "h1"]), unique=True, min_size=1))
def test_a_title_that_all_places_share_is_chosen(places: list[str]) -> None:
    assert chosen(**dict.fromkeys(places, SHORT)) == SHORT
