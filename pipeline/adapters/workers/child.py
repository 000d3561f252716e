"""What runs inside a worker process: its limits, and a batch of tasks under them."""

import os
import pickle
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.adapters.workers.attempt import attempt
from pipeline.ports import WorkerFailure

MIB = 1024 * 1024
# A function that only waits (swapped out, blocked) is ended after this multiple of its
# processor time: a busy machine must not kill honest work. With 2, two of 87 pages ran out of
# time at a load of 16 on two cores, by a worker at niceness 10.
WALL_FACTOR = 6
# What a worker loads for good when an article first asks for it: the statistics of languages (105
# MiB at the peak), jusText's stop words (20). No page's own, and not held against one.
LATER_MIB = 128
# What a task does not do to itself: the kernel short of memory, a service being stopped.
FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT})


def enter(memory_mib: int, warm_up: Callable[[], object] | None) -> None:
    """Prepare a fresh worker: import what it needs, then put the limits on it.

    The limit on address space counts from what the process uses once it is warm.
    """
    # The pool is the parallelism: threads of a numeric library would only fight it.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    # Default actions end the process even inside a C library, where no Python handler
    # would run: an alarm handler did not interrupt libxml2.
    for number in (signal.SIGPROF, signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if warm_up is not None:
        warm_up()
    if sys.platform == "linux":  # elsewhere the kernel does not enforce it
        _limit_address_space(memory_mib + LATER_MIB)


def _limit_address_space(memory_mib: int) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    wished = pages * resource.getpagesize() + memory_mib * MIB
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = wished if hard == resource.RLIM_INFINITY else min(wished, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def run_batch(
    function: Callable[[Any], object], payloads: Sequence[bytes], timeout_s: float
) -> tuple[tuple[bytes, ...], float]:
    """Return each task's pickled answer, in order, and the seconds the batch took.

    A task past its limit ends the process: SIGPROF for processor time, SIGALRM for waiting.
    """
    began = time.monotonic()
    answers = []
    for payload in payloads:
        signal.setitimer(signal.ITIMER_PROF, timeout_s)
        signal.setitimer(signal.ITIMER_REAL, timeout_s * WALL_FACTOR)
        answers.append(attempt(lambda load: _answer(function, load), payload))
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    packed = tuple(a if isinstance(a, bytes) else pickle.dumps(a) for a in answers)
    return packed, time.monotonic() - began


def _answer(function: Callable[[Any], object], payload: bytes) -> bytes:
    task = pickle.loads(payload)  # noqa: S301 - made by the process that started this one
    return pickle.dumps(function(task))


def why_it_died(exit_code: int, timeout_s: float) -> WorkerFailure:
    """Return what a worker's exit code says about the task it was on."""
    if -exit_code in (signal.SIGPROF, signal.SIGXCPU):
        return WorkerFailure("timeout", f"used more than {timeout_s:g} s of processor time")
    if -exit_code == signal.SIGALRM:
        said = f"took longer than {timeout_s * WALL_FACTOR:g} s"
        return WorkerFailure("timeout", said, outside=True)
    if exit_code < 0:
        said = f"the worker was ended by {signal.Signals(-exit_code).name}"
        return WorkerFailure("crashed", said, outside=-exit_code in FROM_OUTSIDE)
    return WorkerFailure("crashed", f"the worker ended with exit code {exit_code}")
