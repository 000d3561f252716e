"""Workers on other machines, by Dask distributed: a dead one costs its batches a retry.

Batches of a pure top-level function travel there and back as bytes; model and configuration
go ahead once, by hash. Only this process stores anything.
"""

import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import replace
from functools import partial
from ipaddress import ip_address
from itertools import islice
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from distributed import Client, WorkerPlugin, get_worker
from distributed.comm.core import CommClosedError
from distributed.exceptions import WorkerStartTimeoutError
from distributed.scheduler import KilledWorker

from pipeline import __version__
from pipeline.adapters.workers.batches import Batch
from pipeline.adapters.workers.child import run_batch
from pipeline.adapters.workers.parcel import CONFIG, MODELS, Parcel, place
from pipeline.errors import ChipwireError, ConfigError
from pipeline.models.policies import WorkPolicy
from pipeline.ports import WorkerFailure

T = TypeVar("T")
R = TypeVar("R")

TASKS, BYTES = 24, 3_000_000  # of a batch: half a second of work hides the way there and back
DEPTH = 3  # batches in flight per worker: one running, one there, one on the way
RETRIES = 3
START_S = 30.0  # a cluster without any worker is waited for so long
COUNT_S = 5.0  # workers come and go: how often they are counted


class ClusterWorkers:
    """A Dask cluster as workers; implements `pipeline.ports.Workers`.

    `parcel` is what the functions' recipes need on the other machines. Time limits hold there
    as here; memory limits are the cluster's own.

    Raises:
        ConfigError: an address that would carry code unprotected, no cluster or no worker
            there, or workers that do not fit.
    """

    def __init__(
        self,
        address: str,
        policy: WorkPolicy,
        *,
        parcel: Parcel | None = None,
        insecure: bool = False,
    ) -> None:
        check_address(address, insecure=insecure)
        self._policy = policy
        self._parcel = parcel
        self._client = connect(address)
        self._executor = self._client.get_executor(pure=False, retries=RETRIES)  # type: ignore[no-untyped-call]  # Dask annotates half of it
        self._counted_at, self._room = -COUNT_S, DEPTH
        if parcel is not None:
            self._client.register_plugin(Carrier(parcel), name=f"chipwire-{parcel.sha256}")

    def run_all(
        self, function: Callable[[T], R], tasks: Iterable[T]
    ) -> Iterator[tuple[T, R | WorkerFailure]]:
        source = iter(tasks)
        again: list[Batch[T]] = []
        accused: list[Batch[T]] = []
        pending: dict[Future[Any], Batch[T]] = {}
        try:
            while True:
                self._fill(function, source, again, pending)
                if not pending:
                    break
                for batch, answers in self._settle(pending):
                    if answers is not None:
                        yield from zip(batch.tasks, answers, strict=True)
                    elif len(batch.tasks) > 1:
                        again += batch.split()
                    else:
                        accused.append(batch)
            for batch in accused:
                yield batch.tasks[0], self._alone(function, batch)
        finally:
            for future in pending:
                future.cancel()

    def _fill(
        self,
        function: Callable[[T], R],
        source: Iterator[T],
        again: "list[Batch[T]]",
        pending: "dict[Future[Any], Batch[T]]",
    ) -> None:
        while len(pending) < self._most():
            batch = again.pop() if again else cut(source)
            if batch is None:
                return
            pending[self._submit(function, batch)] = batch

    def _most(self) -> int:
        """Return how many batches may be in flight; asks the cluster now and then."""
        now = time.monotonic()
        if now - self._counted_at >= COUNT_S:
            self._counted_at = now
            self._room = DEPTH * max(1, len(self._client.scheduler_info()["workers"]))
        return self._room

    def _submit(self, function: Callable[[T], R], batch: "Batch[T]") -> "Future[Any]":
        sha256 = self._parcel.sha256 if self._parcel else ""
        future: Future[Any] = self._executor.submit(
            run_there, function, tuple(batch.payloads), self._policy.timeout_s, sha256
        )
        return future

    def _settle(
        self, pending: "dict[Future[Any], Batch[T]]"
    ) -> "Iterator[tuple[Batch[T], list[Any] | None]]":
        """Yield finished batches with their answers, None where their workers died."""
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            batch = pending.pop(future)
            yield batch, self._answers(future)

    def _answers(self, future: "Future[Any]") -> list[Any] | None:
        try:
            packed, _seconds = future.result()
        except KilledWorker:
            return None
        except (CancelledError, CommClosedError, OSError, TimeoutError) as error:
            raise ChipwireError(
                "the cluster went away",
                why=str(error) or type(error).__name__,
                fix="what was committed is kept; the same command goes on from there",
            ) from error
        return [pickle.loads(one) for one in packed]  # noqa: S301 - made by our own function

    def _alone(self, function: Callable[[T], R], batch: "Batch[T]") -> Any:
        """Try a task with nothing else in flight: only then is a death its own doing."""
        answers = self._answers(self._submit(function, batch))
        if answers is not None:
            return answers[0]
        return WorkerFailure("crashed", "it ended every worker of the cluster it was given to")

    def close(self) -> None:
        """Leave the cluster; it goes on without us."""
        self._client.close()  # type: ignore[no-untyped-call]  # Dask annotates half of it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def cut(source: Iterator[T]) -> Batch[T] | None:
    """Return the next batch of a stream of tasks, None at its end."""
    batch: Batch[T] = Batch()
    for task in islice(source, TASKS):
        batch.add(task)
        if batch.size >= BYTES:
            break
    return batch if batch.tasks else None


