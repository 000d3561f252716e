"""Start the server that workers are forked from so that Ctrl-C finds it prepared."""

import signal
import sys
from multiprocessing import forkserver, resource_tracker

MANNERS = "pipeline.adapters.workers.manners"  # what it imports first


def ensure_running() -> None:
    """Start the server if there is none, with SIGINT held back until its manners are imported.

    Until then Python would answer Ctrl-C with a traceback, while it starts or imports.
    """
    if sys.platform == "win32":
        return
    resource_tracker.ensure_running()  # in there it would let the signal through again
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
