"""Verdicts typed in another browser, each a real program on the live file: sqlite-web's forms and
the edit dialog of Datasette 1.0."""

import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

import pytest

from tests.review.desk import ReviewDesk, fill, line_environment

WORDS = "verdict must be yes, no or skip (empty = undo)"
KEPT = "clear its verdict instead of deleting it"


class Typist(Protocol):
    """A person at a SQLite browser."""

    desk: ReviewDesk

    def types(self, row: int, verdict: str) -> str:
        """Save the form of a row with this verdict in it; return what the browser says."""
        ...

    def deletes(self, row: int) -> str:
        """Ask for a row to be deleted; return what the browser says."""
        ...


@contextmanager
def program(code: str, *arguments: str, env: dict[str, str], says: str) -> Iterator[str]:
    """Run a Python program on a free port until the block ends; yield what its output said."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code, *arguments, "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env,
    )  # fmt: skip
    assert process.stdout is not None
    said = ""
    try:
        while not re.search(says, said):
            line = process.stdout.readline()
            assert line, said
            said += line
        yield said
    finally:
        process.terminate()
        process.communicate(timeout=30)


class SqliteWeb:
    """sqlite-web: HTML forms that send every column back, NULL as an empty text."""

    def __init__(self, desk: ReviewDesk, address: str) -> None:
        self.desk = desk
        self._address = address
        self._open = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        ).open

    def _get(self, path: str, form: dict[str, Any] | None = None) -> str:
        data = None if form is None else urlencode(form).encode()
        text: str = self._open(self._address + path, data).read().decode()
        return text

    def _row(self, row: int, action: str) -> str:
        listed = self._get("/review_items/content/?ordering=1")
        keys = re.findall(rf"/review_items/{action}/([^/]+)/", listed)
        return f"/review_items/{action}/{keys[row - 1]}/"

    def types(self, row: int, verdict: str) -> str:
        names = [column[1] for column in self.desk.rows("PRAGMA table_info(review_items)")]
        (values,) = self.desk.rows(f"SELECT * FROM review_items WHERE id = {row}")
        whole = {n: "" if v is None else v for n, v in zip(names, values, strict=True)}
        return self._get(self._row(row, "update"), {**whole, "verdict": verdict})

    def deletes(self, row: int) -> str:
        return self._get(self._row(row, "delete"), {})


class DatasetteDialog:
    """The dialog on a row's page of Datasette 1.0, logged in as root."""

    def __init__(self, desk: ReviewDesk, page: Any, address: str) -> None:
        self.desk = desk
        self._page = page
        self._address = address

    def _choose(self, row: int, action: str) -> None:
        # A save reloads its page, and Playwright waits for ever to close one that is on its way.
        self._page = self._page.context.new_page()
        self._page.goto(f"{self._address}/chipwire/review_items/{row}")
        self._page.click("summary:has-text('Row actions')")
        self._page.click(f"button.action-menu-button:has-text('{action}')")
        self._page.wait_for_selector("dialog[open]")

    def _press(self, button: str) -> str:
        """Press a button of the dialog; return what it says if it stays, else what follows."""
        from playwright.sync_api import TimeoutError as TookTooLong

        with self._page.expect_response(lambda answer: answer.request.method == "POST") as saved:
            self._page.click(f"dialog[open] button:has-text('{button}')")
        # Not `finished()`: it waits for ever where the dialog reloads the page over its answer.
        if not saved.value.ok:
            with suppress(TookTooLong):
                self._page.wait_for_selector("dialog[open] :text('verdict')")
            text: str = self._page.inner_text("dialog[open]")
            return text
        return "saved"

    def types(self, row: int, verdict: str) -> str:
        self._choose(row, "Edit")
        self._page.wait_for_selector("dialog[open] [name=verdict]")
        self._page.fill("dialog[open] [name=verdict]", verdict)
        return self._press("Save")

    def deletes(self, row: int) -> str:
        self._choose(row, "Delete")
        return self._press("Delete")


@contextmanager
def sqlite_web(desk: ReviewDesk) -> Iterator[SqliteWeb]:
    code = "from sqlite_web.sqlite_web import main; main()"
    database = str(desk.home / "chipwire.db")
    with program(
        code, database, "--no-browser", env=line_environment("0.65"), says=r"Running on"
    ) as said:
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert address, said
        yield SqliteWeb(desk, address.group(0))


@contextmanager
def dialog(desk: ReviewDesk, chromium: Any) -> Iterator[DatasetteDialog]:
    code = "from datasette.cli import cli; cli()"
    database = str(desk.home / "chipwire.db")
    with program(
        code, "serve", database, "--root", env=line_environment("1.0"), says="Uvicorn running"
    ) as said:
        door = re.search(r"(http://127\.0\.0\.1:\d+)/\S+token=\w+", said)
        assert door, said
        context = chromium.new_context()
        page = context.new_page()
        page.goto(door.group(0))
        yield DatasetteDialog(desk, page, door.group(1))


BROWSERS = ["sqlite-web", pytest.param("Datasette's dialog", marks=pytest.mark.browser)]


@pytest.fixture(scope="module", params=BROWSERS)
def typist(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Typist]:
    home: Path = tmp_path_factory.mktemp("browsers")
    fill(home, articles=4)
    desk = ReviewDesk(home, 0)
    if request.param == "sqlite-web":
        with sqlite_web(desk) as web:
            yield web
    else:
        with dialog(desk, request.getfixturevalue("chromium")) as datasette:
            yield datasette


def of(typist: Typist, row: int) -> list[str]:
    return [verdict for article, verdict in typist.desk.labels() if article == row]


def test_a_typed_verdict_makes_one_label_and_the_same_again_none(typist: Typist) -> None:
    for same in ("y", "YES", " y "):
        typist.types(1, same)
    assert of(typist, 1) == ["yes"]


def test_clearing_the_cell_undoes(typist: Typist) -> None:
    typist.types(2, "no")
    typist.types(2, "")
    assert of(typist, 2) == ["no", "undo"]


def test_a_wrong_word_is_refused_in_words(typist: Typist) -> None:
    assert WORDS in typist.types(3, "perhaps")
    assert of(typist, 3) == []


def test_a_judged_row_cannot_be_deleted(typist: Typist) -> None:
    typist.types(4, "n")
    assert KEPT in typist.deletes(4)
    assert of(typist, 4) == ["no"]
    assert typist.desk.rows("SELECT verdict FROM review_items WHERE id = 4") == [("no",)]
