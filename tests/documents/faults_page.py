"""docs/faults.md: what goes wrong and what chipwire says, as the scenes said it."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.documents.faults import FAULTS, Fault, act


def written() -> str:
    """Return what the page holds below its introduction, having played every scene."""
    with ThreadPoolExecutor(2) as pool:
        return "\n".join(pool.map(play, FAULTS))


def play(fault: Fault) -> str:
    with tempfile.TemporaryDirectory() as folder:
        exit_code, said = act(fault, Path(folder))
    return entry(fault, exit_code, said)


def entry(fault: Fault, exit_code: int, said: str) -> str:
    command = fault.command.format(site="http://127.0.0.1:8000/")
    return f"## {fault.title}\n\n```\n$ chipwire {command}\n{said}\n[{exit_code}]\n```\n"
