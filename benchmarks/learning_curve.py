"""What reviews are worth: figures at 0, 20, 50, 100 chosen reviews against as many random ones.

    python -m benchmarks.learning_curve FILE.jsonl [steps …]

The file is labelled JSONL as `evaluate` takes it. Five folds: the articles of four are the pool
that may be reviewed (all topics of an article at once; arguable cells are skipped), those of the
fifth are scored, so every article is scored once by a model that never saw its labels. Chosen
reviews come in rounds, each chosen by the model the earlier rounds made.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.metrics import Evaluation, Truth, evaluate
from classifiers.selection import Candidates, choose

ROOT = Path(__file__).resolve().parent.parent
STEPS = (0, 20, 50, 100)
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled article."""

    id: str
    title: str
    text: str
    labels: frozenset[str]
    optional: frozenset[str]
    hard: bool
    language: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a model says of some articles, texts × topics, and where its topics are cut."""

    probabilities: np.ndarray
    thresholds: Sequence[float]


# Trains on reviewed articles (with the whole pool unlabelled) and scores others.
Learner = Callable[[Sequence[Labelled], Sequence[Labelled]], Callable[[Sequence[Labelled]], Told]]


def read(file: Path) -> list[Labelled]:
    """Return the articles of a labelled JSONL file."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return [
        Labelled(
            id=str(row["id"]),
            title=row["title"],
            text=row["text"],
            labels=frozenset(row["labels"]),
            optional=frozenset(row.get("optional", ())),
            hard=bool(row.get("hard_negative")),
            language=row.get("lang", ""),
        )
        for row in rows
    ]


def curve(
    articles: Sequence[Labelled],
    topics: Sequence[str],
    learn: Learner,
    *,
    steps: Sequence[int] = STEPS,
    chosen: bool,
) -> list[Evaluation]:
    """Return the figures after each number of reviews, all folds together."""
    told = np.zeros((len(steps), len(articles), len(topics)))
    cuts = np.zeros_like(told)
    for fold in range(FOLDS):
        held = np.array([_hash(article.id) % FOLDS == fold for article in articles])
        if not held.any():
            continue
        pool = [article for article, out in zip(articles, held, strict=True) if not out]
        scored = [article for article, out in zip(articles, held, strict=True) if out]
        for step, reviewed in enumerate(_rounds(pool, topics, learn, steps=steps, chosen=chosen)):
            answer = learn(reviewed, pool)(scored)
            told[step, held] = answer.probabilities
            cuts[step, held] = answer.thresholds
    truth = Truth.of(
        topics,
        [sorted(article.labels) for article in articles],
        optional=[sorted(article.optional) for article in articles],
        hard=[article.hard for article in articles],
        languages=[article.language for article in articles],
    )
    return [
        evaluate(truth, told[step], told[step] >= cuts[step], lenient=True)
        for step in range(len(steps))
    ]


def _rounds(
    pool: Sequence[Labelled],
    topics: Sequence[str],
    learn: Learner,
    *,
    steps: Sequence[int],
    chosen: bool,
) -> Iterator[list[Labelled]]:
    """Yield the reviewed articles at each step; a later step keeps the earlier ones."""
    reviewed: list[Labelled] = []
    for count in steps:
        left = [article for article in pool if article not in reviewed]
        wanted = count - len(reviewed)
        if wanted > 0 and chosen:
            reviewed = reviewed + _choose(
                left, topics, learn(reviewed, pool)(left), wanted, reviewed
            )
        elif wanted > 0:
            reviewed = (
                reviewed + sorted(left, key=lambda article: _hash(f"random {article.id}"))[:wanted]
            )
        yield reviewed


def _choose(
    left: Sequence[Labelled],
    topics: Sequence[str],
    told: Told,
    wanted: int,
    reviewed: Sequence[Labelled],
) -> list[Labelled]:
    support = [sum(topic in article.labels for article in reviewed) for topic in topics]
    by_id = {article.id: article for article in left}
    candidates = Candidates(list(by_id), topics, told.probabilities, told.thresholds, support)
    return [by_id[str(choice.article)] for choice in choose(candidates, wanted)]


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def tagger() -> tuple[tuple[str, ...], Learner]:
    """Return the packaged topics and a learner that trains the tagger as the program does."""
    from classifiers.glossary import load_topics

    config = ROOT / "config"
    topics = load_topics([config / "topics"], vocabulary=config / "vocabulary.toml")
    names = tuple(topic.name for topic in topics)
    cuts = [topic.tag_from for topic in topics]

    def learn(
        reviewed: Sequence[Labelled], pool: Sequence[Labelled]
    ) -> Callable[[Sequence[Labelled]], Told]:
        model = _trained(topics, names, reviewed=reviewed, pool=pool)

        def tell(articles: Sequence[Labelled]) -> Told:
            logits = model.logits([(article.title, article.text) for article in articles])
            return Told(0.5 * (1 + np.tanh(logits / 2)), cuts)

        return tell

    return names, learn


def _trained(
    topics: Sequence[Any],
    names: Sequence[str],
    *,
    reviewed: Sequence[Labelled],
    pool: Sequence[Labelled],
) -> Any:
    from classifiers import baseline, materials
    from classifiers.tagger import train

    reviews = tuple(
        materials.Review(article.title, article.text, name, name in article.labels)
        for article in reviewed
        for name in names
        if name in article.labels or name not in article.optional
    )
    return train(
        materials.Materials(
            topics=tuple(topics),
            baseline=baseline.load_baseline(ROOT / "seeds", topics=names),
            examples=materials.load_examples(ROOT / "seeds" / "examples", topics=names),
            unlabelled=tuple((article.title, article.text) for article in pool),
            reviews=reviews,
        )
    )


def main(arguments: list[str]) -> int:
    """Print the curve; 0 also when the file is not there."""
    if not arguments or not Path(arguments[0]).is_file():
        print("skipped: give a labelled JSONL file")
        return 0
    articles = read(Path(arguments[0]))
    steps = tuple(map(int, arguments[1:])) or STEPS
    topics, learn = tagger()
    print(f"{len(articles)} articles, {FOLDS} folds, lenient")
    print("reviews          micro  macro  off-topic  mean AP")
    for kind in ("chosen", "random"):
        figures = curve(articles, topics, learn, steps=steps, chosen=kind == "chosen")
        for count, found in zip(steps, figures, strict=True):
            print(
                f"{count:4} {kind:10}  {found.micro_f1:.3f}  {found.macro_f1:.3f}  "
                f"{found.off_topic.share or 0:.3f}      {found.mean_average_precision or 0:.3f}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
