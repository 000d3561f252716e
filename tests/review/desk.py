"""A review page at work for tests: a home with articles, and `chipwire review` serving it."""

import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.store import Store
from pipeline.adapters.store import review as table
from tests.newsdesk import Newsdesk

PAGE = "/-/chipwire/review"
LINES = ("0.65", "1.0")  # of Datasette; the second one where `make test` has put it beside
DATASETTE_1 = Path(sys.prefix) / "datasette1"


def line_environment(line: str) -> dict[str, str]:
    """Return the environment in which a process finds this line of Datasette; skips by name."""
    if line != "1.0":
        return dict(os.environ)
    if not DATASETTE_1.is_dir():
        if os.environ.get("CHIPWIRE_REQUIRE_BROWSER"):
            pytest.fail(f"no Datasette 1.0 in {DATASETTE_1}: `make test` puts it there")
        pytest.skip(f"no Datasette 1.0 in {DATASETTE_1}: `make test` puts it there")
    return {**os.environ, "PYTHONPATH": str(DATASETTE_1)}


@dataclass
class ReviewDesk:
    """Speaks the domain: post a label, count the labels, hold the lock."""

    home: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PAGE}"

    def request(
        self, method: str, path: str, *, body: str = "", **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """Return status, headers and text; header names are written with underscores."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body=body.encode(), headers=named)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return response.status, found, response.read().decode()
        finally:
            connection.close()

    def token(self) -> str:
        return (self.home / "review" / "token").read_text()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.home / "chipwire.db")
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def labels(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT article_id, verdict FROM labels ORDER BY id")


def fill(home: Path, *, articles: int) -> None:
    """Put articles into a new database, all of them to be judged for one topic."""
    with Store(home / "chipwire.db") as store:
        desk = Newsdesk(store)
        with store.transaction():
            for number in range(1, articles + 1):
                desk.article(
                    f"Fab report {number}", text=f"First line.\n\nThe fab grows by {number} %.",
                    outlet=("Wafer Daily", "Chip Times")[number % 2], topics={"foundry": 0.4},
                )  # fmt: skip
            store.execute(
                "UPDATE tags SET evidence = (SELECT substr(text, 14) FROM articles"
                " WHERE id = article_id), terms = ?",
                (json.dumps([["fab", 1.5, 3], ["bias", -2.0, -1]]),),
            )
            table.add_items(
                store,
                [
                    table.Wanted(number, "foundry", 1 - number / 1000, "doubtful")
                    for number in range(1, articles + 1)
                ],
            )


@contextmanager
def reviewing(home: Path, *, line: str = "0.65", traced: bool = False) -> Iterator[ReviewDesk]:
    """Serve a home by `chipwire review` on a free port until the block ends by Ctrl-C.

    Its log shows a traceback if and only if `traced`: the test provoked a fault of ours.
    """
    environment = {**line_environment(line), "PYTHONWARNINGS": "default"}
    process = subprocess.Popen(
        [
            sys.executable, "-c", "from pipeline.cli import main; main()", "--home", str(home),
            "review", "--no-open", "--port", "0",
        ],
        stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        first = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", first)
        assert found, first + process.stderr.read()
        yield ReviewDesk(home, int(found.group(1)))
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=30)[1]
    assert process.returncode == 0, rest
    assert ("Traceback" in rest) is traced, rest


def saved(page: Any) -> None:
    """Wait until nothing is being saved: every verdict is settled."""
    page.wait_for_selector("#list[aria-busy=false]", state="attached")


def current(page: Any) -> str:
    """Return the title of the item that is open."""
    text: str = page.inner_text("#list a[aria-current] .t")
    return text


def of(desk: ReviewDesk, reviewer: str) -> list[tuple[Any, ...]]:
    """Return what a reviewer said, oldest first."""
    return desk.rows(
        f"SELECT article_id, verdict FROM labels WHERE reviewer = '{reviewer}' ORDER BY id"
    )
