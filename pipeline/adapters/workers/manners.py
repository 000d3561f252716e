"""Manners of the server that workers are forked from: who interrupts the program hears of it once.

Ctrl-C reaches every process of a terminal. The program answers it with one sentence; the server
and a worker that is just starting would each add a traceback: the first while it imports, the
second because what it was to share with the program is gone. Imported there first of all, and of
use nowhere else: importing it changes what the process does.
"""

import signal
import sys
import traceback
from types import TracebackType

# End at once and without a word; Python's own handler would raise KeyboardInterrupt. Whoever
# started us held the signal back until here.
signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Show why a worker could not start, unless it is that the program has ended meanwhile."""
    frames = traceback.extract_tb(trace)
    # The locks a worker shares with the program vanish with it: seen with SIGINT and SIGTERM.
    late = isinstance(error, FileNotFoundError) and frames[-1].filename.endswith("synchronize.py")
    if not late:
        sys.__excepthook__(kind, error, trace)


sys.excepthook = tell
