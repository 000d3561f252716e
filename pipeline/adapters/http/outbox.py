"""Where working threads leave results for the one that iterates, few at a time."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

STARVED_S = 0.004  # so long without anything, and more threads would help


class Outbox(Generic[T]):
    """A bounded line from the threads that joined to one iterator; it ends when all have left."""

    def __init__(self, *, room: int) -> None:
        lock = threading.Lock()
        # Two conditions: one taken thing wakes one sender, not all.
        self._filled = threading.Condition(lock)
        self._emptied = threading.Condition(lock)
        self._line: deque[T] = deque()
        self._room = room
        self._senders = 0
        self._closed = False

    def join(self) -> None:
        """Say that one sender more is coming."""
        with self._filled:
            self._senders += 1

    def put(self, thing: T) -> None:
        """Wait for room, then add; drops the thing once closed."""
        with self._emptied:
            while len(self._line) >= self._room and not self._closed:
                self._emptied.wait()
            if not self._closed:
                self._line.append(thing)
                self._filled.notify()

    def leave(self) -> None:
        """Say that one sender is gone."""
        with self._filled:
            self._senders -= 1
            self._filled.notify()

    def close(self) -> None:
        """Let no sender wait any more."""
        with self._emptied:
            self._closed = True
            self._line.clear()
            self._emptied.notify_all()

    def taken(self, starved: Callable[[], bool]) -> Iterator[T]:
        """Yield the things; `starved` is called where none came for a while, until it says no."""
        patience: float | None = STARVED_S
        while True:
            with self._filled:
                told = self._filled.wait_for(lambda: self._line or not self._senders, patience)
                if told and not self._line:
                    return
                thing = self._line.popleft() if told else None
                self._emptied.notify()
            if thing is not None:
                yield thing
            elif not starved():
                patience = None
