"""The reader of Reuters-21578 files, on a small file in their format written by us."""

from pathlib import Path

import pytest

from benchmarks.longtail import SIZES, LongTail
from benchmarks.reuters import Story, f1_scores, main, split, stories

SGM = """<!DOCTYPE lewis SYSTEM "lewis.dtd">
<REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" CGISPLIT="TRAINING-SET" OLDID="1" NEWID="1">
<DATE> 1-JAN-1987 10:00:00.00</DATE>
<TOPICS><D>grain</D><D>rye</D></TOPICS>
<PLACES><D>norway</D></PLACES>
<TEXT>&#2;
<TITLE>MILLERS &lt;ACME> BUY RYE</TITLE>
<DATELINE>    OSLO, Jan 1 - </DATELINE><BODY>Millers bought rye &amp; wheat.
 Reuter
&#3;</BODY></TEXT>
</REUTERS>
<REUTERS TOPICS="YES" LEWISSPLIT="TEST" NEWID="2">
<TOPICS><D>grain</D></TOPICS>
<TEXT TYPE="BRIEF">&#2;
<TITLE>GRAIN SHIPS WAIT</TITLE> &#3;
</TEXT>
</REUTERS>
<REUTERS TOPICS="YES" LEWISSPLIT="TEST" NEWID="3">
<TOPICS></TOPICS>
<TEXT TYPE="UNPROC">&#2;
Blah blah without marks.
&#3;</TEXT>
</REUTERS>
<REUTERS TOPICS="NO" LEWISSPLIT="TRAIN" NEWID="4">
<TOPICS></TOPICS><TEXT><TITLE>NOT INDEXED</TITLE></TEXT>
</REUTERS>
<REUTERS TOPICS="YES" LEWISSPLIT="NOT-USED" NEWID="5">
<TOPICS><D>tin</D></TOPICS><TEXT><TITLE>NOT USED</TITLE></TEXT>
</REUTERS>
"""


def test_stories_of_the_split_are_read() -> None:
    first, second, third = stories(SGM)
    assert first == Story(
        "train",
        "MILLERS <ACME> BUY RYE\nMillers bought rye & wheat.\n Reuter",
        frozenset({"grain", "rye"}),
    )
    assert (second.part, second.topics) == ("test", {"grain"})
    assert second.text.startswith("GRAIN SHIPS WAIT")
    assert "Blah blah without marks." in third.text


def test_only_topics_of_both_parts_count() -> None:
    train, test = split(stories(SGM))
    assert [story.topics for story in train] == [{"grain"}]
    assert [story.topics for story in test] == [{"grain"}]


@pytest.mark.parametrize(
    ("truth", "told", "micro", "macro"),
    [
        pytest.param([{"a"}, {"b"}], [{"a"}, {"b"}], 1.0, 1.0, id="all right"),
        pytest.param([{"a"}, {"b"}], [{"a"}, set()], 2 / 3, 0.5, id="one missed"),
        pytest.param([{"a"}], [{"b"}], 0.0, 0.0, id="all wrong"),
    ],
)
def test_f1_scores(truth: list[set[str]], told: list[set[str]], micro: float, macro: float) -> None:
    scores = f1_scores([*map(frozenset, truth)], [*map(frozenset, told)])
    assert scores == pytest.approx({"micro F1": micro, "macro F1": macro})


def test_a_folder_without_files_is_skipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 0
    assert "skipped" in capsys.readouterr().out


def test_the_made_up_collection_has_the_topics_and_is_the_same_each_time() -> None:
    drawn = LongTail(3).draw(200)
    assert drawn == LongTail(3).draw(200)
    assert len(frozenset().union(*drawn.labels)) == len(SIZES) == 90
    assert all(text.count("\n") == 1 for text in drawn.texts)
