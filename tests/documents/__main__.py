"""Writes the generated documents anew: `python -m tests.documents`."""

from pathlib import Path

from tests.documents import faults_page

DOCS = Path(__file__).resolve().parents[2] / "docs"

(DOCS / "faults.md").write_text(faults_page.written(), encoding="utf-8")
