"""Hostile words become harmless ones."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.digest.harmless import link, one_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\r\nBcc: evil@x.test", "a Bcc: evil@x.test", id="a line break"),
        pytest.param("pay \u202eGNP.exe", "pay GNP.exe", id="a right-to-left override"),
        pytest.param("\u2066hid\u2069den", "hidden", id="isolates"),
        pytest.param("\x1b[31mred\x07", "red", id="terminal escapes"),
        pytest.param("zero\u200bwidth\ufeff", "zerowidth", id="zero-width characters"),
        pytest.param("lone \ud800 surrogate", "lone surrogate", id="a lone surrogate"),
        pytest.param("a\x00b", "ab", id="NUL"),
        pytest.param("H" + "\u0336" * 40, "H\u0336\u0336", id="stacked marks"),
        pytest.param("芯片 管制", "芯片 管制", id="Chinese stays"),
    ],
)
def test_a_line_shows_what_it_says(text: str, expected: str) -> None:
    assert one_line(text) == expected


@given(st.text(max_size=400), st.integers(min_value=5, max_value=120))
def test_a_line_is_one_line_within_its_limit_and_stays_as_it_is(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert not any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in line)
    assert one_line(line, limit) == line


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/x?y=1#z", True),
        ("http://a.example", True),
        ("HTTPS://A.example/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//a.example/x", False),
        ("https://user:pw@a.example/", False),
        ('https://a.example/"onclick=x', False),
        ("https://a.example/\r\nX: y", False),
        ("https://[::1/", False),
        ("https://a.example/" + "x" * 2_000, False),
        ("", False),
    ],
)
def test_a_link_leads_to_a_page_or_nowhere(url: str, kept: bool) -> None:
    assert link(url) == (url if kept else "")
