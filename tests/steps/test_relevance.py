"""What a search shows first: titles, then texts that say the words often for their length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.relevance import Found, by_text, by_title, phrases


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("HBM Memory", ("hbm", "memory")),
        ('"export controls" ASML', ("export controls", "asml")),
        ("Müller café", ("muller", "cafe")),
        ("台積電 HBM", ("台積電", "hbm")),
        ('""', ()),
        ("  ", ()),
    ],
)
def test_a_query_is_words_and_quoted_phrases(query: str, wanted: tuple[str, ...]) -> None:
    assert phrases(query) == wanted


def test_more_of_the_words_in_the_title_come_first_else_the_newest() -> None:
    found = [Found(4, "Weather"), Found(3, "HBM news"), Found(2, "Stack of HBM"), Found(1, "Rain")]
    assert by_title(found, ("hbm", "stack")) == [2, 3, 4, 1]


def test_a_text_that_says_the_word_more_often_for_its_length_comes_first() -> None:
    texts = {
        1: ("A", "hbm " + "weather " * 50),
        2: ("B", "hbm hbm hbm " + "weather " * 50),
        3: ("C", "hbm"),
        4: ("HBM D", "weather " * 50),
    }
    assert by_text([1, 2, 3, 4], texts, ("hbm",)) == [4, 3, 2, 1]


def test_equals_keep_their_order_and_nothing_is_lost() -> None:
    texts = dict.fromkeys((9, 5, 7), ("T", "hbm and more"))
    assert by_text([9, 5, 7], texts, ("hbm",)) == [9, 5, 7]
    assert by_text([9, 5], {}, ("hbm",)) == [9, 5]


def test_case_and_accents_do_not_count() -> None:
    texts = {1: ("", "nothing"), 2: ("", "MÜLLER")}
    assert by_text([1, 2], texts, phrases("muller")) == [2, 1]


@given(st.lists(st.tuples(st.text(), st.text()), max_size=8), st.text())
def test_any_texts_are_put_in_some_order(said: list[tuple[str, str]], query: str) -> None:
    texts = dict(enumerate(said))
    assert sorted(by_text(list(texts), texts, phrases(query))) == list(texts)
