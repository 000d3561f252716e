"""What an examination of a watch finds: one thing, whether it is well, and what mends it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.app.parts import App
from pipeline.errors import ChipwireError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `fix` says what to do where it is not well."""

    subject: str
    well: bool
    said: str
    fix: str = ""


Check = Callable[[App], Iterator[Finding]]


def fault(subject: str, error: ChipwireError) -> Finding:
    said = f"{error.what}: {error.why}" if error.why else error.what
    return Finding(subject, False, said, error.fix)
