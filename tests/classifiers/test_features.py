"""Features: what becomes a token, title weight, and rows equal to scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from classifiers.features import Vectoriser, tokens, weighted_tokens

NEWS = [
    "TSMC raises capex\nTSMC said on Thursday that spending will reach $40 billion.",
    "ASML ships High-NA tool\nThe EUV machine went to Intel, ASML said.",
    "삼성전자 HBM4 양산\n삼성전자가 HBM4 양산을 시작했다.",
    "台积电扩产先进封装\n台积电表示CoWoS产能翻倍。",
    "",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("High-NA EUV", ["high", "na", "euv"], id="words are lower-cased and split"),
        pytest.param("a 2nm N2 chip", ["2nm", "n2", "chip"], id="single letters are dropped"),
        pytest.param("ＴＳＭＣ", ["tsmc"], id="full-width letters are folded"),
        pytest.param("台积电", ["台积", "积电", "台积电"], id="Han in pairs and triples"),
        pytest.param("芯", ["芯"], id="a lone Han character is kept"),
        pytest.param("삼성이", ["삼성", "성이", "삼성이"], id="Hangul in pairs and triples"),
        pytest.param(
            "チップ", ["チッ", "ップ", "チップ"], id="Kana with the long mark in pairs and triples"
        ),
        pytest.param("台积电N2工艺", ["n2", "台积", "积电", "台积电", "工艺"], id="mixed scripts"),
        pytest.param("чип Привет", ["чип", "привет"], id="other alphabets are words"),
        pytest.param("🚀🚀", [], id="emoji are no tokens"),
        pytest.param("", [], id="an empty text has none"),
    ],
)
def test_tokens_without_pairs(text: str, expected: list[str]) -> None:
    assert tokens(text, bigrams=False) == expected


def test_word_pairs_follow_the_words() -> None:
    assert tokens("export curbs bite") == ["export", "curbs", "bite", "export curbs", "curbs bite"]


@pytest.mark.parametrize(
    ("text", "weight", "expected"),
    [
        pytest.param("chip\nbody", 2, ["chip", "chip", "body"], id="the title counts twice"),
        pytest.param("chip\nbody", 1, ["chip", "body"], id="weight one changes nothing"),
        pytest.param("chip body", 3, ["chip", "body"], id="one line is no title"),
        pytest.param(f"{'ab ' * 200}\nbody", 2, ["ab"] * 200 + ["body"], id="nor is a paragraph"),
        pytest.param(
            "\n\nchip\nbody", 2, ["chip", "chip", "body"], id="leading blanks are skipped"
        ),
    ],
)
def test_title_weight(text: str, weight: int, expected: list[str]) -> None:
    assert weighted_tokens(text, bigrams=False, title_weight=weight) == expected


def test_only_so_many_characters_are_read() -> None:
    assert weighted_tokens("chip curbs " * 10**6, bigrams=False, max_chars=10) == ["chip", "curbs"]


@pytest.mark.parametrize("bigrams", [False, True], ids=["words", "words and pairs"])
def test_rows_equal_those_of_scikit_learn(bigrams: bool) -> None:
    texts = NEWS * 25  # enough for min_df to bite
    texts[0] += " hapax"
    ours = Vectoriser(bigrams=bigrams)
    theirs = TfidfVectorizer(analyzer=ours.tokens, sublinear_tf=True, min_df=2)
    expected = theirs.fit_transform(texts)
    rows = ours.fit_transform(texts)
    assert list(ours.vocabulary_) == theirs.get_feature_names_out().tolist()
    assert abs(rows - expected).max() < 1e-12
    assert abs(ours.transform(NEWS) - theirs.transform(NEWS)).max() < 1e-12
    assert rows.has_sorted_indices


def test_a_small_collection_keeps_every_token() -> None:
    assert Vectoriser(min_df=2).fit(["one text"]).vocabulary_ == ("one", "one text", "text")


def test_a_restored_vectoriser_gives_the_same_rows() -> None:
    fitted = Vectoriser(title_weight=3).fit(NEWS)
    restored = Vectoriser.restore(fitted.vocabulary_, fitted.idf_, title_weight=3)
    assert (restored.transform(NEWS) != fitted.transform(NEWS)).nnz == 0


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["TSMC said"], 0.0, id="all known"),
        pytest.param(["zebra quagga"], 1.0, id="none known"),
        pytest.param(["tsmc zebra"], 2 / 3, id="one word of two, and their pair unknown"),
        pytest.param([""], 0.0, id="no tokens"),
    ],
)
def test_unknown_rate(texts: list[str], expected: float) -> None:
    assert Vectoriser().fit(NEWS).unknown_rate(texts) == pytest.approx(expected)


@given(st.lists(st.text(max_size=60), min_size=1, max_size=8))
def test_any_text_gives_rows_of_length_one_or_nothing(texts: list[str]) -> None:
    rows = Vectoriser().fit_transform(texts)
    lengths = np.sqrt(rows.multiply(rows).sum(axis=1)).A1 if rows.nnz else np.zeros(len(texts))
    known = np.diff(rows.indptr) > 0
    assert np.allclose(lengths[known], 1)
    assert not lengths[~known].any()
    assert rows.has_canonical_format
