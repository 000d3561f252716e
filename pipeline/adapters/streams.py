"""The streams a program speaks through: where one was never opened, and where nobody takes it."""

import os
import sys
from contextlib import suppress
from typing import TextIO


def take_hold() -> None:
    """Open stdin, stdout and stderr where the program was started without them (`2>&-`).

    Else they are None to Python, and the next file that is opened gets their number: a daemon
    wrote its log into its lock.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # the lowest free number
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            os.set_inheritable(number, True)
        if getattr(sys, name) is None:
            mode = "r" if number == 0 else "w"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - a descriptor, for good


def let_go() -> None:
    """Leave nothing in stdout and stderr for Python to write as it ends.

    What cannot be written then (a full disk, a reader that left) makes Python say "Exception
    ignored" and exit with 120, whatever the program has done.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, KeyboardInterrupt):
            drop(stream)


def drop(stream: TextIO) -> None:
    """Throw away what a stream holds and will be given: nobody waits for it any more."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
