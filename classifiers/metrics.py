"""Evaluation figures: how right the tags are, per topic, language and kind of negative.

Arrays in, frozen values out; pure numpy. A cell is a (text, topic) pair. Rates are None where
they have no denominator.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.arrays import Floats, Mask

CALIBRATION_FLOOR = 0.05  # below, predictions are trivially right and would hide the error
CALIBRATION_BINS = 10


@dataclass(frozen=True, slots=True)
class Truth:
    """What texts are about: texts × topics, in the order of `topics`.

    `optional` cells are arguable: in lenient scoring they count as neither right nor wrong.
    `hard` marks texts chosen to be close to a topic without being about it; `languages` may be
    empty.
    """

    topics: tuple[str, ...]
    labelled: Mask
    optional: Mask
    hard: Mask
    languages: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        topics: Sequence[str],
        labels: Sequence[Sequence[str]],
        *,
        optional: Sequence[Sequence[str]] | None = None,
        hard: Sequence[bool] | None = None,
        languages: Sequence[str] = (),
    ) -> "Truth":
        """Return the truth from names per text; names that are no topic are left out."""
        return cls(
            topics=tuple(topics),
            labelled=_cells(topics, labels),
            optional=_cells(topics, optional or [()] * len(labels)),
            hard=np.array(hard if hard is not None else [False] * len(labels), dtype=np.bool_),
            languages=tuple(languages),
        )


def _cells(topics: Sequence[str], named: Sequence[Sequence[str]]) -> Mask:
    column = {topic: place for place, topic in enumerate(topics)}
    cells = np.zeros((len(named), len(topics)), dtype=np.bool_)
    for row, names in enumerate(named):
        cells[row, [column[name] for name in names if name in column]] = True
    return cells


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """One topic's figures; `support` counts the texts labelled with it.

    `average_precision` is None without such a text.
    """

    topic: str
    precision: float
    recall: float
    f1: float
    average_precision: float | None
    support: int
    tagged: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of `count` in `total` with its 95 % Wilson interval; `share` is None of nothing."""

    count: int
    total: int
    share: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often `predicted` was wrongly told on texts labelled `labelled` ("" for off-topic)."""

    predicted: str
    labelled: str
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Micro and macro F1 and off-topic rate of some texts."""

    texts: int
    micro_f1: float
    macro_f1: float
    off_topic: Rate


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything `evaluate` reports.

    `mean_average_precision` leaves topics without support out; so does macro F1. `off_topic`
    rates are the share of off-topic texts that got any tag.
    """

    lenient: bool
    texts: int
    micro_precision: float
    micro_recall: float
    micro_f1: float
    macro_f1: float
    mean_average_precision: float | None
    off_topic: Rate
    off_topic_hard: Rate
    off_topic_ordinary: Rate
    calibration_error: float | None
    topics: tuple[TopicFigures, ...]
    languages: tuple[tuple[str, Summary], ...]
    confusions: tuple[Confusion, ...]


def evaluate(truth: Truth, probabilities: Floats, tagged: Mask, *, lenient: bool) -> Evaluation:
    """Return the figures of predictions, texts × topics in the order of `truth.topics`.

    An optional cell that carries no label is left out everywhere when `lenient`, and counts as
    a plain negative when not. A text is off-topic when it has neither a label nor (lenient or
    not) an optional topic. Raises ValueError when the shapes differ.
    """
    shapes = {a.shape for a in (truth.labelled, truth.optional, probabilities, tagged)}
    if len(shapes) != 1 or len(truth.hard) != len(tagged):
        raise ValueError(f"shapes differ: {sorted(shapes)}, {len(truth.hard)} marks of hardness")
    counted = ~truth.optional | truth.labelled if lenient else np.ones_like(truth.labelled)
    topics = tuple(
        _topic_figures(
            topic, truth.labelled[:, j], tagged[:, j], probabilities[:, j], counted=counted[:, j]
        )
        for j, topic in enumerate(truth.topics)
    )
    hits, told, named = _sums(truth.labelled, tagged, counted)
    off_topic = ~_any(truth.labelled) & ~_any(truth.optional)
    any_tag = _any(tagged)
    precisions = [t.average_precision for t in topics if t.average_precision is not None]
    return Evaluation(
        lenient=lenient,
        texts=len(tagged),
        micro_precision=_ratio(hits, told),
        micro_recall=_ratio(hits, named),
        micro_f1=_ratio(2 * hits, told + named),
        macro_f1=_macro(topics),
        mean_average_precision=sum(precisions) / len(precisions) if precisions else None,
        off_topic=_share_of(any_tag, off_topic),
        off_topic_hard=_share_of(any_tag, off_topic & truth.hard),
        off_topic_ordinary=_share_of(any_tag, off_topic & ~truth.hard),
        calibration_error=calibration_error(probabilities[counted], truth.labelled[counted]),
        topics=topics,
        languages=_per_language(truth, tagged, counted),
        confusions=_confusions(truth, tagged & counted & ~truth.labelled),
    )


def _topic_figures(
    topic: str, labelled: Mask, tagged: Mask, probabilities: Floats, *, counted: Mask
) -> TopicFigures:
    hits, told, named = _sums(labelled, tagged, counted)
    return TopicFigures(
        topic=topic,
        precision=_ratio(hits, told),
        recall=_ratio(hits, named),
        f1=_ratio(2 * hits, told + named),
        average_precision=average_precision(probabilities[counted], labelled[counted]),
        support=named,
        tagged=told,
    )


def _sums(labelled: Mask, tagged: Mask, counted: Mask) -> tuple[int, int, int]:
    tagged = tagged & counted
    return int((labelled & tagged).sum()), int(tagged.sum()), int((labelled & counted).sum())


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _any(cells: Mask) -> Mask:
    found: Mask = np.logical_or.reduce(cells, axis=1)
    return found


def _macro(topics: Sequence[TopicFigures]) -> float:
    supported = [figures.f1 for figures in topics if figures.support]
    return sum(supported) / len(supported) if supported else 0.0


def _share_of(any_tag: Mask, among: Mask) -> Rate:
    return wilson(int((any_tag & among).sum()), int(among.sum()))


def wilson(count: int, total: int, *, z: float = 1.96) -> Rate:
    """Return a share with its Wilson score interval, which holds for few and for none, too.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    if not total:
        return Rate(0, 0, None, 0.0, 1.0)
    share, square = count / total, z * z / total
    centre = (share + square / 2) / (1 + square)
    spread = z * ((share * (1 - share) + square / 4) / total) ** 0.5 / (1 + square)
    low = 0.0 if count == 0 else max(0.0, centre - spread)
    high = 1.0 if count == total else min(1.0, centre + spread)
    return Rate(count, total, share, low, high)


