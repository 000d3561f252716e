"""Two weeks of a topic in one line of Unicode blocks."""

from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(counts: Sequence[int]) -> str:
    """Return one block a count: the lowest for none, the highest for the largest.

    A single article stands above none, however busy the busiest day was.
    """
    top = max(counts, default=0)
    return "".join(BLOCKS[level(count, top)] for count in counts)


def level(count: int, top: int) -> int:
    if count <= 0:
        return 0
    return max(1, round(count / top * (len(BLOCKS) - 1)))


def mean(days: Sequence[int]) -> float:
    """Return the mean of the seven days before the last."""
    week = days[-8:-1]
    return sum(week) / len(week) if week else 0.0
