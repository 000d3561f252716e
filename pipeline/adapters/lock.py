"""One writer per home: a lock that a crash releases."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import StoreError, StoreLocked


@contextmanager
def hold(path: Path, holder: str) -> Iterator[int]:
    """Hold the lock file while the block runs; `holder` says who to the one who finds it held.

    Gives the descriptor: a child that inherits it holds the lock with us. flock, not a pid
    file: the kernel drops it with the last process that has it, also on SIGKILL.

    Raises:
        StoreLocked: another program holds it; its name and pid stand in the error.
        StoreError: the folder cannot be written to.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(
            f"{path.parent} cannot be written to",
            why=error.strerror or str(error),
            fix="make the folder writable for this user, or point --home at another one",
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreLocked(
                f"{path.parent} is in use",
                why=f"{read_holder(path) or 'another chipwire'} is working there",
                fix="wait for it or stop it; nothing was lost, the next run does what is due",
            ) from error
        sign(path, descriptor, f"{holder}, pid {os.getpid()}")
        yield descriptor
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def sign(path: Path, descriptor: int, holder: str) -> None:
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written",
            why=error.strerror or str(error),
            fix="free disk space (or the user's quota); nothing was lost, what is due stays due",
        ) from error


def is_held_at(path: Path, descriptor: int) -> bool:
    """Return whether the lock held through this descriptor is the one that lies at the path.

    It is not where its folder was moved, unmounted or replaced since.
    """
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


def read_holder(path: Path) -> str:
    """Return who holds the lock, "" if nobody does."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(descriptor, 200, 0).decode(errors="replace")
    finally:
        os.close(descriptor)
    return ""
