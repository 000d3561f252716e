"""Where working threads leave results for the one that iterates, few at a time."""

import threading
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Outbox(Generic[T]):
    """A bounded line from `senders` threads to one iterator, which ends when all have left."""

    def __init__(self, *, room: int, senders: int) -> None:
        lock = threading.Lock()
        # Two conditions: one taken thing wakes one sender, not all.
        self._filled = threading.Condition(lock)
        self._emptied = threading.Condition(lock)
        self._line: deque[T] = deque()
        self._room = room
        self._senders = senders
        self._closed = False

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

    def __iter__(self) -> Iterator[T]:
        while True:
            with self._filled:
                while not self._line and self._senders:
                    self._filled.wait()
                if not self._line:
                    return
                thing = self._line.popleft()
                self._emptied.notify()
            yield thing
