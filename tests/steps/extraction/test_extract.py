"""From a page's bytes to its article."""

import subprocess
import sys
from datetime import UTC, datetime

from pipeline.models.articles import PageTask
from pipeline.steps.extraction import extract

PAGE = """<!doctype html><html lang="en"><head><title>Foundry cuts 3 nm prices | Chip Herald</title>
<meta property="og:site_name" content="Chip Herald"><link rel="canonical" href="/a/3nm">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Foundry cuts 3 nm prices",
"datePublished": "2025-06-13T08:00:00+08:00", "author": [{"name": "Ada Lim"}, {"name": "Bo Xu"}]}
</script></head><body><nav><a href="/">Home</a> <a href="/chips">Chips</a></nav>
<article><h1>Foundry cuts 3 nm prices</h1>
<p>The largest contract chip maker will cut the price of its 3&nbsp;nm wafers by 10&nbsp;% from
July, two people familiar with the matter said on Friday.</p>
<p>Customers had asked for relief after smaller rivals offered mature capacity at a discount. The
company declined to comment on prices, which it negotiates with each customer.</p>
<p>Analysts expect that the cut will cost it about US$1.2bn of revenue this year, and that demand
for accelerators makes up for most of it.</p></article>
<footer>© Chip Herald. All rights reserved.</footer></body></html>"""


def test_a_page_becomes_an_article() -> None:
    found = extract(PageTask(1, "https://chips.example/a/3nm?x=1", PAGE.encode(), "text/html"))
    assert found.title == "Foundry cuts 3 nm prices"
    assert found.author == "Ada Lim, Bo Xu"
    assert found.site == "Chip Herald"
    assert found.language == "en"
    assert found.published_at == datetime(2025, 6, 13, tzinfo=UTC)
    assert found.date_source == "page"
    assert found.canonical_url == "https://chips.example/a/3nm"
    assert "\nThe largest contract chip maker" in f"\n{found.text}"
    assert "3 nm wafers by 10 %" in found.text
    assert "rights reserved" not in found.text
    assert found.stub == ""


def test_extraction_remembers_nothing() -> None:
    task = PageTask(1, "https://chips.example/a", PAGE.encode())
    assert len({extract(task) for _ in range(6)}) == 1


def test_importing_the_package_does_not_import_trafilatura() -> None:
    script = "import sys, pipeline.steps.extraction; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not {"trafilatura", "lxml", "htmldate", "py3langid"} & set(loaded.stdout.split())


def read_lines(*inserted: str) -> list[str]:
    page = PAGE.replace("<p>Analysts", "".join(inserted) + "<p>Analysts")
    return extract(PageTask(1, "https://chips.example/a", page.encode())).text.splitlines()


def test_a_list_among_paragraphs_is_kept_in_its_place() -> None:
    points = ("Mature nodes lose a tenth of their price in July.", "Newer ones follow a year on.")
    lines = read_lines("<ul>", *(f"<li>{point}</li>" for point in points), "</ul>")
    at = [next(at for at, line in enumerate(lines) if point in line) for point in points]
    assert at == [2, 3]


def test_a_paragraph_that_its_class_calls_a_caption_is_left_out() -> None:
    caption = "A wafer is lifted from its carrier in the northern plant."
    assert caption not in read_lines(f'<p class="img-caption">{caption}</p>')
    assert caption in read_lines(f'<p class="capital">{caption}</p>')


def test_a_line_goes_for_a_link_beside_it_and_not_for_one_in_the_menu() -> None:
    said = "Orders for mature nodes fell again in June"
    page = PAGE.replace("<p>Analysts", f"<p>{said}</p><p>Analysts")
    menu = "".join(f'<li><a href="/{n}">Chips, part {n}</a></li>' for n in range(9))
    listed = page.replace("</nav>", f'<ul><li><a href="/x">{said}</a></li>{menu}</ul></nav>')
    beside = page.replace("<p>Analysts", f'<p><a href="/x">{said}</a></p><p>Analysts')
    texts = [extract(PageTask(1, "https://chips.example/a", p.encode())).text
             for p in (page, listed, beside)]  # fmt: skip
    assert [text.splitlines().count(said) for text in texts] == [1, 1, 0]
