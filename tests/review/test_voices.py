"""What several reviewers said of one article, in a browser; nobody else's verdicts beside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.store import Store
from pipeline.adapters.store import review as table
from pipeline.models.labels import Label
from tests.newsdesk import NOW
from tests.review.desk import ReviewDesk, fill, reviewing

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewDesk]:
    home: Path = tmp_path_factory.mktemp("voices")
    fill(home, articles=3)
    with Store(home / "chipwire.db") as store:
        for who, verdict in (("ann", "yes"), ("bob", "no")):
            said = Label(3, "foundry", verdict, reviewer=who, note=f"{who}'s why")  # type: ignore[arg-type] # a table of words
            table.record(store, said, now=NOW)
    with reviewing(home) as desk:
        yield desk


def test_who_said_what_stands_beside_the_question(page: Any) -> None:
    page.click("[data-state=disputed]")
    page.wait_for_selector("#voices:not([hidden])")
    assert page.locator("#verdicts-said li").all_inner_texts() == [
        "ann yes: ann's why", "bob no: bob's why",
    ]  # fmt: skip
    assert page.locator("#agreement td").all_inner_texts() == ["0 of 1", "0.00"]
