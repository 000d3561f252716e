"""A stream of CSV, however it is cut: the same cells, none of them a formula."""

import csv
import io
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.spreadsheets import HarmlessCsv, is_number
from pipeline.steps.label_file import FORMULA, unquoted

HARD = ["=1+1", "-5", "+49 30", "@sum", "'=x", '"=', "a\n=b", "a,b", "\t=", "-1.5e3", "中"]
ANY = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
CELLS = ANY | st.sampled_from(HARD)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=5)


def written(rows: list[list[str]]) -> bytes:
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerows(rows)
    return target.getvalue().encode()


@given(ROWS, st.lists(st.integers(0, 400), max_size=6))
def test_every_cut_gives_the_same_cells_and_none_is_a_formula(
    rows: list[list[str]], cuts: list[int]
) -> None:
    data = written(rows)
    edges = sorted({0, *(cut for cut in cuts if cut < len(data)), len(data)})
    stream = HarmlessCsv()
    parts = [stream.feed(data[start:end], last=False) for start, end in pairwise(edges)]
    text = b"".join([*parts, stream.feed(b"", last=True)]).decode()
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert [[back(cell) for cell in row] for row in found] == rows
    assert not [c for row in found for c in row if c.startswith(FORMULA) and not is_number(c)]


def back(cell: str) -> str:
    return cell if is_number(cell) else unquoted(cell)


def test_what_is_harmless_is_passed_on_as_it_is() -> None:
    data = b'id,title\n1,"a ""quoted"" fab, with\nlines"\n2,-4.5'
    assert HarmlessCsv().feed(data, last=True) == data


def test_a_record_is_given_on_as_soon_as_it_is_over() -> None:
    stream = HarmlessCsv()
    assert stream.feed(b'1,"a\n', last=False) == b""
    assert stream.feed(b'b"\r\n2,', last=False) == b'1,"a\nb"\r\n'
    assert stream.feed(b"=x", last=True) == b"2,'=x"


def test_a_long_text_beside_a_formula_takes_no_time_of_its_own() -> None:
    long = ('word, ""quoted"", ' * 40_000).encode()
    data = b'1,"' + long + b'",=1\r\n'
    assert HarmlessCsv().feed(data, last=True) == b'1,"' + long + b"\",'=1\r\n"
