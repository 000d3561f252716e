"""Plots as SVG, drawn by hand: rows of bars, readable in light and dark, without a library."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

WIDTH, ROW, LABEL, NUMBER, TOP = 720, 44, 190, 56, 56
SVG = "http://www.w3.org/2000/svg"
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f } .dim { fill: #5b6470 }
.title { font-size: 16px; font-weight: 600 } rect.bar { fill: #2563a8 } line { stroke: #d5d9df }
.back { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #e7eaee } .dim { fill: #a3abb6 } rect.bar { fill: #7fb2ea } line { stroke: #2b3038 }
  .back { fill: #16191e }
}
"""


def bars(title: str, columns: Sequence[str], rows: Mapping[str, Sequence[int]]) -> str:
    """Return an SVG with one row of bars per name, all rows on one scale.

    `columns` names the bars of a row, e.g. the Mondays of weeks. Each bar says its number
    to those who point at it or have it read to them.
    """
    height = TOP + ROW * len(rows) + 28
    picture = ET.Element(
        "svg",
        {
            "xmlns": SVG, "viewBox": f"0 0 {WIDTH} {height}", "width": str(WIDTH),
            "height": str(height), "role": "img", "aria-label": title,
        },
    )  # fmt: skip
    ET.SubElement(picture, "style").text = STYLE
    ET.SubElement(picture, "rect", {"class": "back", "width": "100%", "height": "100%"})
    write(picture, title, x=16, y=30, kind="title")
    top = max((max(row, default=0) for row in rows.values()), default=0)
    for number, (name, row) in enumerate(rows.items()):
        draw_row(picture, name, row, columns=columns, base=TOP + ROW * (number + 1), top=top)
    if columns:
        write(picture, columns[0], x=LABEL, y=height - 8, kind="dim")
        write(picture, columns[-1], x=WIDTH - NUMBER, y=height - 8, kind="dim", anchor="end")
    return ET.tostring(picture, encoding="unicode") + "\n"


def draw_row(
    picture: ET.Element,
    name: str,
    row: Sequence[int],
    *,
    columns: Sequence[str],
    base: int,
    top: int,
) -> None:
    step = (WIDTH - LABEL - NUMBER) / max(1, len(row))
    write(picture, name, x=16, y=base - 10)
    write(picture, str(sum(row)), x=WIDTH - 16, y=base - 10, kind="dim", anchor="end")
    frame = {"x1": str(LABEL), "x2": str(WIDTH - NUMBER), "y1": str(base), "y2": str(base)}
    ET.SubElement(picture, "line", frame)
    for number, (column, count) in enumerate(zip(columns, row, strict=True)):
        tall = (ROW - 10) * count / top if top else 0.0
        bar = ET.SubElement(
            picture,
            "rect",
            {
                "class": "bar", "x": f"{LABEL + number * step + 1:.1f}", "y": f"{base - tall:.1f}",
                "width": f"{max(1.0, step - 2):.1f}", "height": f"{tall:.1f}",
            },
        )  # fmt: skip
        ET.SubElement(bar, "title").text = f"{name}, {column}: {count}"


def write(
    picture: ET.Element, text: str, *, x: int, y: int, kind: str = "", anchor: str = "start"
) -> None:
    place = {"x": str(x), "y": str(y), "text-anchor": anchor}
    ET.SubElement(picture, "text", place | ({"class": kind} if kind else {})).text = text
