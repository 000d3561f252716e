"""Pictures of what was counted, laid out once: shapes that SVG or a painter of pixels can draw."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

WIDTH, LABEL, NUMBER, MARGIN = 720, 190, 56, 16
ROW, RANK, HEAD, GAP = 44, 26, 56, 20  # heights: of a row of weeks, of a ranking's, of a title
SVG = "http://www.w3.org/2000/svg"
# One palette for both: what a browser in the dark shows, a PNG cannot know.
COLOURS = {
    "text": "#24292f", "dim": "#5b6470", "title": "#24292f", "bar": "#2563a8", "other": "#a9b1bb",
    "line": "#d5d9df", "back": "#ffffff",
}  # fmt: skip
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f } .dim { fill: #5b6470 }
.title { font-size: 16px; font-weight: 600 } rect.bar { fill: #2563a8 } rect.other { fill: #a9b1bb }
line { stroke: #d5d9df }
.back { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #e7eaee } .dim { fill: #a3abb6 } rect.bar { fill: #7fb2ea }
  rect.other { fill: #5d6673 } line { stroke: #2b3038 }
  .back { fill: #16191e }
}
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle; `says` is its number in words, "other" is what ours stand beside."""

    x: float
    y: float
    width: float
    height: float
    says: str
    kind: Literal["bar", "other"] = "bar"


@dataclass(frozen=True, slots=True)
class Line:
    """A level line, under a row."""

    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `y` is its base line, `anchor` where `x` lies in it."""

    x: float
    y: float
    text: str
    kind: Literal["text", "dim", "title"] = "text"
    anchor: Literal["start", "end"] = "start"


Shape = Bar | Line | Words


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes on a sheet; units are CSS pixels, y grows downwards."""

    title: str
    height: float
    shapes: tuple[Shape, ...]


def over_weeks(title: str, columns: Sequence[str], rows: Mapping[str, Sequence[int]]) -> Picture:
    """Return one row of bars per name, all rows on one scale.

    `columns` names the bars of a row, e.g. the Mondays of weeks.
    """
    shapes: list[Shape] = [Words(MARGIN, 30, title, "title")]
    top = max((max(row, default=0) for row in rows.values()), default=0)
    for number, (name, row) in enumerate(rows.items()):
        shapes += row_of_weeks(name, row, columns=columns, base=HEAD + ROW * (number + 1), top=top)
    height = HEAD + ROW * len(rows) + 28
    if columns:
        shapes.append(Words(LABEL, height - 8, columns[0], "dim"))
        shapes.append(Words(WIDTH - NUMBER, height - 8, columns[-1], "dim", "end"))
    return Picture(title, height, tuple(shapes))


def row_of_weeks(
    name: str, row: Sequence[int], *, columns: Sequence[str], base: float, top: int
) -> list[Shape]:
    step = (WIDTH - LABEL - NUMBER) / max(1, len(row))
    shapes: list[Shape] = [
        Words(MARGIN, base - 10, cut(name)),
        Words(WIDTH - MARGIN, base - 10, str(sum(row)), "dim", "end"),
        Line(LABEL, base, WIDTH - NUMBER - LABEL),
    ]
    for number, (column, count) in enumerate(zip(columns, row, strict=True)):
        tall = (ROW - 10) * count / top if top else 0.0
        place = LABEL + number * step + 1
        says = f"{name}, {column}: {count}"
        shapes.append(Bar(place, base - tall, max(1.0, step - 2), tall, says))
    return shapes


def ranking(title: str, counts: Mapping[str, int]) -> Picture:
    """Return one level bar per name, in the order given."""
    shapes: list[Shape] = [Words(MARGIN, 30, title, "title")]
    top = max(counts.values(), default=0)
    for number, (name, count) in enumerate(counts.items()):
        base = HEAD + RANK * number
        long = (WIDTH - LABEL - NUMBER) * count / top if top else 0.0
        shapes.append(Words(MARGIN, base + 13, cut(name)))
        shapes.append(Bar(LABEL, base, long, RANK - 8, f"{name}: {count}"))
        shapes.append(Words(WIDTH - MARGIN, base + 13, str(count), "dim", "end"))
    if not counts:
        shapes.append(Words(MARGIN, HEAD + 13, "none yet", "dim"))
    return Picture(title, HEAD + RANK * max(1, len(counts)), tuple(shapes))


def stacked(title: str, pictures: Sequence[Picture]) -> Picture:
    """Return the pictures as one, below each other."""
    shapes: list[Shape] = []
    height = 0.0
    for picture in pictures:
        shapes += (moved(shape, height) for shape in picture.shapes)
        height += picture.height + GAP
    return Picture(title, height, tuple(shapes))


def moved(shape: Shape, down: float) -> Shape:
    return replace(shape, y=shape.y + down)


def cut(name: str) -> str:
    """Return a name that fits in front of its bars."""
    return name if len(name) <= 24 else name[:23] + "…"


def svg(picture: Picture) -> str:
    """Return the picture as SVG, readable in light and dark; each bar says its number to those
    who point at it or have it read to them."""
    size = f"{picture.height:g}"
    root = ET.Element(
        "svg",
        {
            "xmlns": SVG, "viewBox": f"0 0 {WIDTH} {size}", "width": str(WIDTH), "height": size,
            "role": "img", "aria-label": picture.title,
        },
    )  # fmt: skip
    ET.SubElement(root, "style").text = STYLE
    ET.SubElement(root, "rect", {"class": "back", "width": "100%", "height": "100%"})
    for shape in picture.shapes:
        draw(root, shape)
    return ET.tostring(root, encoding="unicode") + "\n"


def draw(root: ET.Element, shape: Shape) -> None:
    if isinstance(shape, Bar):
        size = {"width": f"{shape.width:.1f}", "height": f"{shape.height:.1f}"}
        place = {"class": shape.kind, "x": f"{shape.x:.1f}", "y": f"{shape.y:.1f}"}
        ET.SubElement(ET.SubElement(root, "rect", place | size), "title").text = shape.says
    elif isinstance(shape, Line):
        ends = {"x1": f"{shape.x:g}", "x2": f"{shape.x + shape.width:g}"}
        ET.SubElement(root, "line", ends | {"y1": f"{shape.y:g}", "y2": f"{shape.y:g}"})
    else:
        place = {"x": f"{shape.x:g}", "y": f"{shape.y:g}", "text-anchor": shape.anchor}
        kind = {} if shape.kind == "text" else {"class": shape.kind}
        ET.SubElement(root, "text", place | kind).text = shape.text
