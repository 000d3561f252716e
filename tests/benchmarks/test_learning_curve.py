"""The learning curve: who is reviewed and who is scored, with a learner that knows what it saw."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from benchmarks.learning_curve import FOLDS, Labelled, Told, curve, main

TOPICS = ("hbm", "curbs")
ARTICLES = [
    Labelled(f"a{n}", "title", "text", frozenset({TOPICS[n % 2]}), frozenset(), False, "en")
    for n in range(60)
]


class Rote:
    """Learns nothing but the share of its topics that reviews cover; keeps what it was shown."""

    def __init__(self) -> None:
        self.lessons: list[tuple[set[str], set[str]]] = []
        self.scored: list[set[str]] = []

    def learn(
        self, reviewed: Sequence[Labelled], pool: Sequence[Labelled]
    ) -> Callable[[Sequence[Labelled]], Told]:
        self.lessons.append(({a.id for a in reviewed}, {a.id for a in pool}))
        sure = 1.0 if len(reviewed) >= 10 else 0.4

        def tell(articles: Sequence[Labelled]) -> Told:
            self.scored.append({a.id for a in articles})
            truth = np.array([[topic in a.labels for topic in TOPICS] for a in articles])
            return Told(truth * sure, (0.5, 0.5))

        return tell


@pytest.mark.parametrize("chosen", [True, False], ids=["chosen", "random"])
def test_articles_are_scored_by_models_that_never_reviewed_them(chosen: bool) -> None:
    rote = Rote()
    before, after = curve(ARTICLES, TOPICS, rote.learn, steps=(0, 10), chosen=chosen)
    assert (before.micro_f1, after.micro_f1) == (0.0, 1.0)
    assert (before.texts, after.texts) == (60, 60)
    assert {len(reviewed) for reviewed, _ in rote.lessons} == {0, 10}
    assert all(reviewed <= pool for reviewed, pool in rote.lessons)
    held = [scored for scored in rote.scored if scored.isdisjoint(rote.lessons[0][1])]
    assert held
    assert len({frozenset(pool) for _, pool in rote.lessons}) == FOLDS


def test_without_a_file_it_is_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "skipped" in capsys.readouterr().out
