"""What an edit made of an article that a reader was already told of."""

import re
from collections.abc import Sequence

from pipeline.steps.digest.harmless import cut
from pipeline.steps.digest.lead import LONG, news
from pipeline.steps.versions import Change, changes

FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")


def news_of_edit(before: str, after: str, told: Sequence[str]) -> str:
    """Return the sentence that an edit brought, or "" where it changed nothing of weight.

    News is a sentence that says what none of the told texts said; else one whose figures
    changed, with the figures it had: a correction is worth a line, a better word is none.
    """
    found = changes(before, after)
    fresh = news("\n".join(change.after for change in found), "", told)
    if fresh:
        return fresh
    return next((corrected(change) for change in found if is_correction(change)), "")


def is_correction(change: Change) -> bool:
    return change.kind == "reworded" and bool(figures(change.before) - figures(change.after))


def corrected(change: Change) -> str:
    gone = sorted(figures(change.before) - figures(change.after))
    was = f" (before the edit: {', '.join(gone)})"
    return cut(change.after, LONG - len(was)) + was


def figures(sentence: str) -> frozenset[str]:
    return frozenset(FIGURE.findall(sentence))
