import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.baseline import load_baseline
from classifiers.errors import ModelFileError
from classifiers.files import load as load_files
from classifiers.files import save as save_files
from classifiers.glossary import TopicGlossary, load_topics, parse_topic
from classifiers.materials import Materials, Review, load_examples, names
from classifiers.tagger import Scored, Tagger, identity, load, load_or_train, train

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
ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "config"


@pytest.fixture(scope="module")
def topics() -> tuple[TopicGlossary, ...]:
    return load_topics([CONFIG / "topics"], vocabulary=CONFIG / "vocabulary.toml")


@pytest.fixture(scope="module")
def materials(topics: tuple[TopicGlossary, ...]) -> Materials:
    examples = load_examples(ROOT / "seeds" / "examples", topics=names(topics))
    return Materials(topics, load_baseline(ROOT / "seeds"), examples)


@pytest.fixture(scope="module")
def tagger(materials: Materials) -> Tagger:
    return train(materials)


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
    [scores] = tagger.tag([(" ".join(words[:8]), " ".join(words[8:]))], explain_all=True)
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
    [[robot], [other]] = train(Materials((topic,))).tag(
        [("Humanoid robots fold laundry", ""), ("A chip for cars", "")]
    )
    assert robot.tagged and not other.tagged


def test_a_topic_s_own_threshold_decides() -> None:
    strict = parse_topic('name = "a"\nstrong = ["robot"]\nthreshold = 0.99', "a.toml")
    [[scored]] = train(Materials((strict,))).tag([("A robot", "")])
    assert not scored.tagged and scored.outcome == "review"


def test_no_text_no_evidence(tagger: Tagger) -> None:
    [scores] = tagger.tag([("", "")])
    assert {score.outcome for score in scores} == {"no"}
    assert {score.evidence for score in scores} == {""}


def test_the_same_materials_make_the_same_tagger(materials: Materials, tagger: Tagger) -> None:
    again = train(materials)
    texts = [("SK hynix sells out of HBM4", "It is AI's fault."), ("A phone", "")]
    assert again.tag(texts) == tagger.tag(texts)
    assert again.model_id == tagger.model_id


def test_a_saved_tagger_says_the_very_same(
    materials: Materials, tagger: Tagger, tmp_path: Path
) -> None:
    tagger.save(tmp_path / "model")
    loaded = load(tmp_path / "model", materials.topics, model_id=tagger.model_id)
    texts = [("ASML ships EUV", "To a fab in Oregon."), ("光刻机出口管制", ""), ("", "")]
    assert loaded.tag(texts) == tagger.tag(texts)


def test_a_model_made_of_other_materials_is_refused(
    materials: Materials, tagger: Tagger, tmp_path: Path
) -> None:
    tagger.save(tmp_path / "model")
    review = Review("A title", "A text", "hbm", verdict=True)
    other = Materials(materials.topics, materials.baseline, materials.examples, (), (review,))
    assert other.fingerprint() != materials.fingerprint()
    with pytest.raises(ModelFileError):
        load(tmp_path / "model", materials.topics, model_id=identity(other))


FORGED = {
    "a topic less": {"trust": np.ones(1)},
    "words without weight": {"idf": np.ones(3)},
    "a table for a row": {"bias": np.zeros((8, 2))},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_arrays_of_another_shape_are_refused(
    materials: Materials, tagger: Tagger, tmp_path: Path, forged: dict[str, np.ndarray]
) -> None:
    tagger.save(tmp_path / "model")
    whole = load_files(tmp_path / "model")
    save_files(
        tmp_path / "forged",
        {**whole.arrays, **forged},
        vocabulary=whole.vocabulary,
        meta=whole.meta,
    )
    with pytest.raises(ModelFileError, match="other topics"):
        load(tmp_path / "forged", materials.topics, model_id=tagger.model_id)


@settings(max_examples=60, deadline=None)
@given(title=st.text(max_size=40), text=st.text(max_size=300))
def test_any_unicode_gets_a_probability_and_evidence_from_the_text(
    tagger: Tagger, title: str, text: str
) -> None:
    [scores] = tagger.tag([(title, text)], explain_all=True)
    for score in scores:
        assert 0 <= score.probability <= 1
        assert score.evidence in f"{' '.join(title.split())}\n{text}"
        assert math.isclose(sum(term.weight for term in score.terms), score.logit, abs_tol=1e-6)


def test_a_text_is_tagged_the_same_alone_and_among_others(tagger: Tagger) -> None:
    texts = [(title, "") for title, _ in HEADLINES.values()] + [("", ""), ("台积电", "3 nm, HBM4.")]
    assert tagger.tag(texts) == [tagger.tag([pair])[0] for pair in texts]


def test_a_model_folder_is_a_cache(materials: Materials, tagger: Tagger, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    first, why_first = load_or_train(folder, materials, made_of=identity(materials))
    second, why_second = load_or_train(folder, materials, made_of=identity(materials))
    (folder / "weights.npz").write_bytes(b"tampered with")
    third, why_third = load_or_train(folder, materials, made_of=identity(materials))
    assert (bool(why_first), why_second, bool(why_third)) == (True, "", True)
    text = [("HBM4 in short supply", "")]
    assert first.tag(text) == second.tag(text) == third.tag(text) == tagger.tag(text)


def test_only_an_explanation_of_everything_names_the_terms_of_a_clear_no(tagger: Tagger) -> None:
    texts = [("U.S. tightens export controls on AI chips", "China objects. TSMC says nothing.")]
    [brief], [full] = tagger.tag(texts), tagger.tag(texts, explain_all=True)
    for less, more in zip(brief, full, strict=True):
        assert math.isclose(less.logit, more.logit, abs_tol=1e-9)
        assert math.isclose(sum(term.weight for term in more.terms), more.logit, abs_tol=1e-6)
        assert less.terms == (() if less.outcome == "no" else more.terms)
        assert less.evidence == more.evidence
    assert {score.outcome for score in brief} >= {"no", "tag"}


def test_reviews_teach_what_the_glossary_does_not_know(materials: Materials) -> None:
    """Ten noes on one kind of article turn the next one of that kind down, and only there."""
    kind = "Analyst notes mention TSMC and the weather in Hsinchu, part {}"
    text = "Umbrella sales in Hsinchu rose; TSMC staff bought many."
    reviews = tuple(Review(kind.format(n), text, "foundry", verdict=False) for n in range(10))
    before = train(materials)
    after = train(Materials(materials.topics, materials.baseline, materials.examples, (), reviews))
    similar, other = (kind.format("eleven"), text), ("TSMC 2nm yields improve", "")
    place = names(materials.topics).index("foundry")
    assert after.logits([similar])[0, place] < before.logits([similar])[0, place] - 1
    assert after.tag([other])[0][place].tagged


def test_clear_articles_in_the_store_teach_without_labels(materials: Materials) -> None:
    """A name the glossary lacks, seen beside what it knows, counts a little by itself."""
    place = names(materials.topics).index("lithography")
    stored = tuple(
        (f"Fictolux ships EUV scanner number {n}", "Fictolux makes EUV lithography tools.")
        for n in range(40)
    )
    weak = train(Materials(materials.topics, materials.baseline, materials.examples, stored))
    texts = [(f"{name} names a new chief", "") for name in ("Fictolux", "Otherlux")]
    known, unknown = weak.logits(texts)[:, place]
    assert known > unknown + 0.1