def check_address(address: str, *, insecure: bool) -> None:
    """Raise ConfigError for an address where anybody on the way could send code in our name."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme == "tls" or insecure:
        return
    if parts.scheme == "tcp" and is_loopback(parts.hostname or ""):
        return
    raise ConfigError(
        f"{address} is neither encrypted nor on this machine",
        why="a scheduler and its workers execute whatever they are sent",
        fix="use tls:// (distributed.comm.tls), a tunnel to 127.0.0.1, or --insecure-cluster"
        " in a network where you trust everybody",
    )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def connect(address: str) -> Client:
    """Return a client of a cluster that can do our work. Raises ConfigError."""
    try:
        client = Client(address, timeout=START_S, set_as_default=False)  # type: ignore[no-untyped-call]  # as above
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"no Dask scheduler answers at {address}",
            why=str(error).splitlines()[0],
            fix="start one: dask scheduler, and on each machine: dask worker ADDRESS --nthreads 1",
        ) from error
    try:
        client.wait_for_workers(1, timeout=START_S)
        check_workers(client)
    except BaseException as error:
        client.close()  # type: ignore[no-untyped-call]  # as above
        if isinstance(error, WorkerStartTimeoutError | TimeoutError):
            raise ConfigError(
                f"the cluster at {address} has no workers",
                fix="on each machine: dask worker ADDRESS --nthreads 1",
            ) from error
        raise
    return client


def check_workers(client: Client) -> None:
    for worker, facts in client.scheduler_info()["workers"].items():
        if facts["nthreads"] != 1:
            raise ConfigError(
                f"worker {worker} runs {facts['nthreads']} threads",
                why="time limits hold for a process, and threads share Python's lock",
                fix="start it with --nthreads 1 --nworkers N",
            )
    versions = client.run(version_there, on_error="return")
    for worker, found in versions.items():
        if found != __version__:
            raise ConfigError(
                f"worker {worker} does not run chipwire {__version__}",
                why=f"it has {found}",
                fix=f"on its machine: pip install 'chipwire[cluster]=={__version__}'",
            )


def version_there() -> str:
    return __version__


class Carrier(WorkerPlugin):
    """Lays a parcel down at every worker, also at those that come later."""

    def __init__(self, parcel: Parcel) -> None:
        self._parcel = parcel

    def setup(self, worker: Any) -> None:
        """Unpack the parcel; called by the worker when it gets this plugin or starts."""
        place(self._parcel, Path(worker.local_directory))


def run_there(
    function: Callable[[Any], object], payloads: tuple[bytes, ...], timeout_s: float, sha256: str
) -> tuple[tuple[bytes, ...], float]:
    """Run a batch at a worker, under the limits of `child.run_batch`."""
    if sha256:
        function = settled(function, Path(get_worker().local_directory), sha256)
    return run_batch(function, payloads, timeout_s)


def settled(function: Callable[[Any], object], root: Path, sha256: str) -> Callable[[Any], object]:
    """Return a reader whose recipe points into the parcel instead of the sender's home."""
    if not isinstance(function, partial) or "recipe" not in function.keywords:
        return function
    folder = root / f"chipwire-{sha256[:16]}"
    recipe = replace(function.keywords["recipe"], config=folder / CONFIG, models=folder / MODELS)
    return partial(function.func, *function.args, recipe=recipe)
