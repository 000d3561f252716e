"""A topic file with a name and ten terms tags sensibly at once, and its check says why."""

from pathlib import Path

import pytest

from classifiers.glossary import TopicGlossary, load_topics, parse_topic
from classifiers.topic_check import TopicCheck, check_topic

CONFIG = Path(__file__).resolve().parents[2] / "config"
RARE_EARTHS = """
name = "rare-earths"
strong = ["rare earth*", "neodymium", "dysprosium", "terbium", "lanthanide", "samarium",
  "permanent magnet", "yttrium oxide", "稀土", "ASML"]
"""
ABOUT = [
    (1, "China halts rare earth shipments to magnet makers", "Motor factories hold two weeks."),
    (2, "Dysprosium doubles in price", "Permanent magnets need it to bear heat."),
    (3, "Lynas opens a separation plant", "It will refine neodymium and terbium in Malaysia."),
    (4, "商务部调整稀土出口配额", "企业需要重新申请。"),
]
NOT_ABOUT = [
    (5, "TSMC says 2nm yields are ahead of plan", "The foundry will add a fab."),
    (6, "The rarest earthworm in Kent", "A gardener found it under a stone."),
    (7, "SK hynix begins mass production of HBM4", "Stacks go to customers in spring."),
    (8, "A festival of short films", "Forty were shown."),
]


@pytest.fixture(scope="module")
def packaged() -> tuple[TopicGlossary, ...]:
    return load_topics([CONFIG / "topics"], vocabulary=CONFIG / "vocabulary.toml")


@pytest.fixture(scope="module")
def checked(packaged: tuple[TopicGlossary, ...]) -> TopicCheck:
    return check_topic(parse_topic(RARE_EARTHS, "rare.toml"), packaged, [*ABOUT, *NOT_ABOUT])


def test_ten_terms_tag_what_is_about_them_and_nothing_else(checked: TopicCheck) -> None:
    assert {each.text_id for each in checked.tagged} == {number for number, _, _ in ABOUT}
    assert checked.texts == len(ABOUT) + len(NOT_ABOUT)


def test_the_surest_comes_first_with_its_reasons(checked: TopicCheck) -> None:
    sure = [each.probability for each in checked.tagged]
    assert sure == sorted(sure, reverse=True)
    because = {each.text_id: each.because for each in checked.tagged}
    assert because[2] == ("dysprosium", "permanent magnet")


def test_the_terms_that_carry_it_share_the_whole(checked: TopicCheck) -> None:
    assert sum(each.share for each in checked.carriers) == pytest.approx(1)
    assert {each.name: each.texts for each in checked.carriers}["稀土"] == 1


def test_terms_that_stand_nowhere_are_named(checked: TopicCheck) -> None:
    idle = [term for term, _ in checked.never]
    assert idle == ["lanthanide", "samarium", "yttrium oxide", "ASML"]


def test_a_term_of_another_topic_is_named_with_it(checked: TopicCheck) -> None:
    shared = {each.term: each.topics for each in checked.shared}
    assert shared.keys() == {"稀土", "ASML"}
    assert "lithography" in shared["ASML"]


def test_without_texts_no_term_is_called_idle(packaged: tuple[TopicGlossary, ...]) -> None:
    checked = check_topic(parse_topic(RARE_EARTHS, "rare.toml"), packaged, [])
    assert (checked.texts, checked.tagged, checked.never) == (0, (), ())


def test_a_topic_is_no_rival_of_itself(packaged: tuple[TopicGlossary, ...]) -> None:
    hbm = next(topic for topic in packaged if topic.name == "hbm")
    checked = check_topic(hbm, packaged, NOT_ABOUT)
    assert [each.text_id for each in checked.tagged] == [7]
    assert "hbm" not in {name for each in checked.shared for name in each.topics}
