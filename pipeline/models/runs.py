"""What a job reports of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job: when, how it ended ("ok", "failed", "interrupted"), what it did."""

    job: str
    started_at: datetime
    finished_at: datetime
    outcome: str = "ok"
    counts: Mapping[str, int] = field(default_factory=dict)
    error: str = ""
