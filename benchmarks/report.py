"""Puts what the benchmarks found into the README's table and its picture."""

from pathlib import Path

from benchmarks import measures
from benchmarks.picture import picture
from benchmarks.results import Results, table
from pipeline.steps import plots

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "images" / "benchmarks.svg"
BEGIN, END = "<!-- written by python -m benchmarks -->\n", "<!-- until here -->\n"


def write(results: Results) -> None:
    README.write_text(renewed(README.read_text("utf-8"), results), encoding="utf-8")
    PICTURE.write_text(drawn(results), encoding="utf-8")


def renewed(page: str, results: Results) -> str:
    """Return the page with the table anew. Raises ValueError where it has no place for it."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the README does not say where the table stands: {BEGIN}{END}")
    lines = "".join(f"{line}\n" for line in table(in_order(results)))
    return f"{before}{BEGIN}{lines}{END}{after}"


def drawn(results: Results) -> str:
    return plots.svg(picture(in_order(results)))


def in_order(results: Results) -> Results:
    """Return what was found as a whole run finds it; what is no longer measured is left out."""
    return {name: results[name] for name in measures.NAMES if name in results}
