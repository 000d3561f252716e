"""Columns: the same counts as spelling every token and looking it up."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.features import Vectoriser

MIXED = st.lists(
    st.sampled_from(
        [
            "chip",
            "Chip",
            "a",
            "N2",
            "台积电",
            "台",
            "芯片",
            " ",
            "\n",
            ", ",
            "삼성",
            "ＴＳＭＣ",
            "…",
            "é",
            "🚀",
            "_",
        ]
    ),
    max_size=30,
).map("".join)
LEARNT = ["chip N2 chip\nTSMC chip 台积电 芯 芯片", "é chip, N2 tsmc\n삼성이 台 芯片 台积"]


def counted(vectoriser: Vectoriser, text: str) -> dict[str, float]:
    """Return the sublinear TF-IDF weights of spelled tokens, rows of length one."""
    known = {token: place for place, token in enumerate(vectoriser.vocabulary_)}
    counts = Counter(token for token in vectoriser.tokens(text) if token in known)
    weights = {
        token: (np.log(count) + 1) * vectoriser.idf_[known[token]]
        for token, count in counts.items()
    }
    norm = np.sqrt(sum(weight**2 for weight in weights.values()))
    return {token: weight / norm for token, weight in weights.items()}


@pytest.mark.parametrize("bigrams", [False, True], ids=["words", "words and pairs"])
@given(texts=st.lists(st.one_of(MIXED, st.text(max_size=30)), max_size=4))
def test_rows_hold_every_known_token_as_often_as_it_is_spelled(
    bigrams: bool, texts: list[str]
) -> None:
    vectoriser = Vectoriser(bigrams=bigrams).fit(LEARNT)
    rows = vectoriser.transform(texts)
    assert rows.shape == (len(texts), len(vectoriser.vocabulary_))
    assert rows.has_canonical_format
    for text, row in zip(texts, rows, strict=True):
        found = {
            vectoriser.vocabulary_[at]: value
            for at, value in zip(row.indices, row.data, strict=True)
        }
        assert found == pytest.approx(counted(vectoriser, text))


def test_texts_beyond_one_batch_come_in_order() -> None:
    vectoriser = Vectoriser().fit(LEARNT)
    texts = [LEARNT[n % 2] if n % 7 else "" for n in range(1203)]
    rows = vectoriser.transform(texts)
    for place in (0, 1, 499, 500, 501, 999, 1000, 1202):
        assert (rows[place] != vectoriser.transform([texts[place]])).nnz == 0


FOREIGN = {
    "nothing": (),
    "an empty token": ("",),
    "a token of three words": ("a b c", "chip"),
    "CJK and what is none": ("台😀", "台", "芯片厂家"),
    "a pair of words that stand nowhere alone": ("export curbs",),
}


@pytest.mark.parametrize("vocabulary", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_vocabulary_from_elsewhere_finds_what_it_can(vocabulary: tuple[str, ...]) -> None:
    restored = Vectoriser.restore(vocabulary, np.ones(len(vocabulary)))
    rows = restored.transform(["export curbs 台 a b c chip", "芯片厂家 台😀", ""])
    assert rows.shape == (3, len(vocabulary))
    found = {vocabulary[column] for column in rows.indices}
    assert found == {"chip", "台", "export curbs"} & set(vocabulary)
