"""Workers in killable processes, by pebble: limits per task, and a death costs one task.

Each process has a pebble pool, and so pipes and locks, of its own: a worker killed while
it holds a lock or half a message takes nothing with it but its slot, which is replaced.
"""

import multiprocessing
import pickle
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import cached_property
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pipeline.adapters.workers.batches import Batch, Cutter
from pipeline.adapters.workers.child import WALL_FACTOR, enter, run_batch, why_it_died
from pipeline.adapters.workers.server import MANNERS, ensure_running
from pipeline.models.policies import WorkPolicy
from pipeline.ports import WorkerFailure

T = TypeVar("T")
R = TypeVar("R")

DEPTH = 2  # batches per worker: one running, one waiting in the pipe while we store results
SLACK_S = 20.0  # beyond the worker's own alarms: it was stopped, or its pipe is broken
MOST_TRIES = 3  # a batch whose worker could not even start so often is given up


class PebbleWorkers:
    """Processes that start with the first task and end with `close()` or the `with` block.

    Each `run_all` borrows processes of its own, so that one may feed another and threads
    may run side by side; what it borrowed is kept warm for the next. `warm_up`, a
    top-level function, runs once in each new process before its memory is measured:
    imports and models loaded there do not count against `policy.memory_mib`. The modules
    `preload` are imported once, by the server that all workers are forked from.
    `policy.timeout_s` is processor time; six times as much may pass on the clock.
    """

    def __init__(
        self,
        policy: WorkPolicy,
        *,
        warm_up: Callable[[], object] | None = None,
        preload: Sequence[str] = (),
    ) -> None:
        self._policy = policy
        self._warm_up = warm_up
        # Not fork: forking a process that has threads is undefined, and Python 3.12 warns.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([MANNERS, *preload])
        self._idle: list[_Slot] = []

    def run_all(
        self, function: Callable[[T], R], tasks: Iterable[T]
    ) -> Iterator[tuple[T, R | WorkerFailure]]:
        cutter = Cutter(tasks)
        slots: list[_Slot] = []
        try:
            while not cutter.empty or any(slot.pending for slot in slots):
                self._fill(slots, cutter, function)
                yield from self._settle(slots, cutter)
        finally:
            self._give_back(slots)

    def _fill(self, slots: "list[_Slot]", cutter: Cutter[T], function: Callable[[T], R]) -> None:
        """Hand out batches until every worker has enough or an answer has come."""
        while not cutter.empty and not any(slot.answered for slot in slots):
            slot = self._free_slot(slots)
            if slot is None:
                return
            batch = cutter.step(idle=not slot.pending)
            if batch is not None:
                slot.submit(function, batch, self._policy.timeout_s)

    def _free_slot(self, slots: "list[_Slot]") -> "_Slot | None":
        least = min(slots, key=lambda slot: len(slot.pending), default=None)
        if least is not None and not least.pending and not least.worn:
            return least
        # a worker's start costs half a second: another only when the first has all it can hold
        full = all(slot.worn or len(slot.pending) >= DEPTH for slot in slots)
        if len(slots) < self._policy.processes and (self._idle or full):
            slots.append(self._idle.pop() if self._idle else _Slot(self._policy, self._start))
            return slots[-1]
        ready = [slot for slot in slots if len(slot.pending) < DEPTH and not slot.worn]
        return min(ready, key=lambda slot: len(slot.pending), default=None)

    def _start(self) -> ProcessPool:
        ensure_running()
        return ProcessPool(
            max_workers=1,
            initializer=enter,
            initargs=(self._policy.memory_mib, self._warm_up),
            context=self._context,
        )

    def _settle(self, slots: "list[_Slot]", cutter: Cutter[T]) -> Iterator[tuple[T, Any]]:
        """Wait for an answer; yield what came, replace workers that died or wore out."""
        futures = [future for slot in slots for future in slot.pending]
        wait(futures, timeout=1.0, return_when=FIRST_COMPLETED)
        for slot in tuple(slots):
            yield from slot.collect(cutter)
            if slot.broken or slot.overdue:
                slots.remove(slot)
                yield from slot.abandon(cutter)
            elif slot.worn and not slot.pending:
                slots.remove(slot)
                slot.stop()

    def _give_back(self, slots: "list[_Slot]") -> None:
        for slot in slots:
            if slot.pending or slot.worn:
                slot.stop()
            else:
                self._idle.append(slot)

    def close(self) -> None:
        """End every process that waits for work. Idempotent; a later task starts new ones."""
        while self._idle:
            self._idle.pop().stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Slot:
    """One worker process and the batches it was given; started with the first of them.

    A pass with nothing due, or one that only hears "not modified", starts none.
    """

    def __init__(self, policy: WorkPolicy, start: Callable[[], ProcessPool]) -> None:
        self._start = start
        self._policy = policy
        self._served = 0
        self._changed_at = time.monotonic()
        self._death: BaseException | None = None
        self.pending: dict[Future[Any], Batch[Any]] = {}

    @cached_property
    def _pool(self) -> ProcessPool:
        return self._start()

    @property
    def answered(self) -> bool:
        return any(future.done() for future in self.pending)

    @property
    def worn(self) -> bool:
        return self._served >= self._policy.recycle_after

    @property
    def broken(self) -> bool:
        return self._death is not None

    @property
    def overdue(self) -> bool:
        """True if nothing came for longer than the worker's own alarms would have let pass."""
        limit = self._policy.timeout_s * WALL_FACTOR + SLACK_S
        return bool(self.pending) and time.monotonic() - self._changed_at > limit

    def submit(
        self, function: Callable[[Any], object], batch: Batch[Any], timeout_s: float
    ) -> None:
        if not self.pending:
            self._changed_at = time.monotonic()
        self._served += len(batch.tasks)
        try:
            future = self._pool.schedule(run_batch, args=(function, batch.payloads, timeout_s))
        except RuntimeError as error:  # its idle worker was killed: pebble gave the pool up
            future = ProcessFuture()
            future.set_exception(error)
        self.pending[future] = batch

    def collect(self, cutter: Cutter[Any]) -> Iterator[tuple[Any, Any]]:
        """Yield the answers of finished batches, oldest first, up to a death."""
        for future in tuple(self.pending):
            if not future.done() or self.broken:
                return
            try:
                answers, seconds = future.result()
            # ProcessExpired is an OSError, a pool that pebble gave up a RuntimeError.
            except (OSError, RuntimeError, MemoryError) as error:
                self._death = error
                return
            batch = self.pending.pop(future)
            self._changed_at = time.monotonic()
            cutter.learn(len(answers), seconds)
            for task, packed in zip(batch.tasks, answers, strict=True):
                answer = pickle.loads(packed)  # noqa: S301 - made by our own worker
                if isinstance(answer, WorkerFailure) and answer.reason == "memory":
                    self._served = self._policy.recycle_after  # C libraries rarely recover
                yield task, answer

    def abandon(self, cutter: Cutter[Any]) -> Iterator[tuple[Any, WorkerFailure]]:
        """End the worker. Yield the task that was alone with it; the others go again."""
        self.stop()
        running, *waiting = self.pending.values()
        self.pending.clear()
        if len(running.tasks) > 1:
            cutter.again(running.split())
        elif self._unexplained and running.tries < MOST_TRIES:
            running.tries += 1
            cutter.again([running])
        else:
            yield running.tasks[0], self._verdict()
        cutter.again(waiting)

    @property
    def _unexplained(self) -> bool:
        """True if the worker was gone before it took the task."""
        return self._death is not None and not isinstance(self._death, ProcessExpired)

    def _verdict(self) -> WorkerFailure:
        timeout_s = self._policy.timeout_s
        if isinstance(self._death, ProcessExpired):
            return why_it_died(self._death.exitcode, timeout_s)
        if self._death is None:
            return WorkerFailure("timeout", "the worker stopped answering", outside=True)
        return WorkerFailure("crashed", f"no worker stayed alive: {self._death}", outside=True)

    def stop(self) -> None:
        """End the process at once, whatever it is doing."""
        if pool := self.__dict__.pop("_pool", None):
            pool.stop()
            pool.join()
