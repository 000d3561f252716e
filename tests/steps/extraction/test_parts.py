"""An aggregator's page comes apart into its articles; a publisher's page stays whole."""

import csv
from html import escape
from pathlib import Path

import pytest

from pipeline.models.articles import Extracted, PageTask
from pipeline.steps.extraction import extract

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
LINES = (SEEDS / "article.txt").read_text().splitlines()
LABELS = list(csv.DictReader((SEEDS / "labels.csv").read_text().splitlines()))


def line(number: int) -> str:
    return LINES[number - 1]


def said(article: str, kind: str) -> list[str]:
    found = (row for row in LABELS if row["article"] == article and row["kind"] == kind)
    return [line(int(row["line"])) for row in found]


PORTAL = [line(int(row["line"])) for row in LABELS if row["kind"] in ("boilerplate", "byline")]
PARAGRAPHS = "".join(f"<p>{escape(text)}</p>" for text in LINES if text)


def blocks(text: str) -> str:
    if text.startswith("- "):
        return f"<ul><li>{escape(text[2:])}</li></ul>"
    return f"<div>{escape(text)}</div>"


SHAPES = {
    "every line a paragraph": f"<html><body>{PARAGRAPHS}</body></html>",
    "every line a division, outlets in lists": (
        f"<html><body><h1>{escape(line(2))}</h1>"
        + "".join(blocks(text) for text in LINES[2:] if text)
        + "<footer>Terms · Privacy · About us</footer></body></html>"
    ),
    "lines between breaks": f"<html><body>{'<br>'.join(map(escape, LINES))}</body></html>",
    "plain text": "\n".join(LINES),
}


@pytest.fixture(params=SHAPES, scope="module")
def seed(request: pytest.FixtureRequest) -> Extracted:
    return extract(PageTask(1, "https://portal.example/a", SHAPES[request.param].encode()))


def test_the_seed_page_is_four_articles_with_their_titles(seed: Extracted) -> None:
    titles = [said(name, "title")[0] for name in ("cnbc", "yahoo-asus", "wsj", "globe")]
    assert [seed.title, *(part.title for part in seed.parts)] == titles


def test_each_has_exactly_its_own_text(seed: Extracted) -> None:
    assert seed.text.splitlines() == said("cnbc", "paragraph")
    assert [part.text.splitlines() for part in seed.parts] == [
        said(name, "paragraph") for name in ("yahoo-asus", "wsj", "globe")
    ]


def test_none_of_the_portals_lines_is_in_any_text(seed: Extracted) -> None:
    texts = {text for found in (seed, *seed.parts) for text in found.text.splitlines()}
    assert texts.isdisjoint(PORTAL)


def test_parts_name_their_outlets_and_have_no_address_of_their_own(seed: Extracted) -> None:
    assert [part.site for part in seed.parts] == ["Yahoo", "Wall Street Journal", "Boston Globe"]
    assert {part.canonical_url for part in seed.parts} == {""}


STORY = "<p>The foundry said its second plant would open in March, a year late.</p>" * 9
TEASERS = "".join(
    f"<div>Chip Herald</div><div>{hours} hours ago</div><h4>Headline number {hours}</h4>"
    "<p>A teaser says what the article is about, and then it stops.</p>"
    for hours in range(2, 8)
)


@pytest.mark.parametrize(
    "below",
    [
        pytest.param("", id="nothing below"),
        pytest.param(f"<h3>Related Articles</h3>{TEASERS}", id="teasers with times"),
        pytest.param(
            "<h3>Related Articles</h3><ul><li><a href='/1'>Packaging stays short</a></li></ul>",
            id="a list of links",
        ),
    ],
)
def test_a_publishers_own_related_box_is_no_article(below: str) -> None:
    page = f"<html><body><article><h1>Plant opens late</h1>{STORY}</article>{below}</body></html>"
    found = extract(PageTask(1, "https://chips.example/a", page.encode()))
    assert found.parts == ()
    assert "foundry said" in found.text
