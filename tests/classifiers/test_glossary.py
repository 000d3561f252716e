from pathlib import Path

import pytest

from classifiers.errors import GlossaryError
from classifiers.glossary import load_topics, parse_topic

CONFIG = Path(__file__).resolve().parents[2] / "config"
PACKAGED = (
    "advanced-packaging",
    "ai-accelerators",
    "ai-infrastructure",
    "chip-curbs",
    "chip-equipment",
    "foundry",
    "hbm",
    "lithography",
)


def test_the_packaged_topics_load_and_hold_what_they_promise() -> None:
    topics = load_topics([CONFIG / "topics"], vocabulary=CONFIG / "vocabulary.toml")
    assert tuple(topic.name for topic in topics) == PACKAGED
    for topic in topics:
        assert topic.title and topic.description
        assert len(topic.terms) >= 200, topic.name


def test_a_name_and_ten_terms_are_a_topic() -> None:
    topic = parse_topic('name = "robots"\nstrong = ["humanoid robot", "Optimus"]', "robots.toml")
    assert (topic.title, topic.terms) == (
        "Robots",
        (("humanoid robot", "strong"), ("Optimus", "strong")),
    )


def test_braces_groups_languages_and_tables_of_terms_are_all_terms() -> None:
    topic = parse_topic(
        """
        name = "t"
        terms = [{ text = "{a,b}x", strength = "supporting" }, { text = "y" }]
        [groups]
        g = { en = ["one"], ko = ["둘"] }
        [strong]
        en = ["@g", "{2,3}nm"]
        """,
        "t.toml",
    )
    assert dict(topic.terms) == {
        "one": "strong",
        "둘": "strong",
        "2nm": "strong",
        "3nm": "strong",
        "y": "strong",
        "ax": "supporting",
        "bx": "supporting",
    }


def test_the_first_folder_wins_file_by_file(tmp_path: Path) -> None:
    own, packaged = tmp_path / "own", tmp_path / "packaged"
    for folder, term in ((own, "mine"), (packaged, "theirs")):
        folder.mkdir()
        (folder / "a.toml").write_text(f'name = "a"\nstrong = ["{term}"]')
    (packaged / "b.toml").write_text('name = "b"\nstrong = ["x"]')
    topics = load_topics([own, packaged, tmp_path / "absent"])
    assert [topic.terms[0][0] for topic in topics] == ["mine", "x"]


BROKEN = {
    "no TOML": ("name = ", "not TOML"),
    "a misspelt key names the right one": ('name = "a"\nstrongg = ["x"]', "did you mean 'strong'?"),
    "no name": ('strong = ["x"]', "name: ''"),
    "a name with blanks": ('name = "a b"\nstrong = ["x"]', "name: 'a b'"),
    "a title that is a number": ('name = "a"\ntitle = 3\nstrong = ["x"]', "title: must be text"),
    "terms that are no list": ('name = "a"\nstrong = "x"', "strong: must be a list"),
    "a term that is a number": ('name = "a"\nstrong = [3]', "strong: 3 is not a term"),
    "an empty term": ('name = "a"\nstrong = ["x", " "]', "strong: ' ' is not a term"),
    "an unknown language": ('name = "a"\nstrong = { eng = ["x"] }', "did you mean 'en'?"),
    "no term that speaks for it": ('name = "a"\nexcluding = ["x"]', "strong: no term"),
    "an unknown group": ('name = "a"\nstrong = ["@chp"]\ngroups = { chip = ["c"] }', "'@chip'"),
    "a term for and against": ('name = "a"\nstrong = ["x"]\nexcluding = ["x"]', "is also strong"),
    "half a brace": ('name = "a"\nstrong = ["{x"]', "brace"),
    "an explosion of braces": (
        'name = "a"\nstrong = ["{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}"]',
        "more than 200",
    ),
    "a conjunction of one": (
        'name = "a"\nstrong = ["x"]\nconjunctions = [{ all = ["x"] }]',
        "two groups",
    ),
    "a conjunction over the moon": (
        'name = "a"\nstrong = ["x"]\nconjunctions = [{ all = ["x", "y"], within = "moon" }]',
        "'moon'",
    ),
    "a threshold in words": ('name = "a"\nstrong = ["x"]\nthreshold = "high"', "must be a number"),
    "a flag in words": ('name = "a"\nstrong = ["x"]\nshares = "yes"', "must be true or false"),
    "an unknown strength": ('name = "a"\nterms = [{ text = "x", strength = "mild" }]', "'mild'"),
}


@pytest.mark.parametrize(("text", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_what_makes_no_sense_is_refused_by_file_and_key(text: str, reason: str) -> None:
    with pytest.raises(GlossaryError) as caught:
        parse_topic(text, "mine.toml")
    assert caught.value.reason.startswith("mine.toml: ")
    assert reason in f"{caught.value.reason}; {caught.value.fix}"


def test_two_files_cannot_hold_one_topic(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text('name = "same"\nstrong = ["x"]')
    with pytest.raises(GlossaryError, match=r"b\.toml: name: another file"):
        load_topics([tmp_path])
