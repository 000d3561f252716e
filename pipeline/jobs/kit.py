"""What the fetching jobs work with, so that each takes one argument for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pipeline.adapters.store import Store
from pipeline.ports import Clock, Fetcher, Workers


class Progress(Protocol):
    """Hears what a stage has done: `done` more are done, `due` more were found to do."""

    def __call__(self, stage: str, done: int, /, *, due: int = 0) -> None: ...


Stop = Callable[[], bool]  # asked between batches: whether to leave the rest for the next pass


def no_progress(_stage: str, _done: int, /, *, due: int = 0) -> None:
    """Tell nobody."""


def never() -> bool:
    """Let the work go on to its end."""
    return False


@dataclass(frozen=True, slots=True)
class Kit:
    """The outside world of one pass: where to store, whom to ask, who does the heavy work."""

    store: Store
    fetcher: Fetcher
    workers: Workers
    clock: Clock
    progress: Progress = no_progress
    stop: Stop = never
