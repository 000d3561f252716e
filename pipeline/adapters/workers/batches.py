"""Cutting a stream of tasks into batches worth a message to a worker."""

import pickle
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

# A message and its answer cost about 1 ms: a hundredth of this. With .25 s the worker that got
# the last batch worked alone for a twentieth of a pass over 132 pages.
TARGET_S = 0.1
FIRST = 4  # tasks in a batch before their cost is known
MOST = 64
MOST_BYTES = 2_000_000
HOLD_S = 0.05  # a batch waits no longer than this for more tasks while a worker is idle


@dataclass(slots=True)
class Batch(Generic[T]):
    """Tasks that travel together, with their pickled form; `tries` counts dead workers."""

    tasks: list[T] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    tries: int = 0
    born: float = 0.0
    size: int = 0

    def add(self, task: T) -> None:
        payload = pickle.dumps(task)
        self.born = self.born or time.monotonic()
        self.tasks.append(task)
        self.payloads.append(payload)
        self.size += len(payload)

    def split(self) -> "list[Batch[T]]":
        """Return one batch for each task: whoever kills its worker then does so alone."""
        return [
            Batch([task], [payload], self.tries + 1)
            for task, payload in zip(self.tasks, self.payloads, strict=True)
        ]


class Cutter(Generic[T]):
    """Draws tasks only as they are needed; learns how many make a batch.

    Batches given back (`again`) go before new ones.
    """

    def __init__(self, tasks: Iterable[T]) -> None:
        self._source = iter(tasks)
        self._exhausted = False
        self._again: deque[Batch[T]] = deque()
        self._open: Batch[T] = Batch()
        self._wished = FIRST

    @property
    def empty(self) -> bool:
        return self._exhausted and not self._again and not self._open.tasks

    def again(self, batches: Iterable[Batch[T]]) -> None:
        self._again.extend(batches)

    def learn(self, tasks: int, seconds: float) -> None:
        """Set the next batches' length by what the last one cost."""
        each = max(seconds / tasks, TARGET_S / MOST)
        self._wished = max(1, min(MOST, 2 * self._wished, round(TARGET_S / each)))

    def step(self, *, idle: bool) -> Batch[T] | None:
        """Draw at most one task; return a batch that is ready to go.

        With an idle worker, a batch goes out short rather than wait for a slow source.
        """
        if self._again:
            return self._again.popleft()
        if not self._exhausted:
            try:
                self._open.add(next(self._source))
            except StopIteration:
                self._exhausted = True
        full = len(self._open.tasks) >= self._wished or self._open.size >= MOST_BYTES
        late = idle and time.monotonic() - self._open.born > HOLD_S
        if self._open.tasks and (full or late or self._exhausted):
            ready, self._open = self._open, Batch()
            return ready
        return None
