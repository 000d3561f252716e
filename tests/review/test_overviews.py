"""The pages of topics, companies and stories: what they tell, and that they let nothing in."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from pipeline.adapters.store import Store
from pipeline.review import filters
from tests.newsdesk import Newsdesk
from tests.review.desk import ReviewDesk, reviewing

NASTY = "<script>document.title='owned'</script>"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewDesk]:
    home: Path = tmp_path_factory.mktemp("overviews")
    with Store(home / "chipwire.db") as store:
        news = Newsdesk(store)
        first = news.article("TSMC adds a fab", story=1)
        second = news.article(f"TSMC adds {NASTY}", outlet="Chip Times", story=1)
        news.mention(first, "TSMC", "AT&T / Bell?")
        news.mention(second, "TSMC")
        news.update(second, "Fabs were full in June.")
        with store.transaction():
            store.execute("UPDATE articles SET url = 'javascript:1' WHERE id = ?", (second,))
    with reviewing(home) as desk:
        yield desk


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("all", ["/-/chipwire/topic/foundry", "/-/chipwire/story/1", "AT%26T%20%2F%20Bell%3F"]),
        ("topic/foundry", ["<svg", "TSMC adds a fab", "Fabs were full in June.", "90 %"]),
        ("company/TSMC", ["<svg", "TSMC adds a fab", "/-/chipwire/topic/foundry"]),
        ("company/AT%26T%20%2F%20Bell%3F", ["<h2 id=\"title\">AT&amp;T / Bell?</h2>"]),
        ("story/1", ["2 articles in 2 outlets", "Chip Times", "Fabs were full in June."]),
    ],
)  # fmt: skip
def test_a_page_tells_what_belongs_to_it(desk: ReviewDesk, path: str, told: list[str]) -> None:
    code, headers, text = desk.request("GET", f"/-/chipwire/{path}")
    assert code == 200
    assert [words for words in told if words not in text] == []
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert NASTY not in text
    assert "javascript:" not in text


@pytest.mark.parametrize("path", ["topic/none", "company/Nobody", "story/9", "story/x"])
def test_what_has_no_article_has_no_page(desk: ReviewDesk, path: str) -> None:
    assert desk.request("GET", f"/-/chipwire/{path}")[0] == 404


def test_a_week_without_news_is_a_gap_in_the_plot(desk: ReviewDesk) -> None:
    text = desk.request("GET", "/-/chipwire/topic/foundry?weeks=52")[2]
    assert text.count('<rect class="bar-of-week"') == 52
    assert text.count(": 0</title>") >= 50


@pytest.mark.parametrize(
    ("asked", "weeks"),
    [("12", 12), ("0", 1), ("999", 520), ("9999", 26), ("-1", 26), ("٣", 26), ("", 26)],
)
def test_how_far_back_a_page_looks_can_be_asked(desk: ReviewDesk, asked: str, weeks: int) -> None:
    text = desk.request("GET", f"/-/chipwire/topic/foundry?weeks={quote(asked)}")[2]
    assert text.count('<rect class="bar-of-week"') == weeks


def test_a_person_meets_a_page_where_there_is_nothing(desk: ReviewDesk) -> None:
    code, headers, text = desk.request("GET", "/-/chipwire/story/9", accept="text/html,*/*")
    assert (code, headers["content-type"].split(";")[0]) == (404, "text/html")
    assert "there is nothing under this address" in text
    assert headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("2026-11-23T07:00:00Z", "2026-11-23T07:00:00Z", ""),
        ("2026-11-23T07:00:00Z", "2026-11-23T06:00:00Z", ""),
        ("2026-11-23T07:00:00Z", "2026-11-23T07:12:30Z", "12 min later"),
        ("2026-11-23T07:00:00Z", "2026-11-23T11:40:00Z", "5 h later"),
        ("2026-11-23T07:00:00Z", "2026-11-26T11:40:00Z", "3 days later"),
        ("2026-11-23T07:00:00Z", None, ""),
        ("no date", "2026-11-23T07:00:00Z", ""),
        ("2026-11-23T07:00:00", "2026-11-23T07:12:00Z", "12 min later"),
    ],
)
def test_how_much_later_an_article_came_is_told(first: str, second: str | None, told: str) -> None:
    assert filters.later(second, first) == told
