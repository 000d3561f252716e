"""The review page in a real browser: every key a label, undo, failure, reload, strangers, axe."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.store import Store
from pipeline.adapters.store import review as table
from tests.review.desk import PAGE, ReviewDesk, current, fill, of, reviewing, saved

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewDesk]:
    home = tmp_path_factory.mktemp("page")
    fill(home, articles=420)
    with reviewing(home) as desk:
        yield desk


@contextmanager
def another_writer(home: Path) -> Iterator[None]:
    """Write to the database in short transactions all the while, as the daemon does."""
    stop = threading.Event()

    def write() -> None:
        with Store(home / "chipwire.db") as store:
            while not stop.wait(0.005):
                with store.transaction():
                    store.execute("UPDATE feeds SET failures = failures + 1")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_two_hundred_keys_make_two_hundred_labels(desk: ReviewDesk, page: Any) -> None:
    keys = ["y", "n", "s", "y", "n"] * 40
    with another_writer(desk.home):
        for key in keys:
            page.keyboard.press(key)
        saved(page)
    said = of(desk, "test_two_hundred_keys_make_two_hundred_labels")
    assert len(said) == 200
    assert len({article for article, _ in said}) == 200
    words = {"y": "yes", "n": "no", "s": "skip"}
    assert [verdict for _, verdict in said] == [words[key] for key in keys]
    assert page.inner_text("#alert") == ""


def test_undo_restores_twenty_also_after_a_reload(desk: ReviewDesk, page: Any) -> None:
    name = "test_undo_restores_twenty_also_after_a_reload"
    for _ in range(20):
        page.keyboard.press("y")
    saved(page)
    page.reload()
    page.wait_for_selector("#list a[aria-current]")
    for _ in range(20):
        page.keyboard.press("u")
    saved(page)
    said = of(desk, name)
    assert [verdict for _, verdict in said] == ["yes"] * 20 + ["undo"] * 20
    assert [article for article, _ in said[20:]] == [article for article, _ in said[:20]][::-1]
    assert desk.rows(f"SELECT count(*) FROM standing_labels WHERE reviewer = '{name}'") == [(0,)]
    opened = ",".join(str(article) for article, _ in said[:20])
    assert desk.rows(
        f"SELECT count(*) FROM review_items WHERE verdict IS NULL AND article_id IN ({opened})"
    ) == [(20,)]


def test_a_failed_save_is_unmarked_and_said(desk: ReviewDesk, page: Any) -> None:
    before, title = len(desk.labels()), current(page)
    page.route("**/label", lambda route: route.abort())
    page.keyboard.press("y")
    page.wait_for_selector("#alert:not(:empty)")
    assert f"Not saved, marked as it was before: {title}" in page.inner_text("#alert")
    assert page.locator("#list a.failed").count() == 1
    assert page.locator("#list a.yes").count() == 0
    page.unroute("**/label")
    page.keyboard.press("k")
    page.keyboard.press("y")
    saved(page)
    assert len(desk.labels()) == before + 1


def test_a_locked_database_is_said_on_the_page(desk: ReviewDesk, page: Any) -> None:
    browser = sqlite3.connect(desk.home / "chipwire.db", isolation_level=None)
    browser.execute("BEGIN IMMEDIATE")
    page.keyboard.press("n")
    page.wait_for_selector("#alert:not(:empty)")
    browser.execute("ROLLBACK")
    browser.close()
    assert "save or close it there" in page.inner_text("#alert")


def test_a_reload_keeps_the_place(page: Any) -> None:
    for _ in range(7):
        page.keyboard.press("j")
    here = current(page)
    page.reload()
    page.wait_for_selector("#list a[aria-current]")
    assert current(page) == here


def test_the_link_of_a_digest_opens_the_page_at_the_article(desk: ReviewDesk, page: Any) -> None:
    before = desk.labels()
    page.goto(f"{desk.url}?article=7&topic=foundry")
    page.wait_for_selector("#sheet:not([hidden])")
    assert page.inner_text("#title") == "Fab report 7"
    assert page.inner_text("#topic") == "foundry" or page.inner_text("#topic") == "Foundry"
    assert desk.labels() == before  # opening writes nothing
    page.keyboard.press("n")
    saved(page)
    assert desk.labels()[-1] == (7, "no")


def test_the_evidence_is_marked_and_the_terms_carry_signs(page: Any) -> None:
    page.wait_for_selector("#text mark")
    assert page.inner_text("#text mark").startswith("The fab grows by")
    assert page.locator("#terms li").all_inner_texts() == ["bias −2.00", "fab +1.50"]


def test_yes_to_all_asks_first_and_one_undo_takes_it_back(desk: ReviewDesk, page: Any) -> None:
    from playwright.sync_api import expect

    name = "test_yes_to_all_asks_first_and_one_undo_takes_it_back"
    page.wait_for_selector("#f-outlet option[value='Chip Times']", state="attached")
    page.select_option("#f-outlet", "Chip Times")
    expect(page.locator("#list a:has-text('Wafer Daily')")).to_have_count(0)
    page.locator("#f-outlet").blur()
    listed = page.locator("#list a").count()
    page.keyboard.press("Shift+Y")
    page.click("#sure-all button[value=yes]")
    expect(page.locator("#list a.yes")).to_have_count(listed)
    page.keyboard.press("u")
    saved(page)
    verdicts = [verdict for _, verdict in of(desk, name)]
    assert listed > 0
    assert verdicts == ["yes"] * listed + ["undo"] * listed


def test_a_topic_the_model_missed_is_added(desk: ReviewDesk, page: Any) -> None:
    """Also by a hand faster than the article: until it is here, there is nothing to choose."""
    page.route("**/article/*.json*", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.keyboard.press("j")
    assert page.is_disabled("#missed")
    page.select_option("#missed", "hbm")
    saved(page)
    assert desk.rows("SELECT verdict FROM labels WHERE topic = 'hbm'") == [("yes",)]


def test_the_figures_of_the_last_training_stand_on_the_page(desk: ReviewDesk, page: Any) -> None:
    figures = {"before": {"micro_f1": 0.5}, "after": {"micro_f1": 0.75}, "reason": "better"}
    with Store(desk.home / "chipwire.db") as store, store.transaction():
        store.execute(
            "INSERT OR REPLACE INTO models (id, created_at, sha256, trained_on, metrics, active)"
            " VALUES ('m1', '2026-11-23T07:00:00Z', 'x', ?, ?, 1)",
            (json.dumps({"labels": 12}), json.dumps(figures)),
        )
    page.reload()
    page.wait_for_selector("#figures:not([hidden])")
    assert page.locator("#figures td").all_inner_texts() == ["0.5", "0.75"]
    assert page.inner_text("#model") == "2026-11-23, from 12 labels: in use. better"


def test_hostile_text_is_only_text(chromium: Any, tmp_path: Path) -> None:
    fill(tmp_path, articles=2)
    nasty = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    with Store(tmp_path / "chipwire.db") as store, store.transaction():
        store.execute("DELETE FROM review_items")
        store.execute(
            "UPDATE articles SET title = ?1, text = ?1, site = ?1, url = 'javascript:x//' || id",
            (nasty,),
        )
        store.execute("UPDATE tags SET evidence = ?, terms = ?", (nasty, '[["<b>x</b>", 1, 0]]'))
        table.add_items(store, [table.Wanted(1, "foundry", 1, "<i>")])
    with reviewing(tmp_path) as desk:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(desk.url)
        page.wait_for_selector("#text mark")
        assert page.inner_text("#title") == nasty
        assert "owned" not in page.title().replace(nasty, "")
        assert page.locator("#article img, #article script, #list img, #terms b b").count() == 0
        assert page.locator("a[href^='javascript']").count() == 0
        context.close()


def test_the_page_is_the_address_in_mails(desk: ReviewDesk) -> None:
    from pipeline.steps.digest.words import WRONG_TOPIC_PATH

    assert WRONG_TOPIC_PATH == PAGE
    assert desk.url.endswith(PAGE)
