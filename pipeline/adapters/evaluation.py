"""Scoring a tagger on labelled texts, with the figures of `classifiers.metrics`."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from classifiers.arrays import Floats
    from classifiers.metrics import Evaluation, Truth
    from pipeline.adapters.tagger import ArticleTagger

EXAMPLE = '{"id": 1, "title": "…", "text": "…", "labels": ["hbm"]}'


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and the topics a person gave it; `optional` cells are arguable."""

    title: str
    text: str
    labels: tuple[str, ...]
    optional: tuple[str, ...] = ()
    language: str = ""
    hard_negative: bool = False


def read_labelled(lines: Iterable[bytes], *, name: str) -> list[Labelled]:
    """Return the texts of labelled JSON lines.

    Raises:
        ConfigError: a line that is no labelled text, with its number.
    """
    found = [
        parse_line(line, f"{name}: line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not found:
        raise ConfigError(f"{name} holds no labelled text", fix=f"one object a line: {EXAMPLE}")
    return found


def parse_line(line: bytes, where: str) -> Labelled:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ConfigError(
            f"{where} is no JSON", why=str(error), fix=f"write it as {EXAMPLE}"
        ) from error
    if not isinstance(row, dict) or not isinstance(row.get("labels"), list):
        raise ConfigError(f"{where} has no list of labels", fix=f"write it as {EXAMPLE}")
    return Labelled(
        title=str(row.get("title") or ""),
        text=str(row.get("text") or ""),
        labels=tuple(map(str, row["labels"])),
        optional=tuple(map(str, row.get("optional") or ())),
        language=str(row.get("lang") or ""),
        hard_negative=bool(row.get("hard_negative")),
    )


@dataclass(frozen=True, slots=True)
class Scores:
    """A model's figures, and what they were counted from: texts × topics."""

    evaluation: "Evaluation"
    truth: "Truth"
    probabilities: "Floats"


def evaluate(tagger: "ArticleTagger", rows: Sequence[Labelled], *, lenient: bool) -> Scores:
    """Return the figures of the active model on these texts."""
    import numpy as np

    from classifiers import metrics

    topics = [topic.name for topic in tagger.topics]
    shape = (len(rows), len(topics))
    tags = tagger.tag([(number, row.title, row.text) for number, row in enumerate(rows)])
    probabilities = np.array([tag.probability for tag in tags]).reshape(shape)
    tagged = np.array([tag.tagged for tag in tags], dtype=np.bool_).reshape(shape)
    truth = metrics.Truth.of(
        topics,
        [row.labels for row in rows],
        optional=[row.optional for row in rows],
        hard=[row.hard_negative for row in rows],
        languages=[row.language for row in rows],
    )
    found = metrics.evaluate(truth, probabilities, tagged, lenient=lenient)
    return Scores(found, truth, probabilities)


def curves(scores: Scores) -> str:
    """Return the precision-recall curves as an SVG document."""
    from classifiers.plots import Curve, precision_recall_svg

    found, truth = scores.evaluation, scores.truth
    counted = ~truth.optional | truth.labelled
    drawn = []
    for place, topic in enumerate(found.topics):
        rows = counted[:, place] if found.lenient else slice(None)
        drawn.append(
            Curve(
                topic.topic, scores.probabilities[rows, place], truth.labelled[rows, place],
                (topic.recall, topic.precision),
            )
        )  # fmt: skip
    return precision_recall_svg(f"Precision and recall on {found.texts} texts", drawn)
