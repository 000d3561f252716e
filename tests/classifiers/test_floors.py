"""Quality that was reached is kept: floors on data that is not part of the repository."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest

from classifiers.baseline import load_baseline
from classifiers.glossary import load_topics
from classifiers.materials import Materials, load_examples, names
from classifiers.metrics import Evaluation, Truth, evaluate
from classifiers.tagger import train

ROOT = Path(__file__).resolve().parents[2]
PINNED = json.loads((Path(__file__).parent / "floors.json").read_text())
FLOORS = PINNED["floors"]
SHARED = Path(os.environ.get("CHIPWIRE_SHARED") or ROOT.parent / "shared")
DEVELOPMENT = SHARED / "eval" / PINNED["file"]


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    if not DEVELOPMENT.is_file():
        pytest.skip("the development set is not here")
    data = DEVELOPMENT.read_bytes()
    if hashlib.sha256(data).hexdigest() != PINNED["sha256"]:
        pytest.skip("the development set is not the one the floors were measured on")
    rows = [json.loads(line) for line in data.splitlines()]
    topics = load_topics([ROOT / "config" / "topics"], vocabulary=ROOT / "config/vocabulary.toml")
    examples = load_examples(ROOT / "seeds" / "examples", topics=names(topics))
    tagger = train(Materials(topics, load_baseline(ROOT / "seeds"), examples))
    scores = tagger.tag([(row["title"], row["text"]) for row in rows])
    truth = Truth.of(
        names(topics),
        [row["labels"] for row in rows],
        optional=[row["optional"] for row in rows],
        hard=[row["hard_negative"] for row in rows],
        languages=[row["lang"] for row in rows],
    )
    probabilities = np.array([[score.probability for score in each] for each in scores])
    tagged = np.array([[score.tagged for score in each] for each in scores])
    return evaluate(truth, probabilities, tagged, lenient=True)


def test_the_whole_stays_over_its_floors(evaluation: Evaluation) -> None:
    assert evaluation.micro_f1 >= FLOORS["micro"]
    assert evaluation.macro_f1 >= FLOORS["macro"]
    assert evaluation.off_topic.share is not None
    assert evaluation.off_topic.share <= FLOORS["off_topic"]


def test_every_topic_and_language_stays_over_its_floor(evaluation: Evaluation) -> None:
    assert {t.topic: t.f1 for t in evaluation.topics if t.f1 < FLOORS["topic"]} == {}
    low = {name: s.micro_f1 for name, s in evaluation.languages if s.micro_f1 < FLOORS["language"]}
    assert low == {}
