"""Plots: well-formed, harmless, to scale."""

import xml.etree.ElementTree as ET

import pytest

from pipeline.steps.plots import SVG, bars


def heights(svg: str) -> list[float]:
    return [float(bar.get("height", "")) for bar in ET.fromstring(svg).iter(f"{{{SVG}}}rect")
            if bar.get("class") == "bar"]  # fmt: skip


def test_bars_share_one_scale() -> None:
    found = heights(bars("t", ["a", "b"], {"hbm": [1, 4], "foundry": [2, 0]}))
    assert found == [8.5, 34.0, 17.0, 0.0]


@pytest.mark.parametrize("rows", [{}, {"hbm": [0, 0]}], ids=["no topics", "no articles"])
def test_nothing_to_show_is_a_picture_too(rows: dict[str, list[int]]) -> None:
    assert not any(heights(bars("t", ["a", "b"], rows)))


def test_a_name_is_text_and_each_bar_says_its_number() -> None:
    svg = bars("<script>", ["w1"], {"<b>&": [3]})
    assert "<script>" not in svg
    titles = [title.text for title in ET.fromstring(svg).iter(f"{{{SVG}}}title")]
    assert titles == ["<b>&, w1: 3"]
