"""Plots: well-formed, harmless, to scale."""

import xml.etree.ElementTree as ET

import pytest

from pipeline.steps.plots import SVG, WIDTH, Bar, over_weeks, ranking, stacked, svg


def bars(drawn: str) -> list[ET.Element]:
    found = ET.fromstring(drawn).iter(f"{{{SVG}}}rect")
    return [bar for bar in found if bar.get("class") == "bar"]


def test_bars_of_weeks_share_one_scale() -> None:
    drawn = svg(over_weeks("t", ["a", "b"], {"hbm": [1, 4], "foundry": [2, 0]}))
    assert [float(bar.get("height", "")) for bar in bars(drawn)] == [8.5, 34.0, 17.0, 0.0]


def test_a_ranking_is_to_scale_and_says_its_numbers() -> None:
    picture = ranking("Outlets", {"Wafer Daily": 8, "Chip Post": 2})
    widths = [shape.width for shape in picture.shapes if isinstance(shape, Bar)]
    assert widths[0] == 4 * widths[1]
    assert "Chip Post: 2" in svg(picture)


@pytest.mark.parametrize(
    "picture",
    [over_weeks("t", ["a"], {}), over_weeks("t", ["a"], {"hbm": [0]}), ranking("t", {})],
    ids=["no topics", "no articles", "no outlets"],
)
def test_nothing_to_show_is_a_picture_too(picture: object) -> None:
    drawn = svg(picture)  # type: ignore[arg-type] - a table's column
    assert not any(float(bar.get("height", "")) for bar in bars(drawn))


def test_a_name_is_text_and_each_bar_says_its_number() -> None:
    drawn = svg(over_weeks("<script>", ["w1"], {"<b>&": [3]}))
    assert "<script>" not in drawn
    titles = [title.text for title in ET.fromstring(drawn).iter(f"{{{SVG}}}title")]
    assert titles == ["<b>&, w1: 3"]


def test_pictures_are_stacked_within_the_sheet_and_do_not_overlap() -> None:
    parts = [ranking("one", {"a" * 99: 1}), over_weeks("two", ["w"], {"b": [3]})]
    whole = stacked("all", parts)
    boxes = [shape for shape in whole.shapes if isinstance(shape, Bar)]
    assert boxes[0].y + boxes[0].height < parts[0].height < boxes[1].y
    assert all(box.x >= 0 and box.x + box.width <= WIDTH for box in boxes)
    assert all(box.y + box.height <= whole.height for box in boxes)
