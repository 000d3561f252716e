"""Pictures as PNG, painted by matplotlib: it brings its own fonts and needs no system library."""

import importlib
import io
import warnings
from typing import Any

from pipeline.errors import ConfigError
from pipeline.steps.plots import COLOURS, WIDTH, Bar, Line, Picture, Shape

DPI = 144  # two pixels for each of CSS's, on a sheet of 72 points an inch
# matplotlib's own font has no Chinese, Korean or Japanese; those of these that the machine has
# stand in for it (Linux, macOS, Windows).
OWN_FONT = "DejaVu Sans"
OTHER_FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "Droid Sans Fallback", "PingFang SC", "Hiragino Sans",
    "Arial Unicode MS", "Apple SD Gothic Neo", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic",
    "Unifont",
)  # fmt: skip
SIZES = {"text": 9.5, "dim": 9.5, "title": 12.0}  # points; CSS's 13 and 16 pixels look as large


def png(picture: Picture) -> bytes:
    """Return the picture as a PNG of twice its size in pixels.

    Raises:
        ConfigError: matplotlib, an optional extra, is not installed.
    """
    try:
        figures = importlib.import_module("matplotlib.figure")
        patches = importlib.import_module("matplotlib.patches")
        fonts = importlib.import_module("matplotlib.font_manager")
    except ImportError as error:
        raise ConfigError(
            "a PNG needs the extra for plots",
            why="matplotlib is not installed",
            fix='pip install "chipwire[plots]", or write --svg FILE, which needs nothing',
        ) from error
    # Not pyplot: it keeps every figure in a list of its own, and asks for a display.
    figure = figures.Figure(figsize=(WIDTH / 72, picture.height / 72), facecolor=COLOURS["back"])
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(picture.height, 0))
    axes.axis("off")
    installed = {font.name for font in fonts.fontManager.ttflist}
    families = [OWN_FONT, *(name for name in OTHER_FONTS if name in installed)]
    for shape in picture.shapes:
        paint(axes, shape, patches.Rectangle, families)
    page = io.BytesIO()
    with warnings.catch_warnings():
        # where no font knows a name it becomes boxes, not an error
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(page, format="png", dpi=DPI)
    return page.getvalue()


def paint(axes: Any, shape: Shape, rectangle: Any, families: list[str]) -> None:
    if isinstance(shape, Bar):
        corner = (shape.x, shape.y)
        colour = COLOURS[shape.kind]
        axes.add_patch(rectangle(corner, shape.width, shape.height, color=colour, lw=0))
    elif isinstance(shape, Line):
        ends = (shape.x, shape.x + shape.width)
        axes.plot(ends, (shape.y, shape.y), color=COLOURS["line"], lw=1)
    else:
        axes.text(
            shape.x, shape.y, shape.text, color=COLOURS[shape.kind], size=SIZES[shape.kind],
            weight="bold" if shape.kind == "title" else "normal", va="baseline",
            ha="right" if shape.anchor == "end" else "left", parse_math=False,
            family=families,
        )  # fmt: skip
