"""Terms: what crosses languages crosses them, what news is made of is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.files import packaged
from pipeline.errors import ConfigError
from pipeline.steps import concepts
from pipeline.steps.terms import Terms, rarity, terms

WORDS = concepts.load((packaged("config") / "concepts.toml").read_bytes(), "concepts.toml")

SAME = [
    ("thousands", "20,000 wafers", "月2万枚", "#20000"),
    ("thousands in Korean", "24,000 units", "2만4000대", "#24000"),
    ("billions", "1.5 billion", "15亿", "#1.5e+09"),
    ("a node", "a 7-nanometer process", "7纳米", "~7nm"),
    ("a node in full-width digits", "2 nm", "２ナノ", "~2nm"),
    ("a span of years", "three to four years behind", "落后三到四年", "#3-4y"),
    ("a span of years in Korean", "3-4 years", "3~4년에서", "#3-4y"),
    ("two years", "about two years", "两年左右", "#2y"),
    ("per cent", "30 percent", "30%", "#30%"),
    ("a memory generation", "HBM3E", "HBM3E产品", "~hbm3e"),
    ("a plant", "the M15X plant", "청주 M15X 공장", "~m15x"),
    ("yield", "low yields", "良率偏低", "=yield"),
    ("a licence", "it was licensed", "出口许可", "=licence"),
    ("two words", "export controls", "管制", "=control"),
    ("samples in Korean", "sampling began", "샘플 공급", "=sample"),
    ("mass production in Japanese", "mass production", "量産開始", "=mass-production"),
]


@pytest.mark.parametrize(
    ("english", "other", "mark"), [row[1:] for row in SAME], ids=[row[0] for row in SAME]
)
def test_a_mark_is_the_same_in_two_languages(english: str, other: str, mark: str) -> None:
    assert mark in terms(english, (), WORDS).marks
    assert mark in terms(other, (), WORDS).marks


def test_names_and_concepts_are_not_counted_again_as_words() -> None:
    found = terms("Nvidia's yields doubled in Chandler", ["Nvidia"], WORDS)
    assert found.marks.keys() == {"@Nvidia", "=yield"}
    assert found.words.keys() == {"doubl", "chandler"}


def test_years_small_counts_and_common_words_say_nothing() -> None:
    found = terms("In 2026 the company said two of 12 people were there on Monday", (), WORDS)
    assert found == Terms({}, {})


@given(st.text())
def test_any_text_has_terms(text: str) -> None:
    assert all(count > 0 for count in terms(text, (), WORDS).words.values())


def test_rare_terms_weigh_more_and_companies_less() -> None:
    rare = rarity([Terms({"lens": 1}, {"@ASML": 1}), Terms({"lens": 1, "stage": 1}, {})])
    assert rare.of("stage") > rare.of("lens") > rare.of("@ASML") > 0


@pytest.mark.parametrize("data", [b"a = [", b'a = "b"', b"a = [1]", b"\xff"])
def test_a_broken_table_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(ConfigError, match=r"concepts\.toml"):
        concepts.load(data, "concepts.toml")


@pytest.mark.parametrize(
    ("forms", "stem"),
    [
        (["licenses", "licensed", "licensing", "license"], "licens"),
        (["ships", "shipped", "shipping", "ship"], "ship"),
        (["companies", "company"], "company"),
        (["processes", "process", "processed"], "process"),
        (["hbm4"], "hbm4"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms: list[str], stem: str) -> None:
    assert {concepts.stem(form) for form in forms} == {stem}
