"""The generated parts of docs/ say what the code says."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from classifiers import TopicClassifier
from tests.documents.api_page import signature
from tests.documents.pages import DOCS, PAGES, renewed

ROOT = DOCS.parent
LINKS = [
    (page, link)
    for page in (ROOT / "README.md", *sorted(DOCS.glob("*.md")))
    for link in re.findall(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("name", "page"), PAGES.items(), ids=PAGES)
def test_a_page_is_what_would_be_written_now(name: str, page: Callable[[], str]) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == renewed(name, page()), "run `make docs`"


def test_a_default_is_printed_whole() -> None:
    """A number's point once passed for a module's: 10.0 was printed as 0."""
    assert "shrinkage: float = 10.0" in signature(TopicClassifier, "TopicClassifier")


@pytest.mark.parametrize("name", ["configuration.md", "database.md"])
def test_no_row_is_left_without_words(name: str) -> None:
    rows = [
        line for line in (DOCS / name).read_text("utf-8").splitlines() if line.startswith("| `")
    ]
    assert [row for row in rows if row.endswith("|  |")] == []


@pytest.mark.parametrize(("page", "link"), LINKS, ids=lambda part: getattr(part, "name", part))
def test_a_link_leads_to_a_file(page: Path, link: str) -> None:
    assert (page.parent / link).exists()


@pytest.mark.parametrize(
    "path",
    sorted(
        set(
            re.findall(
                r"`((?:pipeline|classifiers|tests|config|benchmarks)/[\w./-]*)`",
                (DOCS / "architecture.md").read_text(encoding="utf-8"),
            )
        )
    ),
)
def test_a_place_in_the_code_is_there(path: str) -> None:
    assert (ROOT / path).exists()
