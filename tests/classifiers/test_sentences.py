from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.sentences import split

CASES = {
    "an initialism inside a sentence": (
        "The U.S. Commerce Department said no. TSMC agreed.",
        ["The U.S. Commerce Department said no.", "TSMC agreed."],
    ),
    "an initialism that ends a sentence": (
        "It sells to the U.S. The rest goes to Japan.",
        ["It sells to the U.S.", "The rest goes to Japan."],
    ),
    "a title before a name": (
        "Sen. Tim Kaine, D-Va., spoke. Dr. Su listened.",
        ["Sen. Tim Kaine, D-Va., spoke.", "Dr. Su listened."],
    ),
    "a company form before a verb": (
        "Nvidia Corp. said so. Micron Inc. agreed.",
        ["Nvidia Corp. said so.", "Micron Inc. agreed."],
    ),
    "a company form before a name": (
        "It is Lam Research Corp. Vice President Wu.",
        ["It is Lam Research Corp. Vice President Wu."],
    ),
    "a number's abbreviation": (
        "It is No. 2 in HBM. Is it? No. Micron is.",
        ["It is No. 2 in HBM.", "Is it?", "No.", "Micron is."],
    ),
    "a decimal and a node": (
        "It rose 3.5 percent on 1.4nm plans. Good.",
        ["It rose 3.5 percent on 1.4nm plans.", "Good."],
    ),
    "an initial in a name": (
        "C. C. Wei leads TSMC. J. Huang leads Nvidia.",
        ["C. C. Wei leads TSMC.", "J. Huang leads Nvidia."],
    ),
    "a quotation that ends with its stop": (
        'He said, "We ship." She left.',
        ['He said, "We ship."', "She left."],
    ),
    "a quotation that goes on": (
        '"Will it ship?" he asked. Nobody knew.',
        ['"Will it ship?" he asked.', "Nobody knew."],
    ),
    "an ellipsis inside": ("Well... maybe not. Yes.", ["Well... maybe not.", "Yes."]),
    "Chinese stops": (
        "台积电扩产。三星呢？“不会。”他说。",
        ["台积电扩产。", "三星呢？", "“不会。”", "他说。"],
    ),
    "Japanese stops": (
        "露光装置が届いた。量産は来年だ。",
        ["露光装置が届いた。", "量産は来年だ。"],
    ),
    "Korean stops": (
        "HBM4 양산을 시작했다. 고객은 엔비디아다.",
        ["HBM4 양산을 시작했다.", "고객은 엔비디아다."],
    ),
    "a line break": ("Title without stop\nBody.", ["Title without stop", "Body."]),
    "nothing": ("", []),
    "blanks only": (" \n\t ", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_splits(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in split(text)] == expected


@given(st.text(alphabet='aU.S. \n"!?。？”“N19…台', max_size=80))
def test_sentences_cover_everything_but_blanks_and_keep_their_places(text: str) -> None:
    found = split(text)
    assert "".join("".join(s.text.split()) for s in found) == "".join(text.split())
    assert all(text[s.start : s.end] == s.text for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
