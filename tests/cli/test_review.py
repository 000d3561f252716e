"""`chipwire review` from the shell: sheets made and taken in, and what is missing said in words."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.test_command_line import chipwire
from tests.review.desk import fill


@pytest.fixture
def home(tmp_path: Path) -> Path:
    fill(tmp_path, articles=3)
    return tmp_path


def test_a_sheet_is_made_judged_and_taken_in_once(home: Path) -> None:
    made = chipwire("review", "sheet", "--reviewer", "ann", home=home)
    assert made.stdout.strip() == str(home / "review" / "ann.db")
    with closing(sqlite3.connect(made.stdout.strip())) as browser, browser:
        browser.execute("UPDATE review_items SET verdict = 'n' WHERE id = 1")
    assert "1 label taken, 0 items added" in chipwire("review", "sync", home=home).stderr
    assert "0 labels taken, 0 items added" in chipwire("review", "sync", home=home).stderr


@pytest.mark.parametrize("name", ["../ann", "", ".hidden", "a/b", "x" * 80])
def test_a_name_that_is_no_file_is_refused(home: Path, name: str) -> None:
    done = chipwire("review", "sheet", "--reviewer", name, home=home)
    assert (done.returncode, "use letters" in done.stderr) == (2, True)
    assert not (home / "review").exists()


def test_without_datasette_the_cure_is_named(home: Path) -> None:
    code = (
        "import sys; sys.modules['datasette'] = None\n"
        f"sys.argv = ['chipwire', '--home', {str(home)!r}, 'review']\n"
        "from pipeline.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert 'pip install "chipwire[review]"' in done.stderr
