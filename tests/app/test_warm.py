"""What the workers of a watch find loaded, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.app import open_app
from tests.newsdesk import Newsdesk

# The server that workers are forked from is a process' own, and loads what it loads once.
ASKED = """
import sys
from pipeline.app import open_app

def has_statistics(_):
    return "pipeline.adapters.warm_statistics" in sys.modules

if __name__ == "__main__":
    with open_app(sys.argv[1], {}) as app:
        print([answer for _, answer in app.workers.run_all(has_statistics, [0])])
"""


@pytest.mark.parametrize(
    ("languages", "loaded"),
    [
        pytest.param((), False, id="a new watch"),
        pytest.param(("en", "zh", "ko", "ja"), False, id="languages that script and words tell"),
        pytest.param(("en", "de"), True, id="one that only statistics tell"),
    ],
)
def test_the_statistics_of_languages_are_loaded_once_where_they_are_asked_for(
    tmp_path: Path, languages: tuple[str, ...], loaded: bool
) -> None:
    with Store(tmp_path / "chipwire.db") as store:
        news = Newsdesk(store)
        for language in languages:
            article = news.article(f"News in {language}")
            with store.transaction():
                store.execute("UPDATE articles SET language = ? WHERE id = ?", (language, article))
    script = tmp_path / "asked.py"
    script.write_text(ASKED)
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"[{loaded}]"


def test_a_database_that_cannot_be_read_is_left_to_whoever_needs_it(tmp_path: Path) -> None:
    (tmp_path / "chipwire.db").write_bytes(b"no database at all, but some bytes" * 99)
    with open_app(str(tmp_path), {}) as app:
        assert app.languages() == frozenset()
