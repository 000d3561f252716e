"""The benchmarks by name; each module is imported only when its benchmark is chosen."""

import importlib
from collections.abc import Callable

from benchmarks.results import Measured, Options

# What a whole run measures, in its order; "whole-chain" lies in `whole_chain.py`.
NAMES = (
    "whole-chain", "chain-growth", "extraction", "polling", "tagging", "copies", "start-up",
    "memory", "database", "million", "archive",
)  # fmt: skip


def measure(name: str) -> Callable[[Options], Measured]:
    """Return what runs a benchmark."""
    module = importlib.import_module(f"benchmarks.measures.{name.replace('-', '_')}")
    found: Callable[[Options], Measured] = module.measure
    return found
