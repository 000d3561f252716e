"""Verdicts typed in another SQLite browser (sqlite-web): its form sends every column back."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.review.desk import ReviewDesk, fill

# In a process of its own: sqlite-web keeps its connections for ever.
TYPE_IN = """
import json, re, sys
from sqlite_web.sqlite_web import app, initialize_app, key_encode
initialize_app([sys.argv[1]])
client = app.test_client()
page = f"/review_items/update/{key_encode([1])}/"
for changes in json.loads(sys.argv[2]):
    with_form = client.get(page).text
    assert 'name="verdict"' in with_form
    answer = client.post(page, data=changes, follow_redirects=True)
    print(json.dumps(re.findall(r"(Update failed: [^<]*|Successfully updated)", answer.text)))
"""


def types(desk: ReviewDesk, *forms: dict[str, Any]) -> list[str]:
    """Send the update form of row 1 with these fields, one after another; return what it says."""
    done = subprocess.run(
        [sys.executable, "-c", TYPE_IN, str(desk.home / "chipwire.db"), json.dumps(forms)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [" ".join(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.fixture
def desk(tmp_path: Path) -> ReviewDesk:
    fill(tmp_path, articles=2)
    return ReviewDesk(tmp_path, 0)


def whole(desk: ReviewDesk) -> dict[str, Any]:
    """Return row 1 as a form sends it: every column, NULL as an empty text."""
    names = [row[1] for row in desk.rows("PRAGMA table_info(review_items)")]
    (row,) = desk.rows("SELECT * FROM review_items WHERE id = 1")
    return {name: "" if value is None else value for name, value in zip(names, row, strict=True)}


def test_a_form_with_all_columns_makes_one_label_and_the_same_again_none(desk: ReviewDesk) -> None:
    form = {**whole(desk), "verdict": "y"}
    assert types(desk, form, form) == ["Successfully updated"] * 2
    assert desk.labels() == [(1, "yes")]


def test_emptying_the_cell_undoes(desk: ReviewDesk) -> None:
    types(desk, {"verdict": "no"}, {"verdict": ""})
    assert desk.labels() == [(1, "no"), (1, "undo")]


def test_a_wrong_word_is_refused_in_words(desk: ReviewDesk) -> None:
    (said,) = types(desk, {"verdict": "perhaps"})
    assert "verdict must be yes, no or skip" in said
    assert desk.labels() == []
