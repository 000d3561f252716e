"""Workers without processes: for tests and for input that is trusted."""

from collections.abc import Callable, Iterable, Iterator
from typing import Self, TypeVar

from pipeline.adapters.workers.attempt import attempt
from pipeline.ports import WorkerFailure

T = TypeVar("T")
R = TypeVar("R")


class InlineWorkers:
    """Runs every task in the caller's own process, one after another; knows no limits."""

    def run_all(
        self, function: Callable[[T], R], tasks: Iterable[T]
    ) -> Iterator[tuple[T, R | WorkerFailure]]:
        for task in tasks:
            yield task, attempt(function, task)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
