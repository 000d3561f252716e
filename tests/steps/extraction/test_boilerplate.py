"""What a site repeats is learnt from counts and taken out; what is said once stays."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.extraction.boilerplate import line_hashes, without_repeated

FOOTER = "Chip Herald is published by Herald Media, 12 Wafer Street."
PAGES = [f"Story {word} tells of a plant and its owners.\n{FOOTER}" for word in
         ("one", "two", "three", "four", "five", "six")]  # fmt: skip
COUNTS = Counter(line for text in PAGES for line in line_hashes(text))


def test_a_line_on_many_pages_goes_and_the_rest_stays() -> None:
    assert without_repeated(PAGES[0], COUNTS) == "Story one tells of a plant and its owners."


def test_a_line_on_few_pages_stays() -> None:
    few = Counter(line for text in PAGES[:4] for line in line_hashes(text))
    assert without_repeated(PAGES[0], few) == PAGES[0]


def test_a_changing_number_does_not_hide_a_repeated_line() -> None:
    counts = Counter(n for i in range(9) for n in line_hashes(f"Updated {i} minutes ago by us"))
    assert without_repeated("Updated 77 minutes ago by us\nThe plant is late.", counts) == (
        "The plant is late."
    )


def test_a_text_is_never_emptied() -> None:
    assert without_repeated(FOOTER, COUNTS) == FOOTER


def test_hashes_fit_the_stores_integers() -> None:
    assert all(-(2**63) <= number < 2**63 for text in PAGES for number in line_hashes(text))


@given(st.lists(st.text(alphabet="abc xyz.\n", max_size=60), max_size=6))
def test_removing_twice_is_removing_once(lines: list[str]) -> None:
    text = "\n".join(lines)
    once = without_repeated(text, COUNTS)
    assert without_repeated(once, COUNTS) == once
