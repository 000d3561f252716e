"""The reference pages of docs/: an introduction by hand, and what the code says below it."""

from collections.abc import Callable
from pathlib import Path

from tests.documents import api_page, configuration_page, database_page, topics_page

DOCS = Path(__file__).resolve().parents[2] / "docs"
MARK = "<!-- written by `make docs` from here on -->\n"
PAGES: dict[str, Callable[[], str]] = {
    "api.md": api_page.written,
    "configuration.md": configuration_page.written,
    "database.md": database_page.written,
    "topics.md": topics_page.written,
}


def renewed(name: str, below: str) -> str:
    """Return the page with its introduction as it is and the rest as given."""
    introduction, mark, _ = (DOCS / name).read_text(encoding="utf-8").partition(MARK)
    if not mark:
        raise ValueError(f"{name} does not say where its written part begins: {MARK}")
    return f"{introduction}{MARK}\n{below}"
