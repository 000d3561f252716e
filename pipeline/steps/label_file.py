"""Labels as files: JSON lines and CSV, written safe for spreadsheets and read back."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import ConfigError
from pipeline.models.labels import REVIEWER, VERDICTS, Verdict
from pipeline.steps.verdicts import storable

COLUMNS = (
    "article_id", "url", "title", "topic", "verdict", "reviewer", "note", "origin",
    "probability_then", "model_then", "created_at",
)  # fmt: skip
EXAMPLE = '{"url": "https://…", "topic": "hbm", "verdict": "yes"}'
# What a spreadsheet takes for a formula at the start of a cell (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WORDS: Mapping[str, Verdict] = {
    **{verdict: verdict for verdict in VERDICTS},
    "y": "yes", "1": "yes", "true": "yes", "n": "no", "0": "no", "false": "no", "s": "skip",
    "u": "undo",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabelLine:
    """A label as a file states it: its article by address or, without one, by id."""

    where: str
    url: str
    article_id: int | None
    topic: str
    verdict: Verdict
    reviewer: str
    note: str
    created_at: str


def write_jsonl(rows: Iterable[Mapping[str, object]]) -> str:
    """Return one JSON object a line."""
    return "".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows)


def write_csv(rows: Iterable[Mapping[str, object]]) -> str:
    """Return CSV with a heading; text that a spreadsheet would run gets an apostrophe first."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([harmless(row.get(column)) for column in COLUMNS])
    return target.getvalue()


def harmless(cell: object) -> object:
    """Return a cell no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell


def is_formula(cell: str) -> bool:
    return cell.lstrip("'").startswith(FORMULA)  # one more for those that have some: reversible


def read(data: bytes, *, name: str) -> list[LabelLine]:
    """Return the labels of JSON lines or CSV, told apart by the first character.

    Raises:
        ConfigError: a line that is no label, with its number.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name} is not UTF-8", why=str(error), fix="save it as UTF-8") from error
    rows = json_rows(text, name) if text.lstrip().startswith("{") else csv_rows(text, name)
    return [to_line(row, where) for where, row in rows]


def json_rows(text: str, name: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{name}: line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ConfigError(f"{where} is no JSON", why=str(error), fix=EXAMPLE) from error
        if not isinstance(row, dict):
            raise ConfigError(f"{where} is no label", fix=f"write it as {EXAMPLE}")
        yield where, row


def csv_rows(text: str, name: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = {"topic", "verdict"} - set(reader.fieldnames or ())
    if missing:
        raise ConfigError(
            f"{name} has no column {' or '.join(sorted(missing))}",
            fix=f"its first line names the columns: {', '.join(COLUMNS[:6])}",
        )
    try:
        for row in reader:
            yield f"{name}: line {reader.line_num}", {key: unquoted(row[key]) for key in row if key}
    except csv.Error as error:
        raise ConfigError(
            f"{name}: line {reader.line_num} cannot be read",
            why=str(error),
            fix="look for a quotation mark that is never closed",
        ) from error


def unquoted(cell: str | Sequence[str] | None) -> str:
    """Return a cell without the apostrophe that `harmless` put before a formula's sign."""
    text = cell if isinstance(cell, str) else ""
    return text[1:] if text.startswith("'") and is_formula(text) else text


def is_id(number: str) -> bool:
    """Tell whether a text can be an article's number: SQLite's integers have 18 full digits."""
    return number.isdecimal() and len(number) <= 18


def to_line(row: Mapping[str, object], where: str) -> LabelLine:
    stated = {column: row[column] for column in COLUMNS if row.get(column) is not None}
    text = {column: plain(cell, f"{where}: {column}") for column, cell in stated.items()}
    verdict = WORDS.get(text.get("verdict", "").strip().lower())
    if verdict is None:
        raise ConfigError(
            f"{where}: verdict {text.get('verdict', '')!r} makes no sense",
            fix=f"write one of {', '.join(VERDICTS)}",
        )
    number = text.get("article_id", "").strip()
    if not text.get("topic", "").strip() or not (text.get("url") or is_id(number)):
        raise ConfigError(f"{where} names no topic or no article", fix=f"write it as {EXAMPLE}")
    check_time(text.get("created_at", ""), where)
    return LabelLine(
        where=where,
        url=text.get("url", ""),
        article_id=int(number) if is_id(number) else None,
        topic=text["topic"].strip(),
        verdict=verdict,
        reviewer=text.get("reviewer", "").strip() or REVIEWER,
        note=text.get("note", ""),
        created_at=text.get("created_at", ""),
    )


def plain(cell: object, where: str) -> str:
    """Return a text, a number or a truth value as text. Raises ConfigError for anything else."""
    if isinstance(cell, str | int | float):
        return storable(str(cell))
    raise ConfigError(f"{where} is neither text nor a number", fix=f"write it as {EXAMPLE}")


def check_time(text: str, where: str) -> None:
    """Refuse what is no time as the log writes it: it is sorted and compared as text."""
    try:
        if text:
            datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - only looked at
    except ValueError as error:
        raise ConfigError(
            f"{where}: created_at {text!r} is no time",
            fix="write it as 2026-11-23T07:05:00Z, or leave it out for now",
        ) from error
