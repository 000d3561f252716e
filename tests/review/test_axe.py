"""Every page at a desk and on a phone, in light and dark: axe finds nothing serious."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from pipeline.adapters.store import Store
from pipeline.adapters.store import review as table
from pipeline.models.labels import Label
from tests.newsdesk import NOW, Newsdesk
from tests.review.desk import LINES, ReviewDesk, fill, reviewing

pytestmark = pytest.mark.browser

OURS = (
    "/-/chipwire/review", "/-/chipwire/review?state=disputed", "/-/chipwire/review?query=nothing",
    "/-/chipwire/all", "/-/chipwire/topic/foundry", "/-/chipwire/company/TSMC",
    "/-/chipwire/story/1", "/-/chipwire/nowhere",
)  # fmt: skip
TABLES = (
    "/", "/chipwire", "/chipwire/articles", "/chipwire/tags?topic=foundry", "/chipwire/labels",
    "/chipwire/topic_weeks", "/chipwire/articles/1",
)  # fmt: skip


@pytest.fixture(scope="module", params=LINES, ids=lambda line: f"Datasette {line}")
def desk(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[ReviewDesk]:
    home = tmp_path_factory.mktemp("axe")
    fill(home, articles=6)
    with Store(home / "chipwire.db") as store:
        news = Newsdesk(store)
        news.mention(1, "TSMC")
        news.update(1, "Fabs were full in June.")
        with store.transaction():
            for article in (1, 2):
                news.into_story(1, article, when=NOW)
            store.execute("UPDATE tags SET tagged = 1")
        for who, verdict in (("ann", "yes"), ("bob", "no")):
            said = Label(3, "foundry", verdict, reviewer=who, note="a long " * 90)  # type: ignore[arg-type] # a table of words
            table.record(store, said, now=NOW)
    with reviewing(home, line=request.param) as desk:
        yield desk


@pytest.mark.parametrize("desk", LINES[:1], indirect=True)  # the same on both lines
@pytest.mark.parametrize("path", OURS)
def test_axe_finds_nothing_serious_on_our_pages(chromium: Any, desk: ReviewDesk, path: str) -> None:
    views = [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")]
    assert faults_of(chromium, desk, path, views) == []


@pytest.mark.parametrize("path", TABLES)
def test_axe_finds_nothing_serious_on_datasettes_pages(
    chromium: Any, desk: ReviewDesk, path: str
) -> None:
    assert faults_of(chromium, desk, path, [(1280, "light"), (360, "dark")]) == []


def faults_of(
    chromium: Any, desk: ReviewDesk, path: str, views: Sequence[tuple[int, str]]
) -> list[object]:
    """Return what axe finds at each width and in each scheme; loaded once, then shown anew."""
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{desk.port}{path}")
    page.wait_for_load_state("networkidle")
    found: list[object] = []
    for width, scheme in views:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        found += [(width, scheme, *fault) for fault in faults(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((width, scheme, "wider than the window"))
    context.close()
    return found


def faults(page: Any) -> list[tuple[object, ...]]:
    from axe_playwright_python.sync_playwright import Axe

    # Datasette 1.0 gives this element a list under the name `matches`, which axe calls.
    page.evaluate("document.querySelector('navigation-search')?.remove()")
    return [
        (violation["id"], [node["target"] for node in violation["nodes"]])
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


def test_on_a_phone_the_article_comes_first_and_the_question_stays(
    chromium: Any, desk: ReviewDesk
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(desk.url)
    page.wait_for_selector("#text mark")
    tops = page.evaluate(
        "['text', 'list'].map((id) => document.getElementById(id).getBoundingClientRect().top)"
    )
    assert tops[0] < tops[1]
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    box = page.locator("[data-verdict=yes]").bounding_box()
    assert 600 < box["y"] < 740
    assert box["height"] >= 44  # for a thumb
    context.close()
