"""Lines are counted once a page, by site; the counts fade and stay few."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters.store import Store, site_lines
from pipeline.adapters.store.site_lines import WINDOW
from pipeline.steps.extraction.boilerplate import PAGE

LETTER, OLD, NEWS = 11, 12, 1_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "chipwire.db") as store:
        yield store


def count(store: Store, site: str, *lines: int) -> None:
    with store.transaction():
        site_lines.count(store, site, {PAGE, *lines})


def test_each_site_has_counts_of_its_own(store: Store) -> None:
    count(store, "a.test", LETTER, NEWS)
    count(store, "a.test", LETTER, NEWS + 1)
    count(store, "b.test", LETTER)
    wanted = {PAGE, LETTER, NEWS, 99, -(2**63)}
    assert site_lines.pages(store, "a.test", wanted) == {PAGE: 2, LETTER: 2, NEWS: 1}
    assert site_lines.pages(store, "b.test", wanted) == {PAGE: 1, LETTER: 1}
    assert site_lines.pages(store, "c.test", wanted) == {}
    assert site_lines.pages(store, "a.test", ()) == {}


def test_counts_fade_and_what_stood_on_one_page_is_forgotten(store: Store) -> None:
    for number in range(10 * WINDOW):
        count(store, "a.test", NEWS + number, OLD if number < WINDOW else LETTER)
    known = site_lines.pages(store, "a.test", {PAGE, OLD, LETTER})
    assert known[PAGE] < WINDOW
    assert known[LETTER] > known[PAGE] / 2
    assert OLD not in known
    assert store.value("SELECT count(*) FROM site_lines") <= 2 * WINDOW
