"""The streams a program speaks through, where nobody takes what it says."""

import os
import sys
from contextlib import suppress


def let_go() -> None:
    """Leave nothing in stdout and stderr for Python to write as it ends.

    What cannot be written then (a full disk, a reader that left) makes Python say "Exception
    ignored" and exit with 120, whatever the program has done.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:  # None: started without it, `>&-`
                stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)
