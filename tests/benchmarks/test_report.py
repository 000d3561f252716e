"""What the benchmarks found is kept, told and drawn, and the README says just that."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from benchmarks import measures, report
from benchmarks.__main__ import main
from benchmarks.picture import picture
from benchmarks.results import Bar, Group, Measured, load, number, save, table, told
from pipeline.steps import plots
from pipeline.steps.plots import SVG, WIDTH

FOUND = Measured(
    groups=(Group("Reading", "ms", {"chipwire": 12.3456, "a script": 24.0}, limit=50.0),),
    bars=(
        Bar("speed against a script", 1.944, sign="≥", limit=2.5),
        Bar("memory", 31.2, "MiB", "≤", 40),
        Bar("size of a row", 8012.0, "bytes"),
    ),
    conditions="two pages",
    day="2026-11-29",
)


def test_what_was_found_comes_back_with_three_digits(tmp_path: Path) -> None:
    save({"reading": FOUND}, tmp_path / "results.json")
    kept = load(tmp_path / "results.json")["reading"]
    assert kept.groups[0].rows == {"chipwire": 12.3, "a script": 24.0}
    assert [bar.value for bar in kept.bars] == [1.94, 31.2, 8010.0]
    assert (kept.conditions, kept.day) == (FOUND.conditions, FOUND.day)


def test_nothing_was_found_before_the_first_run(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json") == {}


def test_the_table_says_what_was_promised_and_missed() -> None:
    assert list(table({"reading": FOUND}))[2:] == [
        "| speed against a script | 1.94 × | ≥ 2.5 × **missed** | 2026-11-29 |",
        "| memory | 31.2 MiB | ≤ 40 MiB | 2026-11-29 |",
        "| size of a row | 8,012 bytes |  | 2026-11-29 |",
    ]


def test_the_terminal_sees_contenders_side_by_side() -> None:
    said = "\n".join(told({"reading": FOUND}))
    assert "reading: two pages" in said and "MISSED" in said
    assert said.index("chipwire") < said.index("a script")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (12345.6, "12,346"), (120.4, "120"), (31.24, "31.2"), (10.0, "10"), (1.944, "1.94"),
        (1.0, "1"), (0.5, "0.5"), (0.0, "0"), (0.043, "0.043"),
    ],
)  # fmt: skip
def test_figures_are_written_as_people_write_them(value: float, written: str) -> None:
    assert number(value) == written


def test_ours_is_coloured_and_all_bars_of_a_group_share_a_scale() -> None:
    drawn = ET.fromstring(plots.svg(picture({"reading": FOUND})))
    bars = {
        bar.get("class"): float(bar.get("width", ""))
        for bar in drawn.iter(f"{{{SVG}}}rect")
        if bar.get("class") != "back"
    }
    assert bars["other"] / bars["bar"] == pytest.approx(24.0 / 12.3456, rel=0.01)
    assert max(bars.values()) < WIDTH


def test_a_page_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="does not say where"):
        report.renewed("# chipwire\n", {})


def test_the_readme_and_its_picture_say_what_was_kept() -> None:
    results = load()
    assert set(results) <= set(measures.NAMES)
    page = report.README.read_text("utf-8")
    assert page == report.renewed(page, results), "run python -m benchmarks NAME --write"
    assert report.PICTURE.read_text("utf-8") == report.drawn(results)


@pytest.mark.parametrize("name", measures.NAMES)
def test_every_benchmark_is_there(name: str) -> None:
    assert callable(measures.measure(name))


def test_an_unknown_benchmark_is_refused_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    assert "whole-chain" in capsys.readouterr().err


def test_what_is_cheap_runs_and_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    main(["copies"])
    assert "copies found" in capsys.readouterr().out
