"""The whole way over loopback HTTP into a real SQLite file: `chipwire run --sample`, twice."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

RUN = [sys.executable, "-c", "from pipeline.cli import main; main()"]
# what a person or a script reads; polling state (feeds, hosts) may move, content may not
CONTENT = (
    "articles", "article_urls", "article_versions", "sightings", "tags", "mentions", "stories",
    "updates", "labels", "review_items", "digests", "digest_stories", "baseline",
    "site_lines",
)  # fmt: skip


def chipwire(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RUN, "--home", str(home), *arguments],
        capture_output=True, text=True, timeout=300, check=False, env=with_program_on_path(),
    )  # fmt: skip


def with_program_on_path() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def content(home: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(home / "chipwire.db")
    try:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in CONTENT
        }
    finally:
        connection.close()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    home = tmp_path_factory.mktemp("sample") / "home"
    done = chipwire(home, "run", "--sample")
    assert done.returncode == 0, done.stderr
    return home, done.stdout


def test_the_pass_ends_with_a_digest_and_the_next_commands(watched: tuple[Path, str]) -> None:
    home, printed = watched
    assert f"database: {home / 'chipwire.db'}" in printed
    assert printed.count(f"chipwire --home {home}") == 2
    topics = {row[0] for row in query(home, "SELECT DISTINCT topic FROM tags WHERE tagged = 1")}
    assert len(topics) >= 5


def query(home: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(home / "chipwire.db")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_every_stage_left_its_mark(watched: tuple[Path, str]) -> None:
    home, _ = watched
    for sql, least in (
        ("SELECT count(*) FROM feeds WHERE failures = 0 AND last_ok_at IS NOT NULL", 5),
        ("SELECT count(*) FROM articles WHERE text_source = 'page' AND length(text) > 200", 50),
        ("SELECT count(*) FROM tags", 8 * 50),
        ("SELECT count(*) FROM mentions", 50),
        ("SELECT count(*) FROM stories", 10),
        ("SELECT count(DISTINCT language) FROM articles WHERE language <> ''", 4),
        ("SELECT count(*) FROM digests", 1),
        ("SELECT count(*) FROM runs", 1),
    ):
        assert query(home, sql)[0][0] >= least, sql


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "nothing was due", id="a pass right away finds nothing due"),
        pytest.param(["--force"], "unchanged", id="a forced one is told nothing has changed"),
    ],
)
def test_a_second_pass_writes_no_content(
    watched: tuple[Path, str], arguments: list[str], said: str
) -> None:
    home, _ = watched
    before = content(home)
    done = chipwire(home, "run", "--sample", *arguments)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
    assert content(home) == before


def test_listings_and_search_read_what_was_stored(watched: tuple[Path, str]) -> None:
    home, _ = watched
    listed = json.loads(chipwire(home, "list", "--topic", "hbm", "--json").stdout)
    assert listed
    assert all("hbm" in [tag["topic"] for tag in row["topics"]] for row in listed)
    found = json.loads(chipwire(home, "search", "ASML", "--json").stdout)
    assert found
    status = json.loads(chipwire(home, "status", "--json").stdout)
    assert status["articles"] >= 50
    assert status["pages_due"] == 0
