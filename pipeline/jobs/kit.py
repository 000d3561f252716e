"""What the fetching jobs work with, so that each takes one argument for it."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.adapters.store import Store
from pipeline.ports import Clock, Fetcher, Workers

Progress = Callable[[str, int], None]  # (stage, how many more are done)


def no_progress(_stage: str, _done: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Kit:
    """The outside world of one pass: where to store, whom to ask, who does the heavy work."""

    store: Store
    fetcher: Fetcher
    workers: Workers
    clock: Clock
    progress: Progress = no_progress
