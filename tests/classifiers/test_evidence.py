import pytest

from classifiers.document import document
from classifiers.evidence import EvidenceRules
from classifiers.glossary import parse_topic

METALS = """
name = "metals"
strong = ["gallium"]
companies = ["Umicore"]
supporting = ["smelter", "refinery"]
excluding = ["gallium scan"]
ignored = ["smelter band"]
[[conjunctions]]
name = "ban + metal"
all = [["ban"], ["germanium", "antimony"]]
within = "sentence"
"""
STONES = 'name = "stones"\nstrong = ["granite", "marble", "basalt"]'


def score(title: str, text: str = "", *, toml: str = METALS) -> dict[str, float]:
    """Return the named weights of the first topic's score."""
    rules = EvidenceRules([parse_topic(toml, "a.toml"), parse_topic(STONES, "b.toml")])
    found, _ = rules.score(document(title, text))
    return {summand.name: summand.weight for summand in found}


def total(title: str, text: str = "", *, toml: str = METALS) -> float:
    return sum(score(title, text, toml=toml).values())


LESS_AND_MORE = {
    "a title counts more than the text": (("News", "Gallium rises."), ("Gallium rises", "")),
    "the opening counts more than the tail": (
        ("News", "Filler. " * 120 + "Gallium."),
        ("News", "Gallium. " + "Filler. " * 120),
    ),
    "a supporting word is less than a strong one": (("A smelter", ""), ("Gallium", "")),
    "two hints are more than one": (("A smelter", ""), ("A smelter, a refinery", "")),
    "an excluding phrase hides the term in it": (("A gallium scan", ""), ("Gallium", "")),
    "an ignored phrase hides the term in it": (("The smelter band", ""), ("The smelter", "")),
    "a conjunction needs both parts": (("A ban on visas", ""), ("A ban on germanium", "")),
    "parts in two sentences do not meet": (
        ("News", "A ban came. Germanium rose."),
        ("News", "A ban on germanium came."),
    ),
    "another topic that weighs more takes away": (
        ("A smelter of granite, marble and basalt", ""),
        ("A smelter", ""),
    ),
}


@pytest.mark.parametrize(("less", "more"), LESS_AND_MORE.values(), ids=LESS_AND_MORE.keys())
def test_weighs(less: tuple[str, str], more: tuple[str, str]) -> None:
    assert total(*less) < total(*more) - 0.1


def test_the_second_strong_term_adds_less_than_the_first() -> None:
    toml = 'name = "m"\nstrong = ["gallium", "indium"]'
    nothing, one, two = (total(t, toml=toml) for t in ("x", "gallium", "gallium and indium"))
    assert 0 < two - one < one - nothing


def test_two_spellings_of_a_term_count_once() -> None:
    toml = 'name = "m"\nstrong = ["rare earth", "rare-earths", "稀土", "稀 土"]'
    assert list(score("Rare earths", toml=toml)) == ["bias", "rare earth"]
    assert list(score("稀土", toml=toml)) == ["bias", "稀土"]


def test_a_topic_that_shares_loses_nothing_to_another() -> None:
    title = "A smelter of granite, marble and basalt"
    alone = METALS.replace('name = "metals"', 'name = "metals"\nshares = true')
    assert "stones weighs more" in score(title)
    assert "stones weighs more" not in score(title, toml=alone)


def test_what_a_topic_needs_is_asked_only_of_hints() -> None:
    toml = 'name = "m"\nstrong = ["gallium"]\nsupporting = ["smelter"]\nneeds = { any = ["metal"] }'
    missing = "nothing of what the topic needs"
    assert missing in score("A smelter", toml=toml)
    assert missing not in score("A metal smelter", toml=toml)
    assert missing not in score("Gallium", toml=toml)


def test_a_text_without_title_lends_its_first_sentence() -> None:
    assert total("", "Gallium rises. More follows.") == total("Gallium rises.", "More follows.")
