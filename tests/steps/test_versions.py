"""Versions: a diff a person can read, and no edit where only the spacing moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps import versions
from pipeline.steps.versions import Change

POOR = "Yields are poor, an analyst said."
OLD = f"SMIC makes 7-nm chips. {POOR} U.S. curbs bite."

EDITS = [
    ("nothing", OLD, ()),
    ("only spacing", OLD.replace(" ", "  ") + "\n", ()),
    ("a sentence more", OLD + " SMIC declined to comment.",
     (Change("added", "", "SMIC declined to comment."),)),
    ("a sentence less", "SMIC makes 7-nm chips. U.S. curbs bite.",
     (Change("removed", POOR, ""),)),
    ("a word corrected", OLD.replace("poor", "fair"),
     (Change("reworded", POOR, "Yields are fair, an analyst said."),)),
    ("one gone, another come", OLD.replace("U.S. curbs bite.", "Prices doubled overnight."),
     (Change("removed", "U.S. curbs bite.", ""), Change("added", "", "Prices doubled overnight."))),
    ("one put before a reworded one", OLD.replace("Yields are poor", "It is hard. Yields are low"),
     (Change("added", "", "It is hard."),
      Change("reworded", POOR, "Yields are low, an analyst said."))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("after", "changes"), [row[1:] for row in EDITS], ids=[row[0] for row in EDITS]
)
def test_changes_are_told_sentence_by_sentence(after: str, changes: tuple[Change, ...]) -> None:
    assert versions.changes(OLD, after) == changes
    assert versions.is_edit(OLD, after) == bool(changes)


def test_a_diff_reads_as_before_and_after() -> None:
    assert versions.diff("良率偏低。价格上涨。", "良率偏高。价格上涨。新厂开工。") == (
        "- 良率偏低。\n+ 良率偏高。\n+ 新厂开工。"
    )


SPLIT = [
    ("abbreviations", "Sen. Warren asked the U.S. Congress. He left.", 2),
    ("a figure", "It rose 3.5 percent to $1.2 billion.", 1),
    ("a quotation", '"It works." She said so. “Fine.” He agreed.', 4),
    ("Chinese", "良率偏低。价格上涨！真的吗？", 3),
    ("a Chinese quotation", "他说“很好。”然后离开。", 1),
    ("paragraphs without full stops", "One\nTwo\n\nThree", 3),
    ("nothing", " \n ", 0),
]


@pytest.mark.parametrize(
    ("text", "count"), [row[1:] for row in SPLIT], ids=[row[0] for row in SPLIT]
)
def test_sentences(text: str, count: int) -> None:
    assert len(versions.sentences(text)) == count, versions.sentences(text)


TEXTS = st.lists(st.sampled_from(["A b c.", "D e.", "F g h i.", "中文。", "J?"])).map(" ".join)


@given(TEXTS, TEXTS)
def test_the_changes_lead_from_one_version_to_the_other(before: str, after: str) -> None:
    changes = versions.changes(before, after)
    gone = [change.before for change in changes if change.before]
    come = [change.after for change in changes if change.after]
    kept = sorted([*versions.sentences(before), *come])
    assert kept == sorted([*versions.sentences(after), *gone])
    assert bool(changes) == versions.is_edit(before, after)
