"""How results reach a person or a script: tables on a terminal, JSON on request."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.errors import ChipwireError

if TYPE_CHECKING:
    from rich.console import Console

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
# Wider than any row: where no terminal sets a width, a row stays on its line for grep.
ANY_WIDTH = 100_000


def examples(*lines: str) -> str:
    """Return the end of a command's help: calls that work as they stand."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def console(*, stderr: bool = False) -> "Console":
    """Return the console: colour and width of a terminal, plain text elsewhere."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    named = os.environ.get("COLUMNS", "")
    elsewhere = int(named) if named.isdecimal() and int(named) > 0 else ANY_WIDTH
    return Console(
        stderr=stderr,
        highlight=False,
        soft_wrap=False,
        no_color=True if os.environ.get("NO_COLOR") else None,
        width=None if stream.isatty() else elsewhere,
    )


def print_json(value: object) -> None:
    """Print one JSON document; text stays readable, whatever its script."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_json_lines(values: Iterable[object]) -> None:
    """Print one JSON value a line."""
    for value in values:
        click.echo(json.dumps(value, ensure_ascii=False, default=str))


def write_file(path: Path, content: str | bytes) -> None:
    """Write what a command was asked to put into a file. Raises ChipwireError if it cannot."""
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise ChipwireError(
            f"{path} cannot be written",
            why=error.strerror or str(error),
            fix="choose another place, or make room there",
        ) from error


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> None:
    """Print a table; cells are data, never markup, and hold no control characters."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=box.SIMPLE, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    screen = console()
    with screen.capture() as drawn:  # rich pads each line to the table's width
        screen.print(table)
    lines = (line.rstrip() for line in drawn.get().strip("\n").splitlines())
    click.echo("\n".join(line for line in lines if line) + "\n")


def printable(cell: object) -> str:
    """Return a cell as text without terminal escapes or direction overrides."""
    text = "" if cell is None else str(cell)
    return "".join(
        character
        for character in text.replace("\n", " ").replace("\t", " ")
        if character.isprintable() and character not in DIRECTION_CONTROLS
    )


# Unicode's bidirectional embeddings, overrides and isolates (UAX #9): they reorder a terminal.
DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
