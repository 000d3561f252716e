"""The other door to `classifiers`: which articles a person should look at next."""

from collections.abc import Mapping, Sequence

from pipeline.adapters.store.review import Wanted
from pipeline.models.tags import Topic
from pipeline.steps.verdicts import doubt


def choose(
    cells: Sequence[tuple[int, str, float]],
    topics: Sequence[Topic],
    count: int,
    *,
    support: Mapping[str, int],
) -> list[Wanted]:
    """Return up to `count` cells of different articles, by the shares of `classifiers.selection`.

    `cells` are (article, topic, probability); a topic an article has no tag for counts as no.
    """
    import numpy as np

    from classifiers import selection

    articles = sorted({article for article, _, _ in cells})
    rows = {article: row for row, article in enumerate(articles)}
    columns = {topic.name: column for column, topic in enumerate(topics)}
    probabilities = np.zeros((len(articles), len(topics)))
    for article, topic, probability in cells:
        if topic in columns:
            probabilities[rows[article], columns[topic]] = probability
    thresholds = [topic.threshold for topic in topics]
    found = selection.choose(
        selection.Candidates(
            articles, list(columns), probabilities, thresholds,
            [support.get(name, 0) for name in columns],
        ),
        count,
    )  # fmt: skip
    wanted = []
    for choice in found:
        article, column = int(str(choice.article)), columns[choice.topic]
        unsure = doubt(float(probabilities[rows[article], column]), thresholds[column])
        wanted.append(Wanted(article, choice.topic, unsure, choice.reason))
    return wanted
