"""The conformance table itself: every rule from C-1 to C-35 has a test that bears its number."""

import re
from pathlib import Path

import pytest

SOURCES = "\n".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
TESTED = {int(number) for number in re.findall(r"^def test_c(\d\d)_", SOURCES, re.MULTILINE)}


@pytest.mark.parametrize("rule", range(1, 36), ids=lambda rule: f"C-{rule}")
def test_a_rule_has_a_test(rule: int) -> None:
    assert rule in TESTED
