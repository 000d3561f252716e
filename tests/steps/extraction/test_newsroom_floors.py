"""Extraction of the newsroom's pages stays, template by template, at what was measured."""

import json
from pathlib import Path

import pytest

from benchmarks.newsroom_extraction import Score, means, measure

FLOORS: dict[str, dict[str, float]] = json.loads(
    (Path(__file__).parent / "newsroom_floors.json").read_text()
)


@pytest.fixture(scope="module")
def measured() -> dict[str, list[Score]]:
    return measure(bare=False)


def test_every_template_has_a_floor(measured: dict[str, list[Score]]) -> None:
    assert sorted(measured) == sorted(FLOORS)


@pytest.mark.parametrize("template", FLOORS)
def test_a_template_stays_at_or_above_its_floor(
    template: str, measured: dict[str, list[Score]]
) -> None:
    found = means(measured[template])
    below = {name: found[name] for name, floor in FLOORS[template].items() if found[name] < floor}
    assert below == {}
