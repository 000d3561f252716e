"""What is known of a host: its robots.txt, and whether it asked to be left alone."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HostRecord:
    """One row of `hosts`. `host` has its port where that is neither 80 nor 443.

    `robots` holds only the lines that are about us, as robots.txt text; `robots_status` is
    the HTTP status it came with, 0 where no answer came. Times are aware UTC.
    """

    host: str
    robots: str = ""
    robots_status: int | None = None
    robots_at: datetime | None = None
    paused_until: datetime | None = None
