"""What a page claims about itself is believed where it can be, in every form it comes in."""

import unicodedata
from datetime import UTC, datetime

import pytest

from pipeline.models.articles import Extracted, PageTask
from pipeline.steps.extraction import extract

TITLE = "Foundry books out its packaging lines"
STORY = "".join(
    f"<p>The company said its {place} line was booked out until the end of next year, and that it"
    f" would not raise prices for the customers of {place} before then.</p>"
    for place in ("northern", "southern", "eastern")
)
ANNOUNCED = datetime(2025, 6, 12, 9, tzinfo=UTC)


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def read(head: str, *, before: str = "", url: str = "https://www.chips.example/a?x=1") -> Extracted:
    page = f"<html><head>{head}</head><body>{before}<article>{STORY}</article></body></html>"
    return extract(PageTask(1, url, page.encode(), feed_published_at=ANNOUNCED))


NODE = (
    '{"@type": "NewsArticle", "headline": "Foundry books out its packaging lines",'
    ' "datePublished": "2025-06-11T22:30:00+08:00",'
    ' "author": {"@type": "Person", "name": "Ada Lim"}'
)
META = (
    f'<meta property="og:title" content="{TITLE}"><meta name="author" content="By Ada Lim">'
    '<meta property="article:published_time" content="2025-06-11T14:30:00Z">'
)
MICRODATA = (
    f'<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{TITLE}</h1>'
    '<span itemprop="author">Ada Lim</span>'
    '<time itemprop="datePublished" datetime="2025-06-11T14:30:00Z">11 June</time></div>'
)


@pytest.mark.parametrize(
    ("head", "before"),
    [
        pytest.param(ld(NODE + "}"), "", id="JSON-LD, one object"),
        pytest.param(ld(f"[{NODE}}}]"), "", id="JSON-LD, a list"),
        pytest.param(ld(f'{{"@graph": [{{"@type": "WebSite"}}, {NODE}}}]}}'), "", id="a graph"),
        pytest.param(ld(NODE.replace('"NewsArticle"', '["Article", "NewsArticle"]') + "}"), "",
                     id="several types"),
        pytest.param(ld(NODE + ",}"), "", id="JSON-LD with a trailing comma"),
        pytest.param(ld(f"<!--\n{NODE}}}\n-->"), "", id="JSON-LD inside a comment"),
        pytest.param(ld(NODE + ', "articleBody": "He said "no" and left."}'), "",
                     id="JSON-LD with unescaped quotation marks"),
        pytest.param(META, "", id="OpenGraph and meta"),
        pytest.param("", MICRODATA, id="microdata"),
    ],
)  # fmt: skip
def test_metadata_is_read_in_every_form(head: str, before: str) -> None:
    found = read(head, before=before)
    assert (found.title, found.author) == (TITLE, "Ada Lim")
    assert found.published_at == datetime(2025, 6, 11, 14, 30, tzinfo=UTC)
    assert found.date_source == "page"


@pytest.mark.parametrize(
    "date",
    [
        pytest.param("2035-06-11T14:30:00Z", id="in ten years"),
        pytest.param("1970-01-01T00:00:00Z", id="the epoch"),
        pytest.param("99999-01-01", id="the year 99999"),
        pytest.param("2025-13-45", id="a month that does not exist"),
        pytest.param("yesterday", id="words"),
    ],
)
def test_a_page_that_lies_about_its_date_is_not_believed(date: str) -> None:
    found = read(ld(NODE.replace("2025-06-11T22:30:00+08:00", date) + "}"))
    assert (found.published_at, found.date_source) == (ANNOUNCED, "feed")


