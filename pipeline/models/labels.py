"""Labels: what a person says of a topic on an article."""

from dataclasses import dataclass
from typing import Literal, get_args

Verdict = Literal["yes", "no", "skip", "undo"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
LabelRule = Literal["newest", "majority", "agreed"]
REVIEWER = "reviewer"  # who is meant when nobody says who


@dataclass(frozen=True, slots=True)
class Label:
    """One reviewer's verdict on one topic of one article; `undo` takes the last one back.

    `created_at` is UTC ISO 8601 text, or "" for now.
    """

    article_id: int
    topic: str
    verdict: Verdict
    reviewer: str = REVIEWER
    note: str = ""
    origin: str = ""
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers agree on the cells both judged; kappa is 1 at best, 0 by chance."""

    first: str
    second: str
    cells: int
    agreed: int
    kappa: float | None
