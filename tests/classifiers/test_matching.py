import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.matching import Matcher

CASES = {
    "a word in any case": (
        "lithography",
        "LITHOGRAPHY and Lithography",
        ["LITHOGRAPHY", "Lithography"],
    ),
    "a plural": ("chip", "chips chip's Chips", ["chips", "chip", "Chips"]),
    "no part of a word": ("fab", "fabric prefab", []),
    "a plural in -ies": ("foundry", "foundries", ["foundries"]),
    "words joined by a hyphen": (
        "high-bandwidth memory",
        "High Bandwidth Memories",
        ["High Bandwidth Memories"],
    ),
    "an acronym's family": ("HBM", "HBM3E, HBM4 and HBM", ["HBM3E", "HBM4", "HBM"]),
    "an acronym in its own case": ("BIS", "bis and BIS", ["BIS"]),
    "a long acronym in any case": ("TSMC", "tsmc's TSMC", ["tsmc", "TSMC"]),
    "a node is not a product number": ("=N2", "QCY N20, n2, N2P and N2", ["N2"]),
    "a cased name": ("=Ascend", "ascend the Ascend 910B", ["Ascend"]),
    "an open ending": (
        "restrict*",
        "restricting restrictions strict",
        ["restricting", "restrictions"],
    ),
    "an open ending of two words": ("ion implant*", "ion implantation", ["ion implantation"]),
    "nanometres however written": (
        "3nm",
        "3 nm 3-nanometer 3nm 13nm 3-nanometre",
        ["3 nm", "3-nanometer", "3nm", "3-nanometre"],
    ),
    "a possessive between words": ("Samsung foundry", "Samsung's foundry", ["Samsung's foundry"]),
    "a term of three words with an open end": (
        "directed self assembl*",
        "directed self-assembly, directed self",
        ["directed self-assembly"],
    ),
    "a decimal is no whole number": ("4nm", "1.4nm 4nm", ["4nm"]),
    "initials with points": ("U.S.", "the U.S. and us", ["U.S."]),
    "Chinese inside a run": ("光刻机", "荷兰光刻机出口", ["光刻机"]),
    "traditional Chinese": ("台积电先进封装", "臺積電先進封裝", ["臺積電先進封裝"]),
    "a mixed term": ("AI芯片", "AI 芯片、OpenAI芯片、AI晶片", ["AI 芯片"]),
    "a Chinese node": ("2纳米", "2 纳米, 12纳米, 1.2纳米", ["2 纳米"]),
    "a Latin acronym between Chinese": ("EUV", "购入EUV光刻机", ["EUV"]),
    "Korean with its particle": ("수출통제", "수출 통제를 강화", ["수출 통제"]),
    "Japanese": ("露光装置", "最新露光装置が", ["露光装置"]),
    "full width": ("HBM", "ＨＢＭ３Ｅ", ["ＨＢＭ３Ｅ"]),
    "Chinese across lines": ("光刻", "光\n刻", []),
}


@pytest.mark.parametrize(("term", "text", "expected"), CASES.values(), ids=CASES.keys())
def test_finds(term: str, text: str, expected: list[str]) -> None:
    assert [text[match.start : match.end] for match in Matcher([term]).find(text)] == expected


def test_matches_come_by_place_the_longer_first_and_name_their_term() -> None:
    found = Matcher(["chip", "AI chip", "chip curbs"]).find("AI chip curbs")
    assert [(match.term, match.start) for match in found] == [(1, 0), (2, 3), (0, 3)]


@given(st.text(max_size=200))
def test_any_text_is_searched_and_every_match_lies_in_it(text: str) -> None:
    matcher = Matcher(["chip", "=N2", "HBM", "光刻", "AI芯片", "칩", "a*", "nm", "ßs", "İ"])
    for match in matcher.find(text):
        assert 0 <= match.start < match.end <= len(text)


@given(st.text(alphabet="ab 한光-3nmHBM", max_size=60))
def test_a_matcher_remembers_words_without_changing_its_answers(text: str) -> None:
    fresh, used = (Matcher(["a", "HBM", "3nm", "b a", "光", "한 한"]) for _ in range(2))
    used.find(text[::-1])
    assert used.find(text) == fresh.find(text)
