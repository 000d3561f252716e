"""The pages of topics, companies and stories: what they tell, and that they let nothing in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.store import Store
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


@pytest.mark.browser
@pytest.mark.parametrize("path", ["all", "topic/foundry", "story/1"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(chromium: Any, desk: ReviewDesk, path: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = chromium.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{desk.port}/-/chipwire/{path}")
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "owned" not in page.title()
    context.close()
