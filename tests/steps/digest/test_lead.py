"""The sentence that stands for a story, and the sentence that is new about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.digest.lead import lead, news, sentences

KNOWN = "SMIC began risk production of 5 nm chips at its Shanghai plant, two people said."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Sales in the U.S. market fell. Nvidia said so.",
            ["Sales in the U.S. market fell.", "Nvidia said so."],
            id="U.S. before a small letter",
        ),
        pytest.param(
            "The U.S. Commerce Department said no. It did not say why.",
            ["The U.S. Commerce Department said no.", "It did not say why."],
            id="U.S. before a capital",
        ),
        pytest.param(
            "Sen. Tim Kaine and Gov. Hobbs met J. Wang of TSMC Ltd. in Phoenix. They spoke.",
            ["Sen. Tim Kaine and Gov. Hobbs met J. Wang of TSMC Ltd. in Phoenix.", "They spoke."],
            id="titles, initials and company forms",
        ),
        pytest.param(
            "Shares rose 3.5 percent. Then they fell.",
            ["Shares rose 3.5 percent.", "Then they fell."],
            id="a decimal point",
        ),
        pytest.param(
            "“We are behind. We know it,” he said. Nobody replied.",
            ["“We are behind. We know it,” he said.", "Nobody replied."],
            id="a quotation of two sentences stays whole",
        ),
        pytest.param(
            "“Is it ready?” asked Wei. It was.",
            ["“Is it ready?” asked Wei.", "It was."],
            id="a question inside a sentence",
        ),
        pytest.param(
            "中芯国际开始试产。良率仍低！“会改善的。”他说。",
            ["中芯国际开始试产。", "良率仍低！", "“会改善的。”", "他说。"],
            id="Chinese stops need no blank",
        ),
        pytest.param("", [], id="nothing"),
    ],
)
def test_sentences_end_where_they_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="ab .!?。\n“”USc", max_size=80))
def test_splitting_loses_only_blanks(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        pytest.param(
            f"SMIC began risk production.\n{KNOWN}", "SMIC began risk production", KNOWN,
            id="not the headline again",
        ),
        pytest.param(
            f"It was a surprise to everybody in the industry this week.\n{KNOWN}", "", KNOWN,
            id="not one that leans on another",
        ),
        pytest.param(
            f"SHANGHAI, Nov 21 (Reuters) - {KNOWN}", "", KNOWN, id="without the agency's dateline",
        ),
        pytest.param(f"TOKYO - {KNOWN}", "", KNOWN, id="without the place alone"),
        pytest.param(
            f"SMIC — {KNOWN}", "", f"SMIC — {KNOWN}", id="with a name before a dash",
        ),
        pytest.param(
            f"SMIC has been selling wafers by the lot. {KNOWN}", "", KNOWN, id="not a flourish",
        ),
        pytest.param(f"By Ann Lee\n3 min read\n{KNOWN}", "", KNOWN, id="not a by-line"),
        pytest.param(
            "The U.S. Commerce Department added 23 Chinese companies to its list on Friday. More.",
            "", "The U.S. Commerce Department added 23 Chinese companies to its list on Friday.",
            id="never cut at U.S.",
        ),
        pytest.param(
            "中芯国际周一表示，其上海工厂已开始五纳米芯片的风险试产。分析师说良率低。", "",
            "中芯国际周一表示，其上海工厂已开始五纳米芯片的风险试产。", id="Chinese",
        ),
        pytest.param(
            f"Three days ago we wrote that a teardown pointed to better yields. {KNOWN}", "",
            KNOWN, id="not the writer about herself",
        ),
        pytest.param(
            "“We will not sell them,” said Lee Jae of the memory maker SK Hynix in Icheon.", "",
            "“We will not sell them,” said Lee Jae of the memory maker SK Hynix in Icheon.",
            id="a speaker may, where there is nothing else",
        ),
        pytest.param(
            f"How good is the yield of the new process at the Shanghai plant? {KNOWN}", "", KNOWN,
            id="not a question",
        ),
        pytest.param(
            f"A teardown by the analysts of Corvid gives them something to count with. {KNOWN}",
            "", KNOWN, id="not a sentence about them",
        ),
        pytest.param(
            f"There is a moment when nobody in the room says anything at all. {KNOWN}", "", KNOWN,
            id="not a scene",
        ),
        pytest.param(
            "Nvidia Inc. and the No. 3 foundry, run by Mr. Wei, signed in Washington, D.C. on"
            " Friday. Shares rose.", "",
            "Nvidia Inc. and the No. 3 foundry, run by Mr. Wei, signed in Washington, D.C. on"
            " Friday.", id="never cut at Inc., No. 3, Mr. or D.C.",
        ),
        pytest.param(
            f"He said yields had risen to 45 percent at the new plant. {KNOWN}", "", KNOWN,
            id="not one that begins with He said",
        ),
        *(
            pytest.param(f"{opening} {KNOWN}", "", KNOWN, id=f"not {opening}")
            for opening in (
                "The land is flat enough that you can see the substation from four miles off.",
                "The chip maker let us look behind the doors of its newest plant this week.",
                "If you thought the saga of the cut-down chips was over, think again.",
                "Every two years somebody announces that the next memory will do without bumps.",
                "For years the argument about the machines was about what may be shipped.",
                "First comes the cooling unit, a cabinet with two pumps and a heat exchanger.",
                "The company will build a second hall next to its plant by the end of the year.",
                "Nebius is also excited to announce a milestone in its partnership with Asus.",
                "Together, the two makers enable a new era of growth in the industry at large.",
                "File - The founder of TSMC shakes hands with the head of Nvidia in Phoenix.",
                "People gather at the booth of the show on Thursday, Feb. 27, 2014, in Barcelona.",
                "회사는 공시를 통해 계약 금액이 최근 매출액의 10%를 넘는다고 밝혔다고 전해졌다.",
            )
        ),
        pytest.param("", "Title", "", id="no text, no lead"),
    ],
)  # fmt: skip
def test_the_lead_stands_alone(text: str, title: str, expected: str) -> None:
    assert lead(text, title) == expected


def test_a_sentence_without_end_is_cut_at_a_word() -> None:
    found = lead("word " * 500, "")
    assert len(found) <= 320
    assert found.endswith("word…")


RETOLD = "Production of chips at 5 nm carries risk at the plant in Shanghai, people of SMIC said."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(KNOWN, "", id="a copy has no news"),
        pytest.param(KNOWN.replace("two people", "2 people"), "", id="nor has a light rewrite"),
        pytest.param(
            f"{KNOWN} Yields reached 45 percent this week, a supplier said.",
            "Yields reached 45 percent this week, a supplier said.", id="what was added is news",
        ),
        pytest.param(
            f"{RETOLD} Nobody in the industry expects the rest of the year to be easy for them.",
            "", id="another account of what was told has none",
        ),
        pytest.param(
            f"{RETOLD} Yields reached 45 percent this week, a supplier said.",
            "Yields reached 45 percent this week, a supplier said.", id="but for a fresh figure",
        ),
        pytest.param(
            "Beijing will lend 12 billion dollars to equipment makers, the ministry announced.",
            "Beijing will lend 12 billion dollars to equipment makers, the ministry announced.",
            id="what happened next is news",
        ),
        pytest.param(
            KNOWN + " Nobody outside the plant has seen a finished wafer of the new line." * 8
            + " A lawyer from Ohio will open a bakery in the village near the river.",
            "Nobody outside the plant has seen a finished wafer of the new line.",
            id="the beginning says why an article was written",
        ),
    ],
)  # fmt: skip
def test_news_is_what_was_not_told(text: str, expected: str) -> None:
    assert news(text, "SMIC", [KNOWN]) == expected
