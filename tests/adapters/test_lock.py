"""One writer per home, and a home that cannot be locked says so in words."""

from pathlib import Path

import pytest

from pipeline.adapters import lock
from pipeline.errors import StoreError, StoreLocked


def test_the_second_to_come_is_told_who_is_first(tmp_path: Path) -> None:
    path = tmp_path / "chipwire.lock"
    with lock.hold(path, "first"), pytest.raises(StoreLocked, match="in use"), lock.hold(path, "b"):
        pass
    assert lock.read_holder(path) == ""


def test_a_home_that_takes_no_lock_file_is_refused_in_words(tmp_path: Path) -> None:
    # a folder in the file's place refuses every user, root too, as a read-only home does others
    (tmp_path / "chipwire.lock").mkdir()
    with (
        pytest.raises(StoreError, match="cannot be written to"),
        lock.hold(tmp_path / "chipwire.lock", "x"),
    ):
        pass