def test_a_headline_that_only_json_ld_has_is_outvoted() -> None:
    lie = ld(NODE.replace(TITLE, "Ten gadgets you need") + "}")
    page = f'<title>{TITLE} | Chip Herald</title><meta property="og:title" content="{TITLE}">'
    assert read(lie + page, before=f"<h1>{TITLE}</h1>").title == TITLE


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        pytest.param("https://www.chips.example/a", "https://www.chips.example/a", id="its own"),
        pytest.param("/a", "https://www.chips.example/a", id="relative"),
        pytest.param("https://m.chips.example/a", "https://m.chips.example/a", id="another host of"
                     " the same owner"),
        pytest.param("https://bank.example/login", "", id="another owner"),
        pytest.param("javascript:alert(1)", "", id="a script"),
        pytest.param("data:text/html,x", "", id="data"),
        pytest.param("http://[bad", "", id="no address"),
        pytest.param("https://www.chips.example/", "", id="the front page"),
    ],
)  # fmt: skip
def test_a_canonical_address_is_the_pages_own(href: str, canonical: str) -> None:
    assert read(f'<link rel="canonical" href="{href}">').canonical_url == canonical


@pytest.mark.parametrize(
    ("written", "title"),
    [
        pytest.param("HBM4 ships | Chip Herald", "HBM4 ships", id="a bar"),
        pytest.param("HBM4 ships – News – Chip Herald", "HBM4 ships – News", id="a section too"),
        pytest.param(
            "TSMC &amp; Intel: what&#39;s next", "TSMC & Intel: what's next", id="entities"
        ),
        pytest.param("AT&amp;amp;T buys chips", "AT&T buys chips", id="entities escaped twice"),
        pytest.param("HBM4 &lt;b&gt;ships&lt;/b&gt;", "HBM4 ships", id="markup"),
        pytest.param("中芯国际量产7纳米_Chip Herald", "中芯国际量产7纳米", id="an underscore"),
        pytest.param("Chips 10 – 20 % dearer", "Chips 10 – 20 % dearer", id="a range"),
    ],
)
def test_a_title_loses_its_site_and_nothing_else(written: str, title: str) -> None:
    site = '<meta property="og:site_name" content="Chip Herald">'
    assert read(f"<title>{written}</title>{site}").title == title


@pytest.mark.parametrize(
    "mark", ["&#27;[31m", "&#7;", "&#x9b;31m", "&#127;", "&#x61c;", "&#x202e;"]
)
def test_a_page_says_nothing_that_a_terminal_would_obey(mark: str) -> None:
    head = (
        f'<title>{mark}{TITLE}</title><meta property="og:title" content="{mark}{TITLE}">'
        f'<meta property="og:site_name" content="Chips{mark} Daily">'
        f'<meta name="author" content="Ada{mark} Lim">'
    )
    article = read(head, before=f"<p>{mark}</p>")
    shown = f"{article.title}{article.site}{article.author}{article.text}"
    hidden = [c for c in shown if unicodedata.category(c) in {"Cc", "Cf"} and c != "\n"]
    assert hidden == []
    assert article.site.startswith("Chips")


@pytest.mark.parametrize(
    ("announced", "hour", "source"),
    [
        pytest.param(datetime(2026, 6, 13, 8, 5, tzinfo=UTC), 8, "feed", id="of the same day"),
        pytest.param(datetime(2026, 6, 14, 8, 5, tzinfo=UTC), 0, "page", id="of another day"),
    ],
)
def test_a_day_takes_its_time_from_the_feed(announced: datetime, hour: int, source: str) -> None:
    head = '<meta name="date" content="2026-06-13">'
    page = f"<html><head>{head}</head><body><h1>Chips</h1></body></html>".encode()
    found = extract(PageTask(1, "https://chips.example/a", page, feed_published_at=announced))
    assert found.published_at is not None
    assert (found.published_at.day, found.published_at.hour) == (13, hour)
    assert found.date_source == source


def test_a_day_takes_its_time_from_the_pages_own_markup() -> None:
    found = read(
        '<meta name="date" content="2025-06-11">',
        before='<h1>Chips</h1><time datetime="2025-06-11T09:30:00Z">',
    )
    assert found.published_at == datetime(2025, 6, 11, 9, 30, tzinfo=UTC)


def test_a_year_in_the_footer_is_no_date() -> None:
    page = b"<html><body><article><h1>Chips</h1><p>" + b"TSMC builds a fab. " * 40
    task = PageTask(1, "https://a.test/1", page + "</p></article><p>© 2026 Daily".encode())
    assert extract(task).published_at is None
