"""docs/faults.md: what goes wrong and what chipwire says, as the scenes said it."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.documents.faults import FAULTS, Fault, act

INTRODUCTION = """\
# Faults and what mends them

What people do wrong, and what chipwire says then. Each message names what is wrong, why, and
what mends it (`fix:`); none is a traceback. Exit codes: 1 something needs a person, 2 a call or a
configuration that makes no sense (nothing was started), 75 try again later (nothing was lost).
`chipwire doctor` looks for most of this before it happens.

This page is written by `make docs` from scenes that `make test` plays.
"""


def written() -> str:
    """Return the whole page, having played every scene."""
    with ThreadPoolExecutor(2) as pool:
        return "\n".join([INTRODUCTION, *pool.map(play, FAULTS)])


def play(fault: Fault) -> str:
    with tempfile.TemporaryDirectory() as folder:
        exit_code, said = act(fault, Path(folder))
    return entry(fault, exit_code, said)


def entry(fault: Fault, exit_code: int, said: str) -> str:
    command = fault.command.format(site="http://127.0.0.1:8000/")
    return f"## {fault.title}\n\n```\n$ chipwire {command}\n{said}\n[{exit_code}]\n```\n"
