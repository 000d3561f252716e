"""The parts of the start-up benchmark, untimed."""

import subprocess
import sys

import pytest

from benchmarks.startup import cpu_s, table


def test_costs_are_told_as_multiples_of_the_first() -> None:
    assert [line.split()[-2] for line in table({"bare": 0.02, "ours": 0.05})] == ["1.0", "2.5"]


def test_a_command_that_fails_is_not_measured() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        cpu_s([sys.executable, "-c", "raise SystemExit(3)"])
