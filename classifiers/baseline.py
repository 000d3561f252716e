"""Read the seed: one article of glued parts and the labels a person gave its lines."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from classifiers.errors import BaselineError

KINDS = ("title", "paragraph", "byline", "boilerplate")
STORY_KINDS = ("title", "paragraph")
UNDECIDED = "?"


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of the seed article, as labelled.

    `line` counts from 1 in the article's file; `article` names the part it belongs to ("" for
    by-lines and portal boilerplate). `decided` is False where the labeller wrote "?": such a
    line states something, but trains nothing.
    """

    line: int
    article: str
    kind: str
    topics: tuple[str, ...]
    text: str
    decided: bool = True

    @property
    def trains(self) -> bool:
        """Whether a model may learn from this line."""
        return self.decided and self.kind in STORY_KINDS


def load_baseline(folder: Traversable, *, topics: Collection[str] = ()) -> tuple[Passage, ...]:
    """Return the labelled lines of `article.txt` and `labels.csv` in `folder`, in line order.

    With `topics`, a label outside them is refused. Raises BaselineError.
    """
    lines = (folder / "article.txt").read_text(encoding="utf-8").splitlines()
    labels = io.StringIO((folder / "labels.csv").read_text(encoding="utf-8"))
    table = csv.DictReader(labels, restval="")
    missing = {"line", "article", "kind", "topics", "starts_with"} - set(table.fieldnames or ())
    if missing:
        raise BaselineError(f"labels.csv: no column {min(missing)!r}")
    return tuple(_passage(row, lines, topics) for row in table)


def _passage(row: dict[str, str], lines: Sequence[str], topics: Collection[str]) -> Passage:
    where = f"labels.csv: line {row['line']!r}"
    if not row["line"].isdigit() or not 1 <= int(row["line"]) <= len(lines):
        raise BaselineError(f"{where}: the article has lines 1 to {len(lines)}")
    text = lines[int(row["line"]) - 1].strip()
    if not row["starts_with"] or not text.startswith(row["starts_with"].strip()):
        raise BaselineError(f"{where}: starts with {text[:40]!r}, not {row['starts_with']!r}")
    if row["kind"] not in KINDS:
        raise BaselineError(f"{where}: kind {row['kind']!r} is none of {', '.join(KINDS)}")
    labels = tuple(part for part in row["topics"].split(";") if part)
    decided = UNDECIDED not in labels
    named = labels if decided else ()
    for label in named:
        if topics and label not in topics:
            raise BaselineError(f"{where}: unknown topic {label!r}")
    return Passage(int(row["line"]), row["article"], row["kind"], named, text, decided)


def articles(passages: Sequence[Passage]) -> dict[str, list[Passage]]:
    """Group what belongs to a story by its article, by-lines and boilerplate left out."""
    parts: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.article and passage.kind in STORY_KINDS:
            parts.setdefault(passage.article, []).append(passage)
    return parts
