"""Figures as pictures: a precision-recall plot as plain SVG, readable in light and dark.

Returns text; draws nothing itself and needs no plotting library.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from classifiers.arrays import Floats, Mask
from classifiers.metrics import average_precision, precision_recall

WIDTH, HEIGHT = 720, 460
LEFT, TOP, SIDE = 56, 56, 360  # the square of the curves
LEGEND = LEFT + SIDE + 28
# Okabe and Ito's eight colours, distinct for colour-blind readers; black and yellow replaced by
# ones that show on white and on black.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5cc4", "#8a8a8a")
DASHES = ("", "7 4", "2 3")


@dataclass(frozen=True, slots=True)
class Curve:
    """A topic's scores and labels; `told` is where its threshold lies (recall, precision)."""

    name: str
    scores: Floats
    labelled: Mask
    told: tuple[float, float] | None = None


def precision_recall_svg(title: str, curves: Sequence[Curve]) -> str:
    """Return an SVG document of one curve per topic, best average precision first.

    A dot marks where the topic's threshold lies. Topics without a labelled text are listed
    without a curve. Text is escaped; the picture holds no script and asks for nothing.
    """
    ranked = sorted(curves, key=lambda curve: (-(_precision(curve) or -1.0), curve.name))
    height = max(HEIGHT, TOP + 22 * (len(ranked) + 2))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(title, {chr(34): "&quot;"})}" font-family="system-ui, sans-serif">',
        f"<title>{escape(title)}</title>",
        _STYLE,
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
        f'<text class="title" x="{LEFT}" y="30">{escape(title)}</text>',
        *_axes(),
        f'<text class="head" x="{LEGEND + 34}" y="{TOP + 4}">average precision · '
        "● threshold</text>",
    ]
    for place, curve in enumerate(ranked):
        parts += _drawn(curve, place)
    return "\n".join([*parts, "</svg>", ""])


_STYLE = """<style>
.paper{fill:#fff}text{fill:#1f2328;font-size:13px}.title{font-size:16px;font-weight:600}
.tick,.head{fill:#59636e;font-size:12px}.grid{stroke:#d1d9e0;stroke-width:1}
.curve{fill:none;stroke-width:2;stroke-linejoin:round}.dot{stroke:#fff;stroke-width:1.5}
@media (prefers-color-scheme:dark){.paper{fill:#0d1117}text{fill:#e6edf3}
.tick,.head{fill:#9198a1}.grid{stroke:#3d444d}.dot{stroke:#0d1117}}
</style>"""


def _axes() -> list[str]:
    parts = []
    for step in range(6):
        share, along = step / 5, SIDE * step / 5
        x, y = LEFT + along, TOP + SIDE - along
        parts += [
            f'<path class="grid" d="M{x:.0f} {TOP}V{TOP + SIDE}M{LEFT} {y:.0f}H{LEFT + SIDE}"/>',
            f'<text class="tick" x="{x:.0f}" y="{TOP + SIDE + 18}" text-anchor="middle">'
            f"{share:.1f}</text>",
            f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">'
            f"{share:.1f}</text>",
        ]
    middle = TOP + SIDE / 2
    return [
        *parts,
        f'<text x="{LEFT + SIDE / 2:.0f}" y="{TOP + SIDE + 38}" text-anchor="middle">recall</text>',
        f'<text x="16" y="{middle:.0f}" text-anchor="middle" '
        f'transform="rotate(-90 16 {middle:.0f})">precision</text>',
    ]


def _drawn(curve: Curve, place: int) -> list[str]:
    colour = COLOURS[place % len(COLOURS)]
    dash = DASHES[place // len(COLOURS) % len(DASHES)]
    line = f'stroke="{colour}"' + (f' stroke-dasharray="{dash}"' if dash else "")
    y = TOP + 22 * (place + 1)
    precision = _precision(curve)
    shown = f"{precision:.2f}" if precision is not None else "–"
    parts = [
        f'<path class="curve" {line} d="M{LEGEND} {y}h24"/>',
        f'<text x="{LEGEND + 34}" y="{y + 4}">{shown}  {escape(curve.name)} '
        f'<tspan class="tick">({int(curve.labelled.sum())})</tspan></text>',
    ]
    points = precision_recall(curve.scores, curve.labelled)
    if points is not None:
        parts.append(f'<path class="curve" {line} d="{_path(*points)}"/>')
    if curve.told is not None:
        x, y_told = _place(*curve.told)
        parts.append(f'<circle class="dot" fill="{colour}" cx="{x:.1f}" cy="{y_told:.1f}" r="5"/>')
    return parts


def _path(precision: Floats, recall: Floats) -> str:
    """Return the curve's path: steps, for precision between two points is not interpolated."""
    x, y = _place(0.0, float(precision[0]))
    path = [f"M{x:.1f} {y:.1f}"]
    reached = 0.0
    for p, r in zip(precision.tolist(), recall.tolist(), strict=True):
        if r > reached:  # between two hits precision only falls: a spike, not a choice
            x, y = _place(r, p)
            path.append(f"V{y:.1f}H{x:.1f}")
            reached = r
    return "".join(path)


def _place(recall: float, precision: float) -> tuple[float, float]:
    return LEFT + SIDE * recall, TOP + SIDE * (1 - precision)


def _precision(curve: Curve) -> float | None:
    return average_precision(curve.scores, curve.labelled)