def average_precision(scores: Floats, positive: Mask) -> float | None:
    """Return the mean precision at each positive, equal scores taken together; None without one."""
    curve = precision_recall(scores, positive)
    if curve is None:
        return None
    precision, recall = curve
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def precision_recall(scores: Floats, positive: Mask) -> tuple[Floats, Floats] | None:
    """Return precision and recall at each distinct score, highest first; None without positive."""
    if not positive.any():
        return None
    order = np.argsort(-scores, kind="stable")
    last_of_equals = np.append(np.diff(scores[order]) != 0, True)
    hits = np.cumsum(positive[order])[last_of_equals]
    told = np.arange(1, len(scores) + 1)[last_of_equals]
    return hits / told, hits / positive.sum()


def calibration_error(probabilities: Floats, labelled: Mask) -> float | None:
    """Return the expected calibration error over cells with p > .05; None when there is none.

    Over all cells it would be trivially small: most are clear negatives.
    """
    shown = probabilities > CALIBRATION_FLOOR
    if not shown.any():
        return None
    p, y = probabilities[shown], labelled[shown]
    place = np.minimum((p * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    off = [abs(p[place == b].sum() - y[place == b].sum()) for b in range(CALIBRATION_BINS)]
    return float(sum(off) / len(p))


def _per_language(truth: Truth, tagged: Mask, counted: Mask) -> tuple[tuple[str, Summary], ...]:
    languages = np.array(truth.languages)
    return tuple(
        (language, _summary(truth, tagged, counted=counted, rows=languages == language))
        for language in sorted(set(truth.languages))
    )


def _summary(truth: Truth, tagged: Mask, *, counted: Mask, rows: Mask) -> Summary:
    labelled, told_cells, within = truth.labelled[rows], tagged[rows], counted[rows]
    hits, told, named = _sums(labelled, told_cells, within)
    sums = [_sums(labelled[:, j], told_cells[:, j], within[:, j]) for j in range(len(truth.topics))]
    f1 = [_ratio(2 * hit, tag + name) for hit, tag, name in sums if name]
    off_topic = ~_any(labelled) & ~_any(truth.optional[rows])
    return Summary(
        texts=int(rows.sum()),
        micro_f1=_ratio(2 * hits, told + named),
        macro_f1=sum(f1) / len(f1) if f1 else 0.0,
        off_topic=_share_of(_any(told_cells), off_topic),
    )


def _confusions(truth: Truth, wrong: Mask) -> tuple[Confusion, ...]:
    """Return which topics were told for which, most frequent first.

    A wrong tag on a text with several labels counts once for each.
    """
    none = ~_any(truth.labelled)[:, np.newaxis]
    counts = wrong.astype(int).T @ np.hstack([truth.labelled, none]).astype(int)
    names = (*truth.topics, "")
    found = [
        Confusion(truth.topics[told], names[labelled], int(counts[told, labelled]))
        for told, labelled in zip(*np.nonzero(counts), strict=True)
    ]
    return tuple(sorted(found, key=lambda c: (-c.count, c.predicted, c.labelled)))
