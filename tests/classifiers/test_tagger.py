import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.glossary import TopicGlossary, load_topics, parse_topic
from classifiers.tagger import Scored, Tagger, train

WORDS = (
    "TSMC",
    "HBM4",
    "EUV",
    "export controls",
    "chips",
    "China",
    "gaming",
    "data center",
    "AI",
    "光刻机",
    "반도체",
    ".",
    "\n",
)
CONFIG = Path(__file__).resolve().parents[2] / "config"


@pytest.fixture(scope="module")
def topics() -> tuple[TopicGlossary, ...]:
    return load_topics([CONFIG / "topics"], vocabulary=CONFIG / "vocabulary.toml")


@pytest.fixture(scope="module")
def tagger(topics: tuple[TopicGlossary, ...]) -> Tagger:
    return train(topics)


def tags(scores: list[Scored]) -> set[str]:
    return {score.topic for score in scores if score.tagged}


HEADLINES = {
    "export controls": (
        "U.S. tightens export controls on AI chips bound for China",
        {"chip-curbs"},
    ),
    "a lithography order": ("ASML ships another High-NA EUV scanner to Oregon", {"lithography"}),
    "stacked memory": ("SK hynix begins mass production of HBM4", {"hbm"}),
    "a node and its yield": ("TSMC says 2nm yields are ahead of plan", {"foundry"}),
    "an etcher": ("Lam Research unveils etch tool for 3D memory makers", {"chip-equipment"}),
    "interposers": ("ASE doubles CoWoS capacity in Kaohsiung", {"advanced-packaging"}),
    "a campus": ("Meta to build gigawatt AI data center in Louisiana", {"ai-infrastructure"}),
    "Chinese lithography": ("阿斯麦交付新一代EUV光刻机", {"lithography"}),
    "Korean memory": ("SK하이닉스, HBM4 양산 돌입", {"hbm"}),
    "Japanese foundry": ("ラピダス、2ナノ試作ウエハーを公開", {"foundry"}),
    "a graphics card for games": (
        "GeForce RTX 5070 review: great gaming GPU at a fair price",
        set(),
    ),
    "a console and tariffs": ("Console prices rise again as tariffs bite Nintendo and Sony", set()),
    "a phone launch": ("New flagship phone brings faster chip and better camera", set()),
    "sanctions without chips": ("EU agrees new sanctions on Russian oil", set()),
    "a stone print": ("Museum shows lithographs by Toulouse-Lautrec", set()),
}


@pytest.mark.parametrize(("headline", "expected"), HEADLINES.values(), ids=HEADLINES.keys())
def test_a_headline_alone_is_enough(tagger: Tagger, headline: str, expected: set[str]) -> None:
    [scores] = tagger.tag([(headline, "")])
    assert tags(scores) >= expected if expected else not tags(scores)


HOSTILE = {
    "empty": "",
    "one word": "chip",
    "emoji": "🎉🔥" * 50,
    "right to left": "שבבים של انفيديا و HBM4 في الصين",
    "binary": bytes(range(256)).decode("latin-1") * 20,
    "surrogates": "\ud800 chip \udfff",
    "five megabytes": "export controls on AI chips. " * 180_000,
    "one endless word": "a" * 1_000_000,
    "endless stops": "." * 100_000,
    "endless CJK": "光刻机" * 300_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_gets_an_answer_for_every_topic(tagger: Tagger, text: str) -> None:
    for pair in ((text, ""), ("", text), (text[:100], text)):
        [scores] = tagger.tag([pair])
        assert len(scores) == len(tagger.topics)
        assert all(0 <= score.probability <= 1 for score in scores)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *[
                    "TSMC",
                    "HBM4",
                    "EUV",
                    "export",
                    "controls",
                    "on",
                    "chips",
                    "China",
                    "gaming",
                    "laptop",
                    "data",
                    "center",
                ],
                *WORDS,
            ]
        ),
        max_size=40,
    )
)
def test_the_terms_add_up_to_the_logit(tagger: Tagger, words: list[str]) -> None:
    [scores] = tagger.tag([(" ".join(words[:8]), " ".join(words[8:]))])
    for score in scores:
        assert math.isclose(sum(term.weight for term in score.terms), score.logit, abs_tol=1e-6)
        assert math.isclose(1 / (1 + math.exp(-score.logit)), score.probability, abs_tol=1e-9)
        assert (score.outcome == "tag") == score.tagged


def test_the_evidence_is_the_passage_that_carries_the_most(tagger: Tagger) -> None:
    text = "It was a busy week. ASML shipped its EUV scanner and a pellicle. Shares rose."
    [scores] = tagger.tag([("What happened this week", text)])
    [found] = [score for score in scores if score.topic == "lithography"]
    assert found.tagged
    assert found.evidence == "ASML shipped its EUV scanner and a pellicle."


def test_offsets_point_at_the_term_in_title_and_text(tagger: Tagger) -> None:
    title, text = "Chips in brief", "A new pellicle for EUV."
    [scores] = tagger.tag([(title, text)])
    [found] = [score for score in scores if score.topic == "lithography"]
    whole = f"{title}\n{text}"
    places = {term.name: whole[term.offset :] for term in found.terms if term.offset >= 0}
    assert places["pellicle"].startswith("pellicle")
    assert places["EUV"].startswith("EUV")


def test_a_topic_of_ten_terms_tags_at_once() -> None:
    topic = parse_topic(
        'name = "robots"\nstrong = ["humanoid robot", "robot arm", "Optimus"]', "robots.toml"
    )
    [[robot], [other]] = train([topic]).tag(
        [("Humanoid robots fold laundry", ""), ("A chip for cars", "")]
    )
    assert robot.tagged and not other.tagged


def test_a_topic_s_own_threshold_decides() -> None:
    strict = parse_topic('name = "a"\nstrong = ["robot"]\nthreshold = 0.99', "a.toml")
    [[scored]] = train([strict]).tag([("A robot", "")])
    assert not scored.tagged and scored.outcome == "review"


def test_no_text_no_evidence(tagger: Tagger) -> None:
    [scores] = tagger.tag([("", "")])
    assert {score.outcome for score in scores} == {"no"}
    assert {score.evidence for score in scores} == {""}
