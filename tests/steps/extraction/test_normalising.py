"""Lines in one form: single spaces, NFC, nothing invisible; short cuts change no answer."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.extraction.normalising import normalise_line, normalise_text


@pytest.mark.parametrize(
    ("written", "line"),
    [
        pytest.param("  Chips \n\t and\r\ntools ", "Chips and tools", id="blanks"),
        pytest.param("3\u00a0nm,\u202f10\u2009%", "3 nm, 10 %", id="hard and thin spaces"),
        pytest.param("one\u2028two\u2029three\x1ffour", "one two three four", id="separators"),
        pytest.param("soft\u00adware\u200b", "software", id="soft hyphens and zero width"),
        pytest.param("\u202eabc\u2066", "abc", id="bidi controls"),
        pytest.param("\x1b[31mred\x07", "[31mred", id="what a terminal obeys"),
        pytest.param("Cafe\u0301", "Café", id="two characters for one"),
        pytest.param("10² μm", "10² μm", id="no compatibility forms"),
        pytest.param("量产\u3000出货", "量产\u3000出货", id="the ideographic space"),
        pytest.param("می\u200cشود", "می\u200cشود", id="the Persian non-joiner"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_line_is(written: str, line: str) -> None:
    assert normalise_line(written) == line


@given(st.text(max_size=60))
def test_a_line_is_one_line_and_stays_as_it_is(text: str) -> None:
    line = normalise_line(text)
    assert normalise_line(line) == line
    assert len(line.splitlines()) <= 1
    assert "  " not in line
    assert unicodedata.is_normalized("NFC", line)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_the_short_cut_changes_no_answer(text: str) -> None:
    # The ideographic space sends a text the long way round.
    long_way = normalise_line(f"一\u3000| {text}").removeprefix("一\u3000|")
    assert normalise_line(text) == long_way.strip()


@given(st.lists(st.text(max_size=20), max_size=5))
def test_a_text_is_its_lines(lines: list[str]) -> None:
    text = normalise_text("\n".join(lines))
    assert "" not in text.split("\n") or text == ""
    assert normalise_text(text) == text
