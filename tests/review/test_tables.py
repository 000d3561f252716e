"""Datasette's own pages beside ours: few columns first, links, facets, plots; on both lines."""

import csv
import html
import io
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.adapters.store import Store
from pipeline.adapters.store import review as table
from pipeline.models.labels import Label
from pipeline.review.metadata import HIDDEN, SHOWN, TABLES
from pipeline.review.tables import cell, fewer_columns
from tests.newsdesk import NOW, Newsdesk
from tests.review.desk import LINES, ReviewDesk, reviewing

NASTY = "<script>document.title='owned'</script>\u202e"


@pytest.fixture(scope="module", params=LINES, ids=lambda line: f"Datasette {line}")
def desk(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[ReviewDesk]:
    home = tmp_path_factory.mktemp("tables")
    with Store(home / "chipwire.db") as store:
        news = Newsdesk(store)
        news.article("TSMC adds a fab", story=1, topics={"foundry": 0.9, "hbm": 0.2})
        news.article(f"TSMC adds {NASTY}", outlet="Chip Times", story=1)
        news.mention(1, "TSMC", "AT&T / Bell?")
        table.add_items(store, [table.Wanted(1, "foundry", 0.5, "doubtful")])
        said = Label(1, "foundry", "yes", reviewer=NASTY, note="=1+1" + NASTY)
        table.record(store, said, now=NOW)
    with reviewing(home, line=request.param) as desk:
        yield desk


def follow(desk: ReviewDesk, path: str) -> str:
    """Return the page an address leads to, in at most one step."""
    code, headers, text = desk.request("GET", path)
    if code == 302:
        code, _, text = desk.request("GET", headers["location"])
    assert code == 200
    return text


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_a_table_begins_with_the_columns_a_reader_wants(desk: ReviewDesk, name: str) -> None:
    text = follow(desk, f"/chipwire/{name}")
    columns = re.findall(r'<th[^>]* data-column="([^"]+)"', text)
    # a table without one key of its own begins with a column `Link`
    keys = ("Link", "article_id", "topic") if name == "tags" else ("id",)
    assert set(columns) - set(keys) == set(SHOWN[name]) - set(keys)
    known = [column[1] for column in desk.rows(f"PRAGMA table_info({name})")]
    assert set(SHOWN[name]) <= set(known)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_or_view_has_its_facets_and_its_title(desk: ReviewDesk, name: str) -> None:
    text = follow(desk, f"/chipwire/{name}")
    assert TABLES[name]["title"] in text
    for facet in TABLES[name].get("facets", ()):
        assert f'data-column="{facet}"' in text or f"_facet={facet}" in text
    known = [column[1] for column in desk.rows(f"PRAGMA table_info({name})")]
    assert set(TABLES[name].get("facets", ())) <= set(known)
    assert NASTY not in text
    assert "<script>document.title" not in text


def test_bookkeeping_is_not_what_a_reader_sees_first(desk: ReviewDesk) -> None:
    listed = {row["name"]: row["hidden"] for row in desk_tables(desk)}
    assert {name: listed[name] for name in HIDDEN} == dict.fromkeys(HIDDEN, True)
    assert not any(listed[name] for name in ("articles", "stories", "tags", "feeds", "runs"))


def desk_tables(desk: ReviewDesk) -> list[dict[str, object]]:
    import json

    found: list[dict[str, object]] = json.loads(desk.request("GET", "/chipwire.json")[2])["tables"]
    return found


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("/chipwire/articles", ["/-/chipwire/review?article=1", "/-/chipwire/story/1"]),
        ("/chipwire/stories", ["/-/chipwire/story/1"]),
        ("/chipwire/tags", ["/-/chipwire/topic/hbm", "/-/chipwire/review?article=1&topic=hbm"]),
        ("/chipwire/mentions", ["/-/chipwire/company/AT%26T%20%2F%20Bell%3F"]),
        ("/chipwire/labels", ["/-/chipwire/review?article=1&topic=foundry"]),
        ("/chipwire/topic_weeks", ["/-/chipwire/topic/foundry"]),
        ("/chipwire", ["/-/chipwire/review", "/-/chipwire/all"]),
        ("/", ["/-/chipwire/review", "/-/chipwire/all"]),
    ],
)
def test_what_a_cell_names_is_one_click_away(desk: ReviewDesk, path: str, links: list[str]) -> None:
    text = html.unescape(follow(desk, path))
    assert [link for link in links if f'"{link}"' not in text] == []


def test_the_order_stands_in_the_address_so_that_all_columns_are_one_choice_away() -> None:
    for name in SHOWN:
        asked = parse_qs(urlsplit(fewer_columns(f"/chipwire/{name}", b"")).query)
        assert asked["_col"] == list(SHOWN[name])
        assert len(asked) == 2  # without its columns the address is not bare again


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/chipwire/articles", b"_sort=id"), ("/chipwire/articles.json", b""),
        ("/chipwire/articles/1", b""), ("/chipwire", b""), ("/chipwire/runs", b""),
        ("/other/articles", b""), ("/chipwire/no-table", b""),
    ],
)  # fmt: skip
def test_no_other_address_is_touched(path: str, query: bytes) -> None:
    assert fewer_columns(path, query) == ""


def test_a_cell_shows_text_as_text() -> None:
    row = {"id": 7, "topic": NASTY}
    shown = cell(row, f"{NASTY} and {'long ' * 500}", "title", "articles")
    assert shown is not None
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert len(shown) < 400
    assert cell(row, "", "title", "articles") is None
    assert cell(row, None, "story_id", "articles") is None
    assert cell(row, "x", "site", "articles") is None


@pytest.mark.parametrize(
    "path", ["/chipwire/labels.csv", "/chipwire/labels.csv?_stream=1", "/chipwire/labels.csv?_dl=1",
             "/chipwire.csv?sql=select+note,+-1.5+as+less+from+labels"],
)  # fmt: skip
def test_csv_is_safe_for_spreadsheets(desk: ReviewDesk, path: str) -> None:
    text = follow(desk, path)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert rows[0]["note"].startswith("'=1+1<script>")
    assert rows[0].get("less", "-1.5") == "-1.5"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "alt"),
    [
        ("/chipwire", "Articles per topic and week; the table"),
        ("/chipwire/topic_weeks", "Articles per topic and week; the table"),
        ("/chipwire/tags?topic=foundry", "Articles per topic and week: foundry; the table"),
    ],
)
def test_topics_over_weeks_are_drawn_inside_datasette(
    chromium: object, desk: ReviewDesk, path: str, alt: str
) -> None:
    page = chromium.new_page()  # type: ignore[attr-defined] # Playwright's Browser
    page.goto(f"http://127.0.0.1:{desk.port}{path}")
    page.wait_for_selector(".topics-over-weeks img")
    page.wait_for_function("document.querySelector('.topics-over-weeks img').naturalWidth > 600")
    assert page.get_attribute(".topics-over-weeks img", "alt").startswith(alt)
    assert page.inner_text("header nav a[href='/-/chipwire/all']:visible") == "Topics"
    page.close()


def test_the_picture_runs_and_loads_nothing(desk: ReviewDesk) -> None:
    code, headers, text = desk.request("GET", "/-/chipwire/weeks.svg?topic=foundry&weeks=4")
    assert (code, headers["content-type"]) == (200, "image/svg+xml; charset=utf-8")
    assert "script" not in text
    assert headers["content-security-policy"].startswith("default-src 'none'")
