"""Writes the generated documents anew: `python -m tests.documents`."""

from tests.documents import faults_page
from tests.documents.pages import DOCS, PAGES, renewed

for name, below in {**PAGES, "faults.md": faults_page.written}.items():
    (DOCS / name).write_text(renewed(name, below()), encoding="utf-8")
