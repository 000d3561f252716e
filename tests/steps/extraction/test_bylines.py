"""Who wrote it and when, from pages that say it in markup, on cards, or only to their readers."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.models.articles import Extracted, PageTask
from pipeline.steps.extraction import extract

STORY = "".join(
    f"<p>The company said its {place} line was booked out until the end of next year, and that it"
    f" would not raise prices for the customers of {place} before then.</p>"
    for place in ("northern", "southern", "eastern")
)
HEADING = "<h1>Foundry books out its packaging lines</h1>"
FETCHED = datetime(2026, 11, 23, 14, 5, 30, tzinfo=UTC)


def read(
    head: str = "", under: str = "", *, lang: str = "en", url: str = "https://chips.example/a",
    above: str = "",
) -> Extracted:  # fmt: skip
    page = (
        f"<html lang='{lang}'><head><title>Foundry books out its packaging lines</title>{head}"
        f"</head><body>{above}<article>{HEADING}{under}{STORY}</article></body></html>"
    )
    return extract(PageTask(1, url, page.encode(), fetched_at=FETCHED))


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


ARTICLE = '"@type": "NewsArticle", "headline": "Foundry books out its packaging lines"'


@pytest.mark.parametrize(
    ("head", "under", "author"),
    [
        pytest.param(ld(f'{{{ARTICLE}, "author": "Ada Lim"}}'), "", "Ada Lim", id="a string"),
        pytest.param(ld(f'{{{ARTICLE}, "author": ["Ada Lim", {{"name": "Bo Xu"}}]}}'), "",
                     "Ada Lim, Bo Xu", id="a mixed list"),
        pytest.param(
            ld(f'{{"@graph": [{{{ARTICLE}, "author": {{"@id": "#ada"}}}}, '
               '{"@type": "Person", "@id": "#ada", "name": "Ada Lim"}]}'),
            "", "Ada Lim", id="a reference into the graph",
        ),
        pytest.param(ld(f'{{{ARTICLE}, "author": "Ada Lim and Bo Xu"}}'), "", "Ada Lim, Bo Xu",
                     id="two in one string"),
        pytest.param(ld(f'{{{ARTICLE}, "author": "Ada Lim; Bo Xu"}}'), "", "Ada Lim, Bo Xu",
                     id="two with a semicolon"),
        pytest.param(ld(f'{{{ARTICLE}, "author": "Baker and Sons"}}'), "", "Baker and Sons",
                     id="a firm with an and"),
        pytest.param(
            ld(f'{{{ARTICLE}, "author": "Chip Herald", "publisher": {{"name": "Chip Herald"}}}}'),
            '<p class="byline">By Ada Lim</p>', "Ada Lim", id="the outlet calls itself the author",
        ),
        pytest.param(
            ld(f'{{{ARTICLE}, "author": "Chip Herald", "publisher": {{"name": "Chip Herald"}}}}'),
            "", "Chip Herald", id="the outlet, if nobody else",
        ),
        pytest.param('<meta name="parsely-author" content="Ada Lim">', "", "Ada Lim", id="parsely"),
        pytest.param('<meta name="sailthru.author" content="Ada Lim">', "", "Ada Lim",
                     id="sailthru"),
        pytest.param('<meta name="DC.creator" content="Ada Lim">', "", "Ada Lim", id="Dublin Core"),
        pytest.param('<meta name="author" content="105092"><meta name="byl" content="By Ada Lim">',
                     "", "Ada Lim", id="a number is nobody"),
        pytest.param(
            '<meta name="twitter:label1" content="Written by">'
            '<meta name="twitter:data1" content="Ada Lim">', "", "Ada Lim", id="a card's label",
        ),
        pytest.param(
            '<meta name="twitter:label1" content="Est. reading time">'
            '<meta name="twitter:data1" content="3 minutes">', "", "", id="another label",
        ),
        pytest.param('<meta name="author" content="Ada Lim">'
                     '<meta name="article:author" content="ada-lim">', "", "Ada Lim",
                     id="her name and its slug"),
        pytest.param("", '<span itemprop="author"><b itemprop="name">Ada Lim</b>, reporter</span>',
                     "Ada Lim", id="microdata, nested"),
        pytest.param("", '<figure><span itemprop="author">Pix Agency</span></figure>', "",
                     id="who took the picture"),
        pytest.param("", '<a rel="author" href="/by/ada">Ada Lim</a>', "Ada Lim", id="a link"),
        pytest.param("", "<div>By <a href='/ada'>Ada Lim</a> | 13 June 2026</div>", "Ada Lim",
                     id="a line under the headline"),
        pytest.param("", "<small>Ada Lim, Jun 13, 2026</small>", "Ada Lim",
                     id="a name before a date"),
        pytest.param("", "<p>Ludwig van der Berg · 13.06.2026</p>", "Ludwig van der Berg",
                     id="a name with particles"),
        pytest.param("", "<p>Taipei, June 13, 2026</p>", "", id="a town before a date"),
        pytest.param("", f"<div>By {'a' * 150} {'a' * 30}!</div>", "",
                     id="letters without end, which a careless pattern would try in all ways"),
        pytest.param("", "<div>By the numbers</div>", "", id="a heading that begins with by"),
        pytest.param("", '<div class="author-tools">Share Twitter</div>', "", id="buttons"),
        pytest.param("", "<div>2026年6月13日 作者：林知远 来源：硅线</div>", "林知远",
                     id="Chinese"),
        pytest.param("", "<div>记者 张三、李四 | 上海</div>", "张三, 李四", id="two Chinese names"),
        pytest.param("", "<div>記者 陳以恩／台北報導</div>", "陳以恩", id="traditional Chinese"),
        pytest.param("", "<div>홍길동 기자 2026.06.13</div>", "홍길동", id="Korean"),
        pytest.param("", "<div>山田太郎 記者</div>", "山田太郎", id="Japanese"),
    ],
)  # fmt: skip
def test_the_author_is(head: str, under: str, author: str) -> None:
    assert read(head, under).author == author


MORNING = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
DAY = MORNING.replace(hour=0, minute=0)


@pytest.mark.parametrize(
    ("said", "date", "source"),
    [
        pytest.param({"head": ld(f'{{{ARTICLE}, "datePublished": ["2026-11-23T06:05:00Z"]}}')},
                     MORNING, "page", id="JSON-LD, a list"),
        pytest.param({"head": ld(f'{{{ARTICLE}, "datePublished": 1795413900}}')}, MORNING, "page",
                     id="JSON-LD, Unix time"),
        pytest.param({"head": '<meta name="parsely-pub-date" content="2026-11-23T06:05:00Z">'},
                     MORNING, "page", id="parsely"),
        pytest.param({"head": '<meta name="sailthru.date"'
                              ' content="Mon, 23 Nov 2026 06:05:00 +0000">'}, MORNING, "page",
                     id="sailthru"),
        pytest.param({"head": '<meta name="DC.date.issued" content="2026-11-23">'}, DAY, "page",
                     id="Dublin Core"),
        pytest.param({"head": '<meta itemprop="datePublished" content="2026-11-23T06:05:00Z">'},
                     MORNING, "page", id="microdata in the head"),
        pytest.param({"under": '<time pubdate datetime="2026-11-23T06:05:00Z">today</time>'},
                     MORNING, "page", id="a time marked as publication"),
        pytest.param({"under": "<time pubdate>2026年11月23日 06:05</time>"}, MORNING, "page",
                     id="the same in words"),
        pytest.param({"above": '<time datetime="2026-11-01">1 Nov</time>',
                      "under": '<time datetime="2026-11-23T06:05:00Z">today</time>'},
                     MORNING, "page", id="the time after the headline, not a teaser's above it"),
        pytest.param({"under": "<p>2026年11月23日 14:05</p>", "lang": "zh"}, MORNING, "guess",
                     id="Chinese words, Chinese time"),
        pytest.param({"under": "<p>입력 2026.11.23 오후 3:05</p>", "lang": "ko"}, MORNING, "guess",
                     id="Korean words, Korean time"),
        pytest.param({"under": "<p>2026年11月23日15時05分</p>", "lang": "ja"}, MORNING, "guess",
                     id="Japanese words, Japanese time"),
        pytest.param({"under": "<p>٢٣ نوفمبر ٢٠٢٦</p>", "lang": "ar"}, DAY, "guess", id="Arabic"),
        pytest.param({"under": "<p>23 בנובמבר 2026, 06:05</p>", "lang": "he"}, MORNING, "guess",
                     id="Hebrew"),
        pytest.param({"under": "<p>8 hours ago</p>"}, MORNING, "guess", id="hours before fetching"),
        pytest.param({"url": "https://chips.example/2026/11/23/a"}, DAY, "guess", id="the address"),
        pytest.param({"url": "https://chips.example/2026/11/23/a",
                      "under": "<p>23 November 2026 06:05</p>"}, MORNING, "guess",
                     id="the address's day with the time in words"),
        pytest.param({"url": "https://chips.example/2026/11/23/a",
                      "under": "<p>The fair opens on 5 March 2026</p>"}, DAY, "guess",
                     id="the address against another day in words"),
        pytest.param({"head": '<meta name="date" content="2027-02-01">',
                      "under": "<p>23 Nov 2026</p>"}, DAY, "guess",
                     id="a date after the page was fetched is not believed"),
        pytest.param({}, None, "first_seen", id="nothing"),
    ],
)  # fmt: skip
def test_the_date_is(said: dict[str, str], date: datetime | None, source: str) -> None:
    found = read(**said)
    assert found.published_at == date
    assert found.date_source == source


def test_the_feeds_word_goes_before_what_a_reader_would_guess() -> None:
    announced = FETCHED - timedelta(hours=3)
    page = f"<html><body><article>{HEADING}<p>5 March 2026</p>{STORY}</article></body></html>"
    task = PageTask(1, "https://chips.example/a", page.encode(), feed_published_at=announced)
    found = extract(task)
    assert (found.published_at, found.date_source) == (announced, "feed")
