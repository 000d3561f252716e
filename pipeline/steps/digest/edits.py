"""What an edit, or an article in another language, adds to what a reader was already told."""

import re
import unicodedata
from collections.abc import Sequence

from pipeline.steps.digest.harmless import cut
from pipeline.steps.digest.lead import LONG, candidates_of_all, news, stands_alone
from pipeline.steps.versions import Change, changes

# Without a word in common a translation looks all new; figures are the same in every language.
# The newsroom's translations of told stories bring no figure of two digits that was not told
# ("8" layers, "4" people), its foreign follow-ups bring two and more.
FRESH_FIGURES = 2
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


def news_in_another_language(text: str, told: Sequence[str]) -> str:
    """Return the first sentence with a figure nobody told, or "" for what is a translation."""
    known = frozenset[str]().union(*(figures(one) for one in told))
    fresh = {figure for figure in figures(text) - known if len(figure) > 1}
    if len(fresh) < FRESH_FIGURES:
        return ""
    telling = [s for s in candidates_of_all(text) if fresh & figures(s)]
    return cut(next(filter(stands_alone, telling), telling[0]), LONG) if telling else ""


def figures(sentence: str) -> frozenset[str]:
    # full-width digits are the same figures
    return frozenset(FIGURE.findall(unicodedata.normalize("NFKC", sentence)))
