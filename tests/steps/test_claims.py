"""Claims of the baseline are quotations, and only news that develops one is held against it."""

import re

import pytest

from pipeline.adapters.files import packaged
from pipeline.models.stories import BaselineLine
from pipeline.steps.digest.lead import LEANING
from pipeline.steps.updates import NewsArticle
from tests.steps.test_updates import LINES, NAMES, WORDS, found

MADE_UP = [
    (
        "foundry",
        "SMIC's 5 nm trial lots yield below 30 percent, supplier says",
        "Semiconductor Manufacturing International Corp. gets fewer than a third of good dies from"
        " its 5 nm trial lots. The Shanghai foundry makes them without EUV.",
        {24, 25, 34},
    ),
    (
        "chip-curbs",
        "ASML refused licence to service scanners at two Chinese plants",
        "The Dutch government has refused ASML a licence to service immersion scanners in China.",
        {31},
    ),
    (
        "lithography",
        "SMEE hands first home-made immersion scanner to a Chinese fab",
        "Shanghai Micro Electronics Equipment has delivered a domestic immersion lithography"
        " scanner for 28 nm layers, two people said.",
        {33, 36},
    ),
    (
        "lithography",
        "中国首台国产浸没式光刻机交付",
        "上海微电子交付首台国产浸没式光刻机。",
        {33, 36},
    ),
    (
        "hbm",
        "CXMT starts volume production of HBM3",
        "ChangXin Memory Technologies has begun volume production of HBM3 at its Hefei plant, with"
        " a capacity of 10,000 wafers a month.",
        {41, 42, 43},
    ),
    (
        "hbm",
        "Samsung takes the larger half of Nvidia's HBM4 orders",
        "Samsung Electronics has won more than half of the HBM4 orders for Nvidia's next platform,"
        " overtaking SK hynix.",
        {38},
    ),
    ("hbm", "삼성전자, HBM4 점유율 1위 탈환", "삼성전자가 SK하이닉스를 제치고 1위에 올랐다.", {38}),
    (
        "chip-curbs",
        "Washington lets Nvidia sell H20 chips to China again",
        "The Commerce Department has granted Nvidia export licences for the H20, the company said.",
        {12},
    ),
    (
        "ai-accelerators",
        "Cambricon's profit trebles as buyers look for AI chips made at home",
        "Cambricon, the Beijing designer of AI accelerators, said its profit trebled.",
        {14},
    ),
    (
        "chip-curbs",
        "Taiwan fines TSMC supplier over Huawei chips",
        "TSMC said that it stopped shipments after finding its chip in a processor of Huawei, which"
        " is on the entity list in the United States.",
        {22},
    ),
    (
        "chip-curbs",
        "Seoul to check HBM exports to China more closely",
        "South Korea will require licences for exports of HBM to China, the trade ministry said.",
        {40},
    ),
    ("hbm", "Wuhan Xinxin tools up HBM line", "XMC moves tools into its HBM plant in Wuhan.", {44}),
]


@pytest.mark.parametrize(
    ("topic", "title", "text", "lines"), MADE_UP, ids=[row[1] for row in MADE_UP]
)
def test_news_is_held_against_a_claim_it_develops(
    topic: str, title: str, text: str, lines: set[int]
) -> None:
    nearest, *_ = found(NewsArticle(1, title, text), topic)
    assert nearest.baseline_line in lines


BESIDE_THE_POINT = [
    (
        "foundry",
        "TSMC raises 2 nm wafer prices by a tenth",
        "Taiwan Semiconductor Manufacturing Co. has told customers that 2 nm wafers will cost"
        " more.",
    ),
    (
        "lithography",
        "ASML lifts forecast on AI demand",
        "ASML raised its sales forecast as memory makers order more EUV scanners.",
    ),
    (
        "chip-curbs",
        "Tokyo restricts exports of photoresist to three firms",
        "Japan has put three foreign firms on a list that bars them from buying photoresist without"
        " a licence. The United States and the Netherlands have lists of their own.",
    ),
    (
        "ai-accelerators",
        "Broadcom's custom chip revenue doubles",
        "Broadcom said revenue from custom AI accelerators doubled, on orders from Google and"
        " Meta.",
    ),
    (
        "ai-accelerators",
        "Google's TPU goes on sale to rivals",
        "Google will sell its TPU accelerators to other cloud companies, taking on Nvidia.",
    ),
    (
        "hbm",
        "Micron breaks ground in Hiroshima",
        "Micron has broken ground for a DRAM fab in Hiroshima. It will make memory for cars.",
    ),
    (
        "foundry",
        "SMIC profit falls as prices slip",
        "Semiconductor Manufacturing International Corp. said profit fell by a fifth on lower"
        " prices for mature chips.",
    ),
    (
        "foundry",
        "Rapidus asks for another trillion yen",
        "Rapidus has asked the ministry for 1 trillion yen for its 2 nm fab in Hokkaido. SMIC and"
        " TSMC run fabs that are far larger, and yields at 7 nm took TSMC years.",
    ),
    (
        "chip-equipment",
        "Lam Research sees etch tool sales up",
        "Lam Research sees sales of etch tools up by a fifth. China will be a smaller part.",
    ),
]


@pytest.mark.parametrize(
    ("topic", "title", "text"), BESIDE_THE_POINT, ids=[row[1] for row in BESIDE_THE_POINT]
)
def test_news_that_only_shares_names_with_a_statement_meets_none(
    topic: str, title: str, text: str
) -> None:
    assert found(NewsArticle(1, title, text), topic) == ()


def test_background_is_no_claim_and_nothing_bears_on_it() -> None:
    (what_hbm_is,) = [line for line in LINES if line.line == 39]
    assert not what_hbm_is.says
    assert found(NewsArticle(1, "High bandwidth memory", what_hbm_is.text), "hbm") == ()


CLAIMS = [line for line in LINES if line.about]


@pytest.mark.parametrize("claim", CLAIMS, ids=[f"line {line.line}" for line in CLAIMS])
def test_a_claim_is_a_quotation_that_stands_alone(claim: BaselineLine) -> None:
    pieces = re.split(r"…|\[[^\]]*\]", claim.says)
    assert [piece for piece in pieces if piece.strip() not in claim.text] == []
    assert len(claim.says) <= 280  # what a digest shows
    assert not LEANING.match(claim.says)


@pytest.mark.parametrize("claim", CLAIMS, ids=[f"line {line.line}" for line in CLAIMS])
def test_a_claim_asks_for_marks_that_texts_can_have(claim: BaselineLine) -> None:
    concepts_known = {*WORDS.cjk.values(), *(c for row in WORDS.latin.values() for _, c in row)}
    for mark in frozenset[str]().union(*claim.about):
        kind, name = mark[0], mark[1:]
        assert kind in "@=~"
        assert kind != "@" or name in NAMES.names
        assert kind != "=" or name in concepts_known


def test_every_claim_is_of_a_line_that_has_a_topic() -> None:
    text = (packaged("seeds") / "claims.toml").read_text("utf-8")
    assert text.count("[[claim]]\n") - 1 == len(CLAIMS)
    assert all(claim.topics for claim in CLAIMS)
