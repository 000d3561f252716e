"""Progress of long work on a terminal: one line a stage, on stderr."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

FIRST = "reading"
TITLES = {
    FIRST: "reading topics, companies and feeds",
    "feeds": "polling feeds",
    "pages": "fetching and cleaning pages",
    "tags": "tagging articles",
    "train": "training and judging a model",
    "stories": "grouping stories",
    "digests": "composing digests",
}


class Stages:
    """Counts what each stage has done: live on a terminal, a line at the end elsewhere."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._counts: dict[str, int] = {}
        self._due: dict[str, int] = {}
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "Stages":
        if self._enabled and sys.stderr.isatty():
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            from pipeline.cli.output import console

            self._bars = Progress(
                SpinnerColumn(finished_text="✓"),
                TextColumn("{task.description}"),
                TextColumn("{task.fields[facts]}"),
                TimeElapsedColumn(),
                console=console(stderr=True),
            )
            self._bars.start()
            self._begin(FIRST, "")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def advance(self, stage: str, done: int, /, *, due: int = 0) -> None:
        """Note that a stage has done that many more, or has found so many more to do."""
        count = self._counts[stage] = self._counts.get(stage, 0) + done
        self._due[stage] = self._due.get(stage, 0) + due
        facts = f"{count:,} of {self._due[stage]:,}" if self._due[stage] > count else f"{count:,}"
        if self._bars is not None:
            if stage not in self._tasks:
                self._begin(stage, facts)
            self._bars.update(self._tasks[stage], facts=facts)

    def close(self) -> None:
        """Stop drawing; without a terminal, say once what was done."""
        if self._bars is not None:
            self._finish()
            self._bars.stop()
            self._bars = None
        elif self._enabled:
            for stage, count in self._counts.items():
                click.echo(f"{TITLES.get(stage, stage)}: {count}", err=True)
        self._enabled = False

    def _begin(self, stage: str, facts: str) -> None:
        """Draw a stage's line; the one before it is done."""
        self._finish()
        if self._bars is not None:
            self._tasks[stage] = self._bars.add_task(
                TITLES.get(stage, stage), total=None, facts=facts
            )

    def _finish(self) -> None:
        if self._bars is not None:
            for task in self._tasks.values():
                self._bars.update(task, total=1, completed=1)
