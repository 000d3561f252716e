"""TopicClassifier: scikit-learn's conventions, edge cases, exact explanations."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import estimator_checks as checks

from classifiers import TopicClassifier
from classifiers.errors import ModelFileError
from classifiers.files import load, save

WORDS = {
    "grain": "wheat corn barley harvest tonnes crop export bushel",
    "crude": "oil barrel opec refinery crude output petroleum rig",
    "ship": "vessel port strike cargo tanker freight canal dock",
    "gold": "gold ounce mine bullion karat vein smelter troy",
}
NOISE = "company said year government market price would last week expected officials report"


def story(seed: int, *topics: str) -> str:
    """Return a text about the topics, the same for the same seed."""
    rng = np.random.default_rng(seed)
    words = [str(w) for topic in topics for w in rng.choice(WORDS[topic].split(), 4)]
    words += [str(w) for w in rng.choice(NOISE.split(), 6)]
    return " ".join(str(w) for w in rng.permutation(words))


def newsroom(size: int = 160) -> tuple[list[str], list[list[str]]]:
    """Return texts and labels: two frequent topics that overlap, a rare one, a single one."""
    labels = [
        ["grain"] if n % 3 == 0 else ["crude"] if n % 3 == 1 else ["grain", "ship"]
        for n in range(size)
    ]
    labels[7] = ["gold"]
    return [story(n, *topics) for n, topics in enumerate(labels)], labels


def test_unseen_texts_get_their_topics() -> None:
    model = TopicClassifier().fit(*newsroom())
    unseen = [story(1000 + n, *topics) for n, topics in enumerate([["crude"], ["grain", "ship"]])]
    assert model.predict(unseen) == [frozenset({"crude"}), frozenset({"grain", "ship"})]


def test_probabilities_have_one_column_per_topic_in_sorted_order() -> None:
    texts, labels = newsroom()
    model = TopicClassifier().fit(texts, labels)
    assert model.classes_.tolist() == ["crude", "gold", "grain", "ship"]
    probabilities = model.predict_proba(texts)
    assert probabilities.shape == (len(texts), 4)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    truth = np.array([[topic in names for topic in model.classes_] for names in labels])
    assert probabilities[truth].mean() > 0.8
    assert probabilities[~truth].mean() < 0.1


def test_a_score_above_zero_is_a_tag() -> None:
    texts, labels = newsroom()
    model = TopicClassifier(at_least_one=False).fit(texts, labels)
    tagged = model.decision_function(texts) > 0
    assert [frozenset(model.classes_[row].tolist()) for row in tagged] == model.predict(texts)


def test_every_explanation_adds_up_to_its_score() -> None:
    texts, labels = newsroom()
    model = TopicClassifier(bigrams=True).fit(texts, labels)
    scores = model.decision_function(texts[:5])
    for text, row in zip(texts, scores, strict=False):
        for topic, score in zip(model.classes_, row, strict=True):
            why = model.explain(text, topic)
            assert why.score == pytest.approx(score, abs=1e-9)
            assert why.bias + sum(weight for _, weight in why.terms) == pytest.approx(score)


def test_explaining_an_unknown_topic_names_it() -> None:
    with pytest.raises(KeyError, match="tin"):
        TopicClassifier().fit(*newsroom()).explain("text", "tin")


def test_the_same_input_gives_the_same_model() -> None:
    first, second = (TopicClassifier().fit(*newsroom()) for _ in range(2))
    assert (first.coef_ == second.coef_).all()
    assert (first.thresholds_ == second.thresholds_).all()
    assert (first.sigmoids_ == second.sigmoids_).all()


@pytest.mark.parametrize(
    ("at_least_one", "expected"),
    [
        pytest.param(True, 1, id="asked for"),
        pytest.param(False, 0, id="not wanted"),
        pytest.param("auto", 1, id="auto: every training text had a topic"),
    ],
)
def test_the_best_topic_when_none_fires(at_least_one: bool | str, expected: int) -> None:
    model = TopicClassifier(at_least_one=at_least_one).fit(*newsroom())
    assert len(model.predict(["said year market price would"])[0]) == expected


def test_when_none_fires_it_is_the_topic_nearest_to_its_threshold() -> None:
    model = TopicClassifier(at_least_one=True).fit(*newsroom())
    text = "said year market price would"
    first, second = np.argsort(-model.decision_function([text])[0])[:2]
    assert model.predict([text]) == [{str(model.classes_[first])}]
    model.thresholds_[first] += 1.0  # its score stays the highest
    assert model.predict([text]) == [{str(model.classes_[second])}]


def test_auto_leaves_texts_without_topic_when_training_had_some() -> None:
    texts, labels = newsroom()
    labels[0] = []
    model = TopicClassifier().fit(texts, labels)
    assert model.at_least_one_ is False


@pytest.mark.parametrize("text", ["", "zzz qqq", "🚀", "\x00\xff", "a"])
def test_a_text_without_known_words_gets_no_topic(text: str) -> None:
    assert TopicClassifier().fit(*newsroom()).predict([text]) == [frozenset()]


@pytest.mark.parametrize(
    ("texts", "labels", "expected"),
    [
        pytest.param(["wheat"], [["grain"]], [{"grain"}], id="one text, one topic"),
        pytest.param(["wheat", "corn"], [["grain"], ["grain"]], [{"grain"}] * 2, id="one class"),
        pytest.param(["wheat", "oil"], [[], []], [set(), set()], id="no labels at all"),
        pytest.param(["", ""], [["grain"], []], [set(), set()], id="empty texts"),
        pytest.param(
            ["wheat crop", "wheat corn", "oil rig", "oil barrel"],
            ["grain", "grain", "crude", "crude"],
            [{"grain"}, {"grain"}, {"crude"}, {"crude"}],
            id="a bare string is one topic",
        ),
        pytest.param(
            ["wheat crop", "oil rig"],
            [("grain",), frozenset({"crude"})],
            [{"grain"}, {"crude"}],
            id="one text a topic",
        ),
    ],
)
def test_degenerate_collections(
    texts: list[str], labels: list[list[str]], expected: list[set[str]]
) -> None:
    model = TopicClassifier().fit(texts, labels)
    assert model.predict(texts) == expected
    assert model.predict_proba(texts).shape == (len(texts), len(model.classes_))
    assert np.isfinite(model.predict_proba(texts)).all()


def test_no_texts_to_predict_is_no_error() -> None:
    model = TopicClassifier().fit(*newsroom())
    assert model.predict([]) == []
    assert model.predict_proba([]).shape == (0, 4)


@pytest.mark.parametrize(
    ("texts", "labels", "error"),
    [
        pytest.param([], [], ValueError, id="no texts"),
        pytest.param(["a"], [["x"], ["y"]], ValueError, id="lengths differ"),
        pytest.param("text", [["x"]], TypeError, id="one string"),
        pytest.param([None], [["x"]], TypeError, id="no string"),
        pytest.param(["a"], [[1]], TypeError, id="a number as topic"),
    ],
)
def test_wrong_input_is_refused(texts: object, labels: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        TopicClassifier().fit(texts, labels)  # type: ignore[arg-type] # on purpose


def test_predicting_before_fitting_is_refused() -> None:
    with pytest.raises(NotFittedError):
        TopicClassifier().predict(["text"])


def test_a_saved_model_predicts_the_same_numbers(tmp_path: Path) -> None:
    texts, labels = newsroom()
    model = TopicClassifier(bigrams=True, title_weight=3).fit(texts, labels)
    assert model.save(tmp_path / "model") == model.save(tmp_path / "again")
    loaded = TopicClassifier.load(tmp_path / "model")
    assert (loaded.predict_proba(texts) == model.predict_proba(texts)).all()
    assert loaded.predict(texts) == model.predict(texts)
    assert loaded.explain(texts[0], "grain") == model.explain(texts[0], "grain")
    assert loaded.get_params() == model.get_params()


@pytest.mark.parametrize(
    ("arrays", "meta", "reason"),
    [
        pytest.param({}, {"kind": "else"}, "kind is 'else'", id="of another kind"),
        pytest.param({}, {"scikit_learn": "0.1"}, "scikit_learn is '0.1'", id="of another version"),
        pytest.param({}, {"params": {"trees": 7}}, "lacks a part", id="with other parameters"),
        pytest.param({}, {"topics": ["a"]}, "coef does not fit 1 topics", id="of other topics"),
        pytest.param({"idf": np.zeros(2)}, {}, "idf does not fit", id="of another vocabulary"),
        pytest.param({"sigmoids": np.zeros(2)}, {}, "sigmoids does not", id="with a wrong shape"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(
    tmp_path: Path, arrays: dict[str, np.ndarray], meta: dict[str, object], reason: str
) -> None:
    folder = tmp_path / "model"
    TopicClassifier().fit(*newsroom()).save(folder)
    saved = load(folder)
    save(
        folder,
        {**saved.arrays, **arrays},
        vocabulary=saved.vocabulary,
        meta={**saved.meta, **meta},
    )
    with pytest.raises(ModelFileError, match=reason):
        TopicClassifier.load(folder)


@pytest.mark.parametrize(
    "check",
    [
        checks.check_estimator_cloneable,
        checks.check_estimator_repr,
        checks.check_estimator_tags_renamed,
        checks.check_get_params_invariance,
        checks.check_mixin_order,
        checks.check_no_attributes_set_in_init,
        checks.check_parameters_default_constructible,
        checks.check_set_params,
        checks.check_valid_tag_types,
    ],
    ids=lambda check: check.__name__,
)
def test_the_checks_of_scikit_learn_that_need_no_numeric_input_pass(
    check: Callable[[str, TopicClassifier], None],
) -> None:
    check("TopicClassifier", TopicClassifier())


def test_clone_and_set_params_follow_scikit_learn() -> None:
    model = TopicClassifier(C=0.5, bigrams=True).fit(*newsroom())
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert not hasattr(copy, "coef_")
    assert copy.set_params(C=2.0).C == 2.0


def test_importing_the_package_does_not_import_scikit_learn() -> None:
    code = "import classifiers, sys; sys.exit('sklearn' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
