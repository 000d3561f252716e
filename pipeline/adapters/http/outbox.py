"""Where working threads leave results for the one that iterates, few at a time."""

import threading
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Outbox(Generic[T]):
    """A bounded line from `senders` threads to one iterator, which ends when all have left."""

    def __init__(self, *, room: int, senders: int) -> None:
        self._changed = threading.Condition()
        self._line: deque[T] = deque()
        self._room = room
        self._senders = senders
        self._closed = False

    def put(self, thing: T) -> None:
        """Wait for room, then add; drops the thing once closed."""
        with self._changed:
            while len(self._line) >= self._room and not self._closed:
                self._changed.wait()
            if not self._closed:
                self._line.append(thing)
                self._changed.notify_all()

    def leave(self) -> None:
        """Say that one sender is gone."""
        with self._changed:
            self._senders -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """Let no sender wait any more."""
        with self._changed:
            self._closed = True
            self._line.clear()
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        while True:
            with self._changed:
                while not self._line and self._senders:
                    self._changed.wait()
                if not self._line:
                    return
                thing = self._line.popleft()
                self._changed.notify_all()
            yield thing
