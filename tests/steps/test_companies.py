"""Companies: names count where they name, in four scripts, and a broken file says where."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.steps import companies

FILE = Path(__file__).resolve().parents[2] / "config" / "companies.toml"
PACKAGED = companies.load(FILE.read_bytes(), "companies.toml")


NAMED = [
    ("as written", "Nvidia beats TSMC", {"Nvidia": 1, "TSMC": 1}),
    ("in capitals", "NVIDIA AND BROADCOM", {"Broadcom": 1, "Nvidia": 1}),
    ("with a possessive", "Nvidia's order, TSMC’s answer", {"Nvidia": 1, "TSMC": 1}),
    ("never inside a word", "Unimicron and Armenia, Intelligence", {"Unimicron": 1}),
    ("never in small letters", "a micron of silicon, intel from spies, chips in oracle", {}),
    ("small letters that are the name", "SK hynix and Sk Hynix", {"SK hynix": 2}),
    ("the longest name only", "Samsung Electro-Mechanics", {"Samsung Electro-Mechanics": 1}),
    ("several words", "Semiconductor Manufacturing International Corp.", {"SMIC": 1}),
    ("an ampersand", "AT&S expands", {"AT&S": 1}),
    ("not across a sentence", "It went Super. Later, Micro Computer rose", {}),
    ("a product for its maker", "the H20, the MI300X and the Ascend 910C",
     {"AMD": 1, "Huawei": 1, "Nvidia": 1}),
    ("simplified Chinese", "台积电向英伟达供货", {"Nvidia": 1, "TSMC": 1}),
    ("traditional Chinese", "台積電向輝達供貨", {"Nvidia": 1, "TSMC": 1}),
    ("Korean with a particle", "삼성전자가 엔비디아에 납품", {"Nvidia": 1, "Samsung": 1}),
    ("Japanese", "エヌビディアとラピダスが提携", {"Nvidia": 1, "Rapidus": 1}),
    ("Latin next to Chinese", "TSMC与ASML的订单", {"ASML": 1, "TSMC": 1}),
    ("the longest Chinese name", "新思科技", {"Synopsys": 1}),
    ("a phrase that is something else", "高通胀持续，三星堆出土", {}),
    ("one agency inside another's name", "美国商务部与商务部",
     {"MOFCOM": 1, "US Commerce Department": 1}),
    ("a listing", "(NASDAQ: NVDA) and (NYSE:TSM)", {"Nvidia": 1, "TSMC": 1}),
    ("a listing in full width", "纽约证券交易所 NYSE:TSM", {"TSMC": 1}),
    ("a ticker of Reuters", "chips NVDA.O rose", {"Nvidia": 1}),
    ("a number in Shanghai", "688981.SH", {"SMIC": 1}),
    ("a cash tag", "$AMD fell", {"AMD": 1}),
    ("a local number", "2330.TW and 688981.SH", {"SMIC": 1, "TSMC": 1}),
    ("a ticker once, not as a name too", "NASDAQ: AMD", {"AMD": 1}),
    ("a number that is no ticker", "it sold 2330 units at $MU5", {}),
    ("an unsure name with its context", "Arm raised its chip royalties", {"Arm": 1}),
    ("an unsure name without", "Arm in arm they walked. Lam sang. Nova Scotia.", {}),
    ("an unsure name, certain elsewhere", "Lam Research rose." + " So it went." * 20 + " Lam fell.",
     {"Lam Research": 2}),
    ("an unsure Chinese name", "寒武纪芯片出货", {"Cambricon": 1}),
    ("an unsure Chinese name without", "寒武纪时期的化石；寒武纪地层", {}),
    ("another body of the same letters", "The BIS, the central bankers' bank in Basel, warned", {}),
    ("the export controllers", "BIS issued an export rule", {"BIS": 1}),
    ("the rainforest", "in the Amazon rainforest", {}),
    ("nothing", "", {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), [row[1:] for row in NAMED], ids=[row[0] for row in NAMED]
)
def test_names_count_where_they_name(text: str, expected: Mapping[str, int]) -> None:
    assert companies.mentions("", text, PACKAGED) == expected


def test_title_and_text_count_together_most_named_first() -> None:
    counts = companies.mentions("SMIC gains", "Nvidia, 中芯国际 and SMIC", PACKAGED)
    assert list(counts.items()) == [("SMIC", 3), ("Nvidia", 1)]


def test_a_name_does_not_run_from_the_title_into_the_text() -> None:
    assert companies.mentions("Lam", "Research on rice", PACKAGED) == {}


def test_the_packaged_file_covers_the_chain_in_four_scripts() -> None:
    assert len(PACKAGED.names) >= 180
    kinds = set(PACKAGED.kinds.values())
    assert kinds >= {"foundry", "memory", "equipment", "eda", "materials", "osat", "agency"}
    scripts = {"台积电": "TSMC", "台積電": "TSMC", "하이닉스": "SK hynix", "キオクシア": "Kioxia"}
    assert {name: PACKAGED.cjk[name].company for name in scripts} == scripts


@pytest.mark.parametrize("company", PACKAGED.names)
def test_every_sure_name_finds_its_own_company(company: str) -> None:
    names = [found for row in PACKAGED.latin.values() for found in row] + [*PACKAGED.cjk.values()]
    for found in names:
        if found.company == company and not found.near:
            text = " ".join(found.words)
            assert companies.mentions("", text, PACKAGED) == {company: 1}, text


BROKEN = [
    ("no TOML", "[[company]\n", ["c.toml", "TOML"]),
    ("an unknown key",
     '[[company]]\nname = "A1"\nalias = []\n', ["line 3", "`alias`", "`aliases`"]),
    ("no name", '[[company]]\nkind = "x"\n', ["`name`"]),
    ("a company twice", '[[company]]\nname = "A1"\n[[company]]\nname = "A1"\n', ["A1", "twice"]),
    ("an alias of two companies",
     '[[company]]\nname = "A1"\n[[company]]\nname = "B1"\naliases = ["A1"]\n',
     ["line 5", "B1", "name of A1"]),
    ("an alias that is no list", '[[company]]\nname = "A1"\naliases = "B"\n', ["line 3", "list"]),
    ("an alias without a letter",
     '[[company]]\nname = "A1"\naliases = ["-"]\n', ["line 3", "letter"]),
    ("a name both sure and unsure",
     '[[company]]\nname = "A1"\naliases = ["B"]\nunsure = ["B"]\n', ["line 4", "unsure"]),
    ("a section that is none", "company = 3\n", ["[[company]]"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "says"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_file_says_where(data: str, says: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        companies.load(data.encode(), "c.toml")
    assert all(word in str(caught.value) for word in ["c.toml", *says]), caught.value


def test_an_empty_file_names_nothing() -> None:
    nobody = companies.load(b"", "c.toml")
    assert companies.mentions("Nvidia", "台积电 NASDAQ: NVDA", nobody) == {}
