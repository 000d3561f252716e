"""The child's side: reads the configuration, does one piece of work, says how it went."""

import json
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from pipeline import __version__
from pipeline.adapters.streams import let_go
from pipeline.daemon.logs import to_stderr
from pipeline.errors import ChipwireError, StoreLocked

logger = logging.getLogger(__name__)

LAST_SECONDS = 8  # after SIGTERM: then the kernel ends us; the batch in hand is due again


@dataclass(frozen=True, slots=True)
class Errand:
    """One piece of work: "plan" (check the configuration), "pass", or a keeping job.

    `home` is what the user gave (--home) or None; `config` the folder of the configuration
    in force; `lock` the inherited descriptor of the home's lock.
    """

    job: str
    run: str
    home: str | None
    config: str | None = None
    lock: int | None = None
    parent: int = 0
    log: str = "text"


def main() -> None:
    """Do the errand of the first argument; what stdout was gets one line that says how it went."""
    answering = kept_to_ourselves()
    errand = Errand(**json.loads(sys.argv[1]))
    to_stderr(errand.log, errand.run)
    if errand.lock is not None:
        os.set_inheritable(errand.lock, False)
    from pipeline.daemon.errands import do

    try:
        answer: dict[str, object] = do(errand, asked_to_stop(errand.parent))
        code = 0
    except ChipwireError as error:
        answer, code = {"error": str(error)}, error.exit_code
        log = logger.warning if isinstance(error, StoreLocked) else logger.error
        if errand.job != "plan":  # the parent says it
            log("%s_failed error=%r", errand.job, str(error))
    except Exception as error:
        answer, code = {"error": f"{type(error).__name__}: {error}"}, 1
        logger.exception("%s_broke", errand.job)
    with suppress(OSError), os.fdopen(answering, "w", encoding="utf-8") as parent:
        print(json.dumps({**answer, "version": __version__}), file=parent)
    let_go()
    sys.exit(code)


def kept_to_ourselves() -> int:
    """Return a descriptor of the pipe to the parent that no worker or command inherits.

    The parent reads until the last who holds the pipe is gone. A worker busy in C code outlives
    us by up to 20 s: with the pipe as its stdout it kept a daemon that was to end for 17.
    """
    answering = os.dup(1)  # closed in programs we start
    os.dup2(2, 1)
    return answering


def asked_to_stop(parent: int) -> Callable[[], bool]:
    """Return what tells, between batches, that SIGTERM came or that the parent has died."""
    asked: list[int] = []

    def note(number: int, _frame: object) -> None:
        asked.append(number)
        signal.alarm(LAST_SECONDS)  # SIGALRM as it comes from the kernel: it ends the process

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C: the parent tells us
    return lambda: bool(asked) or (parent > 0 and os.getppid() != parent)
