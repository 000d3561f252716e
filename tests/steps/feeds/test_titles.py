"""Titles and summaries are one clean line, whatever a publisher escaped and how often."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.feeds.titles import clean_title, plain_text, without_suffix

CLEANED = [
    pytest.param("HBM4 ships", "HBM4 ships", id="a plain title"),
    pytest.param("AT&amp;T", "AT&T", id="escaped once more than needed"),
    pytest.param("AT&amp;amp;amp;T", "AT&T", id="escaped three times"),
    pytest.param("R&D at C++ shop, 5 < 7 nm", "R&D at C++ shop, 5 < 7 nm", id="no markup at all"),
    pytest.param("a <b>bold</b> claim", "a bold claim", id="inline markup"),
    pytest.param("&lt;b&gt;bold&lt;/b&gt;", "bold", id="escaped markup"),
    pytest.param("&amp;lt;i&amp;gt;x&amp;lt;/i&amp;gt;", "x", id="markup escaped twice"),
    pytest.param("HBM<sub>4</sub>", "HBM4", id="a subscript stays in its word"),
    pytest.param("one<br/>two", "one two", id="a line break parts words"),
    pytest.param("x<script>alert('1')</script>y", "xy", id="script goes with its content"),
    pytest.param("x<scr\u200bipt>alert(1)</script>", "x", id="script hidden by a zero width"),
    pytest.param("x<img src=a onerror=alert(1)>", "x", id="an image with a handler"),
    pytest.param("x<svg/onload=alert(1)>", "x", id="svg"),
    pytest.param("x <!-- hidden -->y", "x y", id="a comment"),
    pytest.param("cut off <img src='", "cut off", id="an unfinished tag"),
    pytest.param("two\n\t lines", "two lines", id="white space"),
    pytest.param("sub\r\nBcc: x@evil.test", "sub Bcc: x@evil.test", id="a header's line break"),
    pytest.param("a\u202egnp.exe\u202c", "agnp.exe", id="bidirectional override"),
    pytest.param("zero\u200b\u2060\ufeffwidth", "zerowidth", id="zero widths"),
    pytest.param("nul\x00bell\x07esc\x1b[31m", "nulbellesc[31m", id="controls and escapes"),
    pytest.param("half \ud83d pair", "half pair", id="a lone surrogate"),
    pytest.param("삼성", "삼성", id="decomposed Hangul"),
    pytest.param("台積電&nbsp;2&#x5948;米", "台積電 2奈米", id="references among Chinese"),
    pytest.param("&copyright 2026 &lt 5", "&copyright 2026 &lt 5", id="no reference without ;"),
    pytest.param("x" * 2000, "x" * 999 + "…", id="two thousand characters"),
]


@pytest.mark.parametrize(("raw", "clean"), CLEANED)
def test_a_title_is_cleaned(raw: str, clean: str) -> None:
    assert clean_title(raw) == clean


@given(st.text(alphabet="<>&;#/!-abmplt \u200b\u202e\ud83d", max_size=60))
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    assert clean_title(clean_title(raw)) == clean_title(raw)


@given(st.text(max_size=200))
def test_a_clean_title_can_be_stored_and_shown(raw: str) -> None:
    title = clean_title(raw)
    assert title.encode().decode() == title
    assert not any(ord(letter) < 32 or 0x202A <= ord(letter) <= 0x202E for letter in title)


def test_a_summary_reads_like_text() -> None:
    markup = "<p>First.</p><ul><li>one</li><li>two</li></ul><style>p{}</style>"
    assert plain_text(markup) == "First. one two"


@pytest.mark.parametrize(
    ("title", "outlet", "kept"),
    [
        pytest.param("HBM4 ships - EE Times", "EE Times", "HBM4 ships", id="the outlet goes"),
        pytest.param("HBM4 - a primer", "EE Times", "HBM4 - a primer", id="another dash stays"),
        pytest.param("HBM4 ships", "", "HBM4 ships", id="no outlet"),
    ],
)
def test_an_aggregators_suffix_goes(title: str, outlet: str, kept: str) -> None:
    assert without_suffix(title, outlet) == kept
