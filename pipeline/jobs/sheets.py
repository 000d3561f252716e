"""Exchange verdicts with reviewers' sheets: take what is new, add what the queue has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline.adapters.store import Store
from pipeline.adapters.store import review as table
from pipeline.adapters.store import sheet as sheets
from pipeline.errors import StoreError, StoreLocked
from pipeline.models.labels import VERDICTS, Label, Verdict
from pipeline.steps.browser_project import project

UNDO: Verdict = "undo"


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What became of one sheet; `deferred` says why it has to wait, "" if it did not."""

    path: Path
    labels: int = 0
    added: int = 0
    deferred: str = ""


def sync_all(store: Store, folder: Path, *, now: datetime) -> list[SheetReport]:
    """Exchange with every sheet of a folder; one that is locked or damaged delays no other."""
    return [sync(store, path, now=now) for path in sorted(folder.glob("*.db"))]


def sync(store: Store, path: Path, *, now: datetime) -> SheetReport:
    """Take a sheet's new verdicts, exactly one label each, and top it up. Never waits for it."""
    labels = added = 0
    try:
        labels = take(store, path.stem, sheets.read(path), now=now)
        added = sheets.write(path, path.stem, sheets.queue(store))
    except StoreLocked as error:
        if error.what.startswith(str(store.path)):
            raise  # our own database: the caller's business
        return SheetReport(path, labels, deferred=error.what)
    except StoreError as error:
        return SheetReport(path, labels, deferred=str(error))
    return SheetReport(path, labels, added)


def take(store: Store, name: str, cells: Sequence[sheets.Cell], *, now: datetime) -> int:
    """Append a label for each cell that says something else than when it was last read."""
    before = sheets.taken(store, name)
    changed = [
        (cell, label)
        for cell in cells
        if (label := change(cell, before.get((cell.article_id, cell.topic)), name))
        and store.value("SELECT 1 FROM articles WHERE id = ?", (cell.article_id,))
    ]
    if not changed:
        return 0
    with store.transaction():
        sheets.remember(
            store, name, [replace(cell, reviewer=said.reviewer) for cell, said in changed]
        )
        return sum(table.record(store, said, now=now) for _, said in changed)


def change(cell: sheets.Cell, last: sheets.Cell | None, name: str) -> Label | None:
    said = (cell.verdict, cell.note)
    if said == ((last.verdict, last.note) if last else ("", "")):
        return None
    verdict = next((word for word in VERDICTS if word == cell.verdict), UNDO)
    # Whoever clears a verdict takes back the verdict of the one who gave it.
    who = last.reviewer if last and not cell.verdict else cell.reviewer or name
    return Label(
        cell.article_id, cell.topic, verdict, reviewer=who, note=cell.note, origin=f"sheet:{name}"
    )


def make(store: Store, folder: Path, reviewer: str) -> SheetReport:
    """Write a reviewer's sheet and the project that opens it, or top it up."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{reviewer}.db"
    added = sheets.write(path, reviewer, sheets.queue(store))
    path.with_suffix(".sqbpro").write_text(project(path.name), encoding="utf-8")
    return SheetReport(path, added=added)
