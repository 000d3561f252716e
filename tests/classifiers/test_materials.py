from pathlib import Path

import pytest

from classifiers.errors import ExamplesError
from classifiers.materials import Example, load_examples

EXAMPLES = Path(__file__).resolve().parents[2] / "seeds" / "examples"
TOPICS = (
    "advanced-packaging",
    "ai-accelerators",
    "ai-infrastructure",
    "chip-curbs",
    "chip-equipment",
    "foundry",
    "hbm",
    "lithography",
)


def test_the_packaged_examples_are_many_and_mostly_near_misses() -> None:
    examples = load_examples(EXAMPLES, topics=TOPICS)
    assert len(examples) >= 200
    assert len({(example.title, example.text) for example in examples}) == len(examples)
    assert sum(not example.labels for example in examples) >= 100
    for topic in TOPICS:
        assert sum(topic in example.labels for example in examples) >= 15, topic


def test_labels_of_topics_nobody_watches_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "en.jsonl").write_text('{"title": "T", "labels": ["hbm", "foundry"]}\n\n')
    assert load_examples(tmp_path, topics=["hbm"]) == (Example("T", "", ("hbm",)),)


def test_a_folder_that_is_not_there_holds_no_examples(tmp_path: Path) -> None:
    assert load_examples(tmp_path / "absent", topics=TOPICS) == ()


BROKEN = {
    "no JSON": ("{", "not JSON"),
    "a list": ("[]", "no title"),
    "no title": ('{"title": "", "labels": []}', "no title"),
    "no labels": ('{"title": "T"}', "labels must be a list"),
    "labels that are no names": ('{"title": "T", "labels": [1]}', "labels must be a list"),
    "a text that is a number": ('{"title": "T", "labels": [], "text": 1}', "text must be text"),
    "an unknown key": ('{"title": "T", "labels": [], "lable": 1}', "unknown key 'lable'"),
}


@pytest.mark.parametrize(("line", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_a_line_that_makes_no_sense_is_refused_by_its_number(
    tmp_path: Path, line: str, reason: str
) -> None:
    (tmp_path / "en.jsonl").write_text('{"title": "T", "labels": []}\n' + line)
    with pytest.raises(ExamplesError, match=r"en\.jsonl: line 2") as caught:
        load_examples(tmp_path, topics=TOPICS)
    assert reason in caught.value.reason
