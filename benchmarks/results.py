"""What the benchmarks found: kept as JSON, told as a table."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

FILE = Path(__file__).parent / "results.json"
OURS = "chipwire"


@dataclass(frozen=True, slots=True)
class Group:
    """Contenders side by side: what each needed, in one unit; `limit` is what was promised.

    Those that are not `drawn` are told on the terminal and kept.
    """

    title: str
    unit: str
    rows: Mapping[str, float]
    limit: float | None = None
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    """A promise and what came of it; one without a limit is only told."""

    what: str
    value: float
    unit: str = "×"
    sign: Literal["≤", "≥", ""] = ""
    limit: float = 0.0

    @property
    def held(self) -> bool:
        if self.sign == "≤":
            return self.value <= self.limit
        return self.value >= self.limit if self.sign else True


@dataclass(frozen=True, slots=True)
class Measured:
    """What one benchmark found, on which day and under which conditions."""

    groups: Sequence[Group] = ()
    bars: Sequence[Bar] = ()
    conditions: str = ""
    day: str = ""


Results = dict[str, Measured]


@dataclass(frozen=True, slots=True)
class Options:
    """What the person at the keyboard chose; an empty one leaves out what needs it."""

    peer_python: str = ""
    pages: Path | None = None
    home: Path | None = None
    articles: int = 1_000_000
    archive_pages: int = 4_000
    feeds: Sequence[int] = field(default=(10, 100, 1000))
    rounds: int = 3


def load(path: Path = FILE) -> Results:
    """Return what was found so far, by benchmark."""
    if not path.exists():
        return {}
    return {name: to_measured(one) for name, one in json.loads(path.read_text("utf-8")).items()}


def to_measured(one: Mapping[str, Any]) -> Measured:
    return Measured(
        tuple(Group(**group) for group in one["groups"]),
        tuple(Bar(**bar) for bar in one["bars"]),
        one["conditions"],
        one["day"],
    )


def save(results: Results, path: Path = FILE) -> None:
    """Write all that was found, in a form that differs only where a figure does."""
    plain = {name: rounded(asdict(one)) for name, one in sorted(results.items())}
    path.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def rounded(value: Any) -> Any:
    """Return the same with three digits that count: more would be noise in every diff."""
    if isinstance(value, float):
        return float(f"{value:.3g}")
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list | tuple) else value


def number(value: float) -> str:
    """Return a figure as people write it."""
    if value >= 100:
        return f"{value:,.0f}"
    digits = 1 if value >= 10 else 2 if value >= 0.1 else 3
    return f"{value:.{digits}f}".rstrip("0").removesuffix(".")


def table(results: Results) -> Iterator[str]:
    """Yield the lines of a Markdown table: every promise, what was found, and when."""
    yield "| what | measured | promised | on |"
    yield "|---|---|---|---|"
    for one in results.values():
        for bar in one.bars:
            promised = f"{bar.sign} {number(bar.limit)} {bar.unit}" if bar.sign else ""
            missed = "" if bar.held else " **missed**"
            figure = f"{number(bar.value)} {bar.unit}"
            yield f"| {bar.what} | {figure} | {promised}{missed} | {one.day} |"


def told(results: Results) -> Iterator[str]:
    """Yield what a terminal is shown: every group side by side, then every promise."""
    for name, one in results.items():
        yield f"{name}: {one.conditions}" if one.conditions else name
        for group in one.groups:
            yield f"  {group.title}, {group.unit}"
            yield from (f"    {row:44} {number(value):>10}" for row, value in group.rows.items())
        for bar in one.bars:
            verdict = "" if not bar.sign else "holds" if bar.held else "MISSED"
            limit = f"{bar.sign} {number(bar.limit)}" if bar.sign else ""
            yield f"  {bar.what:58} {number(bar.value):>8} {bar.unit:8} {limit:10} {verdict}"
