"""What many verdicts amount to: which stand, which one trains, how far reviewers agree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from pipeline.models.labels import Agreement, Label, LabelRule

Cell = tuple[int, str]  # (article id, topic)


def standing(labels: Iterable[Label]) -> list[Label]:
    """Return each reviewer's newest label per cell, without what was undone, oldest first.

    `labels` come oldest first.
    """
    newest: dict[tuple[int, str, str], Label] = {}
    for label in labels:
        key = (label.article_id, label.topic, label.reviewer)
        newest.pop(key, None)  # the order is that of the newest
        newest[key] = label
    return [label for label in newest.values() if label.verdict != "undo"]


def settle(labels: Iterable[Label], rule: LabelRule) -> dict[Cell, bool]:
    """Return the answer each judged cell trains with; a skip never trains.

    `newest`: the last reviewer's. `majority`: what more reviewers say; a tie trains nothing.
    `agreed`: only where nobody differs; a single reviewer agrees with herself.
    """
    answers: dict[Cell, list[bool]] = defaultdict(list)
    for label in standing(labels):
        if label.verdict != "skip":
            answers[label.article_id, label.topic].append(label.verdict == "yes")
    settled = {cell: settle_cell(said, rule) for cell, said in answers.items()}
    return {cell: answer for cell, answer in settled.items() if answer is not None}


def settle_cell(said: Sequence[bool], rule: LabelRule) -> bool | None:
    if rule == "newest":
        return said[-1]
    yes, no = said.count(True), said.count(False)
    if rule == "agreed":
        return said[0] if not (yes and no) else None
    return None if yes == no else yes > no


def disputed(labels: Iterable[Label]) -> set[Cell]:
    """Return the cells on which reviewers differ."""
    answers: dict[Cell, set[str]] = defaultdict(set)
    for label in standing(labels):
        if label.verdict != "skip":
            answers[label.article_id, label.topic].add(label.verdict)
    return {cell for cell, said in answers.items() if len(said) > 1}


def agreement(labels: Iterable[Label]) -> list[Agreement]:
    """Return the agreement of every two reviewers who judged some of the same cells."""
    answers: dict[str, dict[Cell, bool]] = defaultdict(dict)
    for label in standing(labels):
        if label.verdict != "skip":
            answers[label.reviewer][label.article_id, label.topic] = label.verdict == "yes"
    found = []
    for first, second in combinations(sorted(answers), 2):
        both = answers[first].keys() & answers[second].keys()
        pairs = [(answers[first][cell], answers[second][cell]) for cell in both]
        if pairs:
            agreed = sum(one == other for one, other in pairs)
            found.append(Agreement(first, second, len(pairs), agreed, kappa(pairs)))
    return found


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Return Cohen's kappa of two reviewers' answers; None where chance alone agrees fully.

    J. Cohen, "A coefficient of agreement for nominal scales", 1960: observed agreement over
    what their shares of "yes" would give by chance.
    """
    if not pairs:
        return None
    observed = sum(one == other for one, other in pairs) / len(pairs)
    first = sum(one for one, _ in pairs) / len(pairs)
    second = sum(other for _, other in pairs) / len(pairs)
    chance = first * second + (1 - first) * (1 - second)
    return None if chance == 1 else (observed - chance) / (1 - chance)


def doubt(probability: float, threshold: float) -> float:
    """Return how unsure a probability is: 1 at the threshold, 0 at the far end from it."""
    return 1 - abs(probability - threshold) / max(threshold, 1 - threshold)


def storable(text: str) -> str:
    """Return a text as SQLite keeps it: without lone surrogates, which it refuses, and NUL."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\0", "")
