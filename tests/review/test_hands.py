"""Hands that slip, wander or come from elsewhere: no verdict nobody meant, none lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.store import Store
from tests.newsdesk import Newsdesk
from tests.review.desk import ReviewDesk, current, fill, of, reviewing, saved

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewDesk]:
    home: Path = tmp_path_factory.mktemp("hands")
    fill(home, articles=90)
    with Store(home / "chipwire.db") as store:
        news = Newsdesk(store)
        news.mention(80, "TSMC")
        news.mention(81, "TSMC", "Tongfu")
        for article in range(1, 91):
            news.tag(article, {"hbm": 0.7})
        with store.transaction():
            store.execute("UPDATE articles SET text = text || ? WHERE id < 50", ("\n\nMore." * 80,))
    with reviewing(home) as desk:
        yield desk


def reviewer(page: Any) -> str:
    name: str = page.input_value("#who")
    return name


def test_a_double_click_is_one_verdict(desk: ReviewDesk, page: Any) -> None:
    page.dblclick("[data-verdict=yes]")
    saved(page)
    assert len(of(desk, reviewer(page))) == 1


def test_a_key_held_down_is_one_verdict_and_walks_when_it_is_j(desk: ReviewDesk, page: Any) -> None:
    for key in ("n", "j"):
        for _ in range(5):  # the first press, and four of the keyboard's own
            page.keyboard.down(key)
        page.keyboard.up(key)
    saved(page)
    assert len(of(desk, reviewer(page))) == 1
    assert page.locator("#list a").evaluate_all(
        "(links) => links.findIndex((link) => link.ariaCurrent)"
    ) == 6  # fmt: skip


def test_the_next_article_begins_at_its_top(page: Any) -> None:
    page.wait_for_selector("#text p:nth-child(40)")
    page.evaluate("scrollTo(0, 1500)")
    page.keyboard.press("s")
    page.wait_for_function("scrollY === 0")


def test_another_topic_of_the_article_can_be_judged(desk: ReviewDesk, page: Any) -> None:
    title = current(page)
    page.click("#topics button:has-text('bandwidth')")
    assert (page.inner_text("#title"), page.inner_text("#topic")) == (
        title,
        "High-bandwidth memory",
    )
    page.keyboard.press("n")
    saved(page)
    who = reviewer(page)
    assert desk.rows(f"SELECT topic, verdict FROM labels WHERE reviewer = '{who}'") == [
        ("hbm", "no")
    ]


def test_a_note_waits_for_its_verdict_and_outlives_an_undo(desk: ReviewDesk, page: Any) -> None:
    page.keyboard.press("e")
    page.keyboard.type("its customer's fab")
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.input_value("#note") == "its customer's fab"
    for key in ("n", "u"):
        page.keyboard.press(key)
        saved(page)
    assert page.input_value("#note") == "its customer's fab"
    who = reviewer(page)
    assert desk.rows(f"SELECT verdict, note FROM labels WHERE reviewer = '{who}' ORDER BY id") == [
        ("no", "its customer's fab"), ("undo", ""),
    ]  # fmt: skip


def test_undo_gives_back_what_was_said_before(desk: ReviewDesk, page: Any) -> None:
    page.fill("#note", "first")
    page.locator("#note").blur()
    page.keyboard.press("y")
    page.keyboard.press("k")
    page.fill("#note", "second")
    page.locator("#note").blur()
    page.keyboard.press("n")
    page.keyboard.press("u")
    page.keyboard.press("u")  # a note changed on a verdict that stands is a step of its own
    saved(page)
    who = reviewer(page)
    assert desk.rows(
        f"SELECT verdict, note FROM standing_labels WHERE reviewer = '{who}'"
    ) == [("yes", "first")]  # fmt: skip


def test_a_company_half_typed_filters_nothing(page: Any) -> None:
    from playwright.sync_api import expect

    listed = page.locator("#list a").count()
    page.wait_for_selector("#companies option", state="attached")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.fill("#f-company", "TS")
    page.fill("#f-company", "TSMC")
    expect(page.locator("#list a")).to_have_count(2)
    assert ["company=TSMC" in url for url in asked if "company=" in url] == [True]
    page.fill("#f-company", "Nobody")
    page.locator("#f-company").blur()
    page.wait_for_selector("#empty:has-text('Nothing passes these filters')")
    page.click("#clear")
    expect(page.locator("#list a")).to_have_count(listed)


def test_escape_leaves_the_search_as_it_is(page: Any) -> None:
    from playwright.sync_api import expect

    page.keyboard.press("/")
    page.keyboard.type('"Fab report 85"')
    page.keyboard.press("Escape")
    expect(page.locator("#list a")).to_have_count(1)
    assert page.input_value("#query") == '"Fab report 85"'
    page.keyboard.press("y")  # the field has let go of the keys
    saved(page)
    assert page.locator("#list a.yes").count() == 1


def test_many_that_fail_are_said_together(page: Any) -> None:
    page.route("**/label", lambda route: route.abort())
    for key in "ynyny":
        page.keyboard.press(key)
    page.wait_for_selector("#alert:has-text('and 2 more')")
    assert page.locator("#list a.failed").count() == 5
    assert page.locator("#list a.yes, #list a.no").count() == 0


def test_from_another_machine_the_page_asks_for_the_token_once(desk: ReviewDesk, page: Any) -> None:
    page.context.set_extra_http_headers({"x-forwarded-for": "192.0.2.7"})  # as a proxy says it
    page.keyboard.press("y")
    page.wait_for_selector("#entry[open]")
    assert of(desk, reviewer(page)) == []
    page.fill("#token", desk.token())
    page.click("#entry button[value=yes]")
    saved(page)
    page.keyboard.press("n")
    saved(page)
    assert [verdict for _, verdict in of(desk, reviewer(page))] == ["yes", "no"]
    assert page.inner_text("#alert") == ""


def test_without_the_token_nothing_is_marked(desk: ReviewDesk, page: Any) -> None:
    page.context.set_extra_http_headers({"x-forwarded-for": "192.0.2.7"})
    page.keyboard.press("y")
    page.wait_for_selector("#entry[open]")
    page.click("#entry button[value='']")
    page.wait_for_selector("#alert:has-text('review/token')")
    assert page.locator("#list a.failed").count() == 1
    assert of(desk, reviewer(page)) == []


def test_two_reviewers_at_once_lose_nothing(desk: ReviewDesk, chromium: Any) -> None:
    pages = []
    for who in ("cleo", "dan"):
        context = chromium.new_context()
        context.add_init_script(f"localStorage.setItem('chipwire-reviewer', '{who}')")
        pages.append(context.new_page())
        pages[-1].goto(desk.url)
        pages[-1].wait_for_selector("#list a[aria-current]")
    for _ in range(12):  # both judge the same items, in turn
        for page, key in zip(pages, ("y", "n"), strict=True):
            page.keyboard.press(key)
    for page in pages:
        saved(page)
        page.context.close()
    cleo, dan = of(desk, "cleo"), of(desk, "dan")
    assert [verdict for _, verdict in cleo] == ["yes"] * 12
    assert [verdict for _, verdict in dan] == ["no"] * 12
    assert [article for article, _ in cleo] == [article for article, _ in dan]
