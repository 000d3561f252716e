"""Sketches: copies, cuts and glued pages meet; articles that only share a subject do not."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps import sketch
from pipeline.steps.sketch import Relation

WORDS = st.lists(st.sampled_from([f"w{n}" for n in range(300)]), min_size=0, max_size=400)
TEXTS = WORDS.map(" ".join)


def article(seed: int, words: int = 300) -> str:
    """An article of `words` words that shares none with one of another seed."""
    return " ".join(f"word{(place * place + 7 * place) % 997}x{seed}" for place in range(words))


def swapped(text: str, every: int) -> str:
    """The text with every n-th word replaced."""
    words = text.split()
    return " ".join(f"new{at}" if at % every == 0 else word for at, word in enumerate(words))


ONE, TWO, THREE, FOUR = (article(seed) for seed in range(4))
HANZI = "".join(chr(0x4E00 + (place * 53) % 5000) for place in range(300))
COPIES: list[tuple[str, str, str, Relation]] = [
    ("itself", ONE, ONE, "same"),
    ("in capitals and without punctuation", ONE, ONE.upper().replace(" ", " — "), "same"),
    ("with a banner and a foot", ONE, f"Accept cookies. {ONE} All rights reserved.", "same"),
    ("with one word in seven replaced", ONE, swapped(ONE, 7), "same"),
    ("cut to 60 %", ONE, " ".join(ONE.split()[:180]), "same"),
    ("its first 30 %", ONE, " ".join(ONE.split()[:90]), "contains"),
    ("glued with three others", ONE, f"{TWO} {ONE} {THREE} {FOUR}", "contained"),
    ("another article", ONE, TWO, "none"),
    ("too short to judge", ONE, " ".join(ONE.split()[:8]), "none"),
    ("empty", ONE, "", "none"),
    ("ideographs with a banner", HANZI, "本文由合作媒体提供" + HANZI, "same"),
    ("ideographs, one in seven replaced", HANZI,
     "".join("新" if at % 7 == 0 else one for at, one in enumerate(HANZI)), "same"),
    ("ideographs among Latin words", HANZI, ONE + HANZI + TWO + THREE, "contained"),
    ("Latin words inside ideographs", HANZI, HANZI.replace(HANZI[40], "H20"), "same"),
    ("three lines of news", article(4, 40), swapped(article(4, 40), 20), "same"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "other", "expected"), [row[1:] for row in COPIES], ids=[row[0] for row in COPIES]
)
def test_a_text_stands_to_another(text: str, other: str, expected: Relation) -> None:
    assert sketch.relation(sketch.sketch(text), sketch.sketch(other)) == expected


def test_a_set_form_filled_in_twice_is_no_copy() -> None:
    form = article(9, 33)
    one, two = (sketch.sketch(f"{form} {article(seed, 57)}") for seed in (10, 11))
    assert sketch.containment(one, two) > sketch.CONTAINMENT
    assert sketch.relation(one, two) == "none"


@given(TEXTS, TEXTS)
def test_a_relation_read_backwards_is_its_mirror(one: str, other: str) -> None:
    mirror = {"same": "same", "none": "none", "contains": "contained", "contained": "contains"}
    first, second = sketch.sketch(one), sketch.sketch(other)
    assert sketch.relation(second, first) == mirror[sketch.relation(first, second)]


@given(TEXTS)
def test_a_text_lies_wholly_in_itself(text: str) -> None:
    own = sketch.sketch(text)
    assert sketch.containment(own, own) == (1.0 if len(own) >= sketch.SHARED else 0.0)


@given(st.text())
def test_any_text_has_a_sketch_that_fits_the_database(text: str) -> None:
    own = sketch.sketch(text)
    assert all(0 <= value < 2**63 for value in own)
    assert own == {value for value in own if value < sketch.RANGE // sketch.fraction(own)}


def test_long_texts_keep_one_hash_in_eight_and_short_ones_all() -> None:
    assert len(sketch.sketch(article(5, 4000))) < 4000 / sketch.FRACTION * 1.3
    assert len(sketch.sketch(article(5, 40))) == 36


def test_a_sketch_is_the_same_in_every_process() -> None:
    code = f"from pipeline.steps.sketch import sketch; print(sorted(sketch({ONE!r})))"
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True,
        env={"PYTHONHASHSEED": "99"},
    )  # fmt: skip
    assert made.stdout.strip() == str(sorted(sketch.sketch(ONE)))
