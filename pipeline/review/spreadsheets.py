"""CSV that Datasette streams, rewritten so that no cell is a formula to a spreadsheet."""

import codecs
import re

from pipeline.steps.label_file import is_formula

# Where a cell could begin like a formula: at the start, or after a comma or quotation mark.
SUSPECT = re.compile(r"""(?:^|[,"])'*[=+\-@\t\r]""")
# Not the csv module: it refuses a cell of more than 131,072 characters, and articles are longer.
CELL = re.compile(r"""(")?((?(1)[^"]*(?:""[^"]*)*|[^",\r\n]*))((?(1)"|))(,|\r?\n|\Z)""")


class HarmlessCsv:
    """Takes CSV in pieces and gives it back record by record; numbers stay numbers."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._record: list[str] = []  # lines of a record that is not over
        self._open = False  # inside quotation marks
        self._rest = ""  # a line that is not over

    def feed(self, data: bytes, *, last: bool) -> bytes:
        """Return what of the stream is complete; with `last`, all that is left."""
        lines = (self._rest + self._decode(data, last)).split("\n")
        self._rest = "" if last else lines.pop()
        ended = [line + "\n" for line in lines]
        if last and ended:
            ended[-1] = ended[-1][:-1]
        return "".join(record for line in ended for record in self._take(line, last)).encode()

    def _take(self, line: str, last: bool) -> list[str]:
        self._record.append(line)
        self._open ^= line.count('"') % 2 == 1
        if self._open and not (last and not line.endswith("\n")):
            return []
        record, self._record = "".join(self._record), []
        return [safe(record)]


def safe(record: str) -> str:
    """Return one record of CSV; most are told at a glance to need nothing."""
    return CELL.sub(harmless, record) if SUSPECT.search(record) else record


def harmless(found: re.Match[str]) -> str:
    opening, cell, closing, after = found.groups()
    mark = "'" if is_formula(cell) and not is_number(cell) else ""
    return f"{opening or ''}{mark}{cell}{closing}{after}"


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
