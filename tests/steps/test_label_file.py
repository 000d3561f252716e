"""Labels as files: there and back, harmless to spreadsheets, refused with the line."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.steps import label_file

ROW = {
    "article_id": 1, "url": "https://a.test/1", "title": "T", "topic": "hbm", "verdict": "yes",
    "reviewer": "ann", "note": "", "origin": "page", "probability_then": 0.5, "model_then": "m",
    "created_at": "2026-11-23T07:05:00Z",
}  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"], ids=repr)
def test_no_cell_starts_like_a_formula(start: str) -> None:
    text = label_file.write_csv([{**ROW, "title": f"{start}cmd", "note": f"{start}1"}])
    (_, row) = list(csv.reader(io.StringIO(text, newline="")))
    assert f"'{start}cmd" in row
    assert not any(cell.startswith(label_file.FORMULA) for cell in row)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_a_note_survives_both_formats(note: str) -> None:
    rows = [{**ROW, "note": note}]
    for text in (label_file.write_jsonl(rows), label_file.write_csv(rows)):
        (line,) = label_file.read(text.encode(), name="f")
        assert (line.url, line.topic, line.verdict, line.reviewer) == (
            "https://a.test/1", "hbm", "yes", "ann",
        )  # fmt: skip
        assert line.note == note


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('{"topic": "hbm"', "f: line 1 is no JSON"),
        ('{"topic": "hbm", "verdict": "perhaps", "article_id": 1}', "f: line 1: verdict 'perhaps'"),
        ('{"verdict": "yes", "article_id": 1}', "f: line 1 names no topic"),
        ('{"verdict": "yes", "topic": "hbm"}', "no topic or no article"),
        ("topic,url\nhbm,x\n", "no column verdict"),
        ("topic,verdict,url\nhbm,yes,x\nhbm,eh,x\n", "f: line 3: verdict 'eh'"),
        ('topic,verdict,url\nhbm,yes,"' + "a" * 200_000, "cannot be read"),
        ("topic,verdict,article_id\nhbm,yes," + "9" * 24, "no topic or no article"),
        ("topic,verdict,article_id\nhbm,yes," + "9" * 5000, "no topic or no article"),
        ('{"topic": ' + "[" * 100_000, "f: line 1 is no JSON"),
        ('{"topic": ["hbm"], "verdict": "yes", "article_id": 1}', "line 1: topic is neither text"),
        ('{"topic": "hbm", "verdict": "yes", "article_id": 1, "created_at": "today"}', "no time"),
    ],
)
def test_what_is_no_label_is_refused_with_its_line(data: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        label_file.read(data.encode(), name="f")


@pytest.mark.parametrize(
    ("verdict", "word"), [(True, "yes"), (False, "no"), (1, "yes"), (0, "no"), ("Y", "yes")]
)
def test_a_verdict_may_be_said_as_programs_say_it(verdict: object, word: str) -> None:
    line = json.dumps({"article_id": 1, "topic": "hbm", "verdict": verdict})
    assert [found.verdict for found in label_file.read(line.encode(), name="f")] == [word]


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ConfigError, match="not UTF-8"):
        label_file.read(b"\xff\xfe{", name="f")
