"""Draws what the benchmarks found: each group's contenders as bars, ours in colour."""

from collections.abc import Iterable
from typing import Literal

from benchmarks.results import OURS, Group, Results, number
from pipeline.steps.plots import WIDTH, Bar, Picture, Shape, Words, stacked

NAMES, FIGURE, ROW, HEAD, MARGIN = 330, 84, 22, 44, 16


def picture(results: Results) -> Picture:
    """Return all groups below each other, each on a scale of its own that starts at nothing."""
    return stacked("What chipwire costs, beside others", list(drawn(results)))


def drawn(results: Results) -> Iterable[Picture]:
    for one in results.values():
        yield from (side_by_side(group) for group in one.groups if group.drawn)


def side_by_side(group: Group) -> Picture:
    """Return one level bar per contender: the whole width is the largest, or what was promised.

    All are ours where nobody stands beside us.
    """
    promised = f", promised under {number(group.limit)}" if group.limit else ""
    heading = f"{group.title} ({group.unit}{promised})"
    shapes: list[Shape] = [Words(MARGIN, 26, heading, "title")]
    top = max(*group.rows.values(), group.limit or 0.0, 0.0)
    beside = any(name.startswith(OURS) for name in group.rows)
    for place, (name, value) in enumerate(group.rows.items()):
        base = HEAD + ROW * place
        long = (WIDTH - NAMES - FIGURE) * value / top if top else 0.0
        kind: Literal["bar", "other"] = "bar" if name.startswith(OURS) or not beside else "other"
        says = f"{name}: {number(value)} {group.unit}"
        shapes.append(Words(MARGIN, base + 12, name, "text" if kind == "bar" else "dim"))
        shapes.append(Bar(NAMES, base, long, ROW - 7, says, kind))
        shapes.append(Words(NAMES + long + 6, base + 12, number(value), "dim"))
    return Picture(heading, HEAD + ROW * len(group.rows), tuple(shapes))
