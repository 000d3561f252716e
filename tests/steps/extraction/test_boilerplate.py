"""What a site repeats is learnt from counts and taken out; what is said once stays."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.extraction.boilerplate import PAGE, study, teaches, without_repeated

LETTER = "Get the Chip Herald letter every morning before the markets open."
STORIES = [
    f"The plant in {place} is late.\nIts owner told the people of {place} that the machines had"
    f" not come and that nobody could say when they would.\n{place} waits."
    for place in ("Arizona", "Dresden", "Kumamoto", "Hsinchu", "Oregon", "Gujarat", "Singapore")
]


def learnt(*texts: str) -> Counter[int]:
    counts: Counter[int] = Counter()
    for text in texts:
        if teaches(study(text), counts):
            counts.update(study(text).hashes)
    return counts


def with_letter(story: str, at: int) -> str:
    lines = story.splitlines()
    return "\n".join([*lines[:at], LETTER, *lines[at:]])


@pytest.mark.parametrize("at", [0, 1, 3], ids=["at the head", "between paragraphs", "at the end"])
def test_a_line_on_many_pages_goes_and_the_rest_stays(at: int) -> None:
    pages = [with_letter(story, at) for story in STORIES]
    assert without_repeated(pages[0], learnt(*pages)) == STORIES[0]


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        pytest.param([with_letter(story, 1) for story in STORIES[:4]], "few", id="four pages"),
        pytest.param(
            [with_letter(story, 1) for story in STORIES]
            + [f"{'So it goes on. ' * i}\nAnd {'on and ' * i}on." for i in range(70, 140)],
            "share", id="seven of a big site's pages",
        ),
        pytest.param(
            [f"{STORIES[0]}\nUpdated with comment number {i} of the owner." for i in range(9)],
            "copies", id="a story told again and again",
        ),
        pytest.param(
            [f"{story}\nThe index rose {i} % to 31,{i}00." for i, story in enumerate(STORIES)],
            "digits", id="another figure each day",
        ),
        pytest.param([f"{story}\n* * *" for story in STORIES], "short", id="a row of stars"),
        pytest.param(
            [f"{story}\n{LETTER * 3}\n" + "\n".join(f"{i}. {story}" for i in range(4))
             for story in STORIES],
            "long", id="a long paragraph inside the article",
        ),
    ],
)  # fmt: skip
def test_a_line_stays(pages: list[str], reason: str) -> None:
    assert without_repeated(pages[0], learnt(*pages)) == pages[0], reason


def test_a_long_paragraph_at_the_end_is_learnt_though_it_is_the_longest_of_all() -> None:
    about = f"{LETTER} {LETTER}"
    pages = [f"{story}\nThe mayor of {story[13:18]} said so at noon.\n{about}" for story in STORIES]
    assert about not in without_repeated(pages[0], learnt(*pages))


def test_less_than_half_a_text_is_taken() -> None:
    pages = [f"{place} waits for its plant.\n{LETTER}" for place in ("Arizona", "Dresden", "Kobe")]
    counts = learnt(*(with_letter(story, 3) for story in STORIES))
    assert without_repeated(pages[0], counts) == pages[0]
    assert without_repeated(LETTER, counts) == LETTER


def test_a_copy_teaches_nothing() -> None:
    counts = learnt(STORIES[0])
    assert not teaches(study(f"Updated.\n{STORIES[0]}"), counts)
    assert teaches(study(STORIES[1]), counts)
    assert counts[PAGE] == 1


def test_hashes_fit_the_stores_integers() -> None:
    assert all(-(2**63) <= number < 2**63 for text in STORIES for number in study(text).hashes)


@given(st.lists(st.text(alphabet="abc xyz.\n", max_size=60), max_size=6))
def test_removing_twice_is_removing_once_or_leaves_half(lines: list[str]) -> None:
    text = "\n".join(lines)
    once = without_repeated(text, learnt(*(with_letter(story, 1) for story in STORIES)))
    assert len(once) * 2 >= len(text.rstrip("\n"))
