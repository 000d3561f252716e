"""One task, tried: its answer, or as a value why there is none."""

import traceback
from collections.abc import Callable
from typing import TypeVar

from pipeline.ports import WorkerFailure

T = TypeVar("T")
R = TypeVar("R")


def attempt(function: Callable[[T], R], task: T) -> R | WorkerFailure:
    """Return what `function` makes of the task; an exception becomes a WorkerFailure."""
    try:
        return function(task)
    except MemoryError:
        return WorkerFailure("memory", "needs more memory than a worker may use")
    # Whatever hostile input makes a parser raise, it is an answer about this task alone.
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the port promises a value
        return WorkerFailure("error", _explain(error))


def _explain(error: BaseException) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})"
