"""Shows what an edit changed in an article, sentence by sentence, as plain text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# A sentence ends at . ! ? followed by space and a capital, a digit or an opening quote, unless
# what stands before is one capital or a short title ("U.S. officials", "Sen. Warren").
_BOUNDARY = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:Mr|Ms|Dr|St|vs|No)\.)(?<!\b(?:Mrs|Sen|Rep|Gov|Gen|Inc|Ltd)\.)"
    r"(?<!\b(?:Corp)\.)[\"”’)]*\s+(?=[\"“‘(]*[A-Z0-9])|(?<=[。！？])(?![」』”’）])|\n+"
)
_SPACE = re.compile(r"\s+")

# Alike from here on, a removed and an added sentence are one sentence reworded.
REWORDED = 0.6
# Sentences beyond this are compared as wholes only: matching is quadratic.
MANY = 400


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what stood there before and what stands there now; either may be empty."""

    kind: Literal["added", "removed", "reworded"]
    before: str
    after: str


def is_edit(before: str, after: str) -> bool:
    """Tell whether a text says anything else than before: spacing alone is no edit."""
    return _SPACE.sub(" ", before).strip() != _SPACE.sub(" ", after).strip()


def changes(before: str, after: str) -> tuple[Change, ...]:
    """Return what changed from one version of a text to the next, in the order of the text."""
    own, now = sentences(before), sentences(after)
    found: list[Change] = []
    matcher = SequenceMatcher(None, own, now, autojunk=False)
    for kind, low, high, first, last in matcher.get_opcodes():
        if kind != "equal":
            found += _pair(own[low:high], now[first:last])
    return tuple(found)


def diff(before: str, after: str) -> str:
    """Return the changes as lines of text, "-" before and "+" after; "" where there are none."""
    lines: list[str] = []
    for change in changes(before, after):
        lines += [f"- {change.before}"] if change.before else []
        lines += [f"+ {change.after}"] if change.after else []
    return "\n".join(lines)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each with single spaces."""
    parts = (_SPACE.sub(" ", part).strip() for part in _BOUNDARY.split(text))
    return [part for part in parts if part]


def _pair(removed: Sequence[str], added: Sequence[str]) -> list[Change]:
    """Return the changes of one place, a reworded sentence beside what it was."""
    found: list[Change] = []
    rest = list(added)
    for sentence in removed:
        at = _closest(sentence, rest) if len(removed) + len(added) <= MANY else None
        if at is None:
            found.append(Change("removed", sentence, ""))
            continue
        found += [Change("added", "", new) for new in rest[:at]]
        found.append(Change("reworded", sentence, rest[at]))
        rest = rest[at + 1 :]
    return found + [Change("added", "", sentence) for sentence in rest]


def _closest(sentence: str, others: Sequence[str]) -> int | None:
    """Return the place of the sentence most alike, or None where none is alike enough."""
    words = set(_units(sentence))
    best, place = REWORDED, None
    for at, other in enumerate(others):
        theirs = set(_units(other))
        likeness = 2 * len(words & theirs) / (len(words) + len(theirs) or 1)
        if likeness >= best and (place is None or likeness > best):
            best, place = likeness, at
    return place


def _units(sentence: str) -> list[str]:
    return re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+", sentence)
