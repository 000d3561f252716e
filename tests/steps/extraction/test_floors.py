"""Quality on real pages does not fall below what was measured; absent data skips, by name."""

import json
import os
from pathlib import Path

import pytest

from benchmarks.extraction import figures, fingerprint, load
from pipeline.models.articles import PageTask
from pipeline.steps.extraction import extract

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("CHIPWIRE_SHARED", ROOT.parent / "shared"))
PAGES = SHARED / "eval" / "pages"
FLOORS = Path(__file__).parent / "floors.json"


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    if not (PAGES / "truth.jsonl").exists():
        pytest.skip("the development pages are not on this machine")
    pages = load(PAGES)
    if fingerprint(pages) != json.loads(FLOORS.read_text())["data"]:
        pytest.skip("other pages than those the floors were measured on")
    return figures(pages, [extract(PageTask(0, page.url, page.html)) for page in pages])


@pytest.mark.parametrize("figure", ["f1", "precision", "recall", "title", "date"])
def test_a_figure_stays_at_or_above_its_floor(figure: str, measured: dict[str, float]) -> None:
    assert measured[figure] >= json.loads(FLOORS.read_text())[figure]


def test_no_real_article_is_called_a_stub(measured: dict[str, float]) -> None:
    assert measured["stubs"] == 0.0
