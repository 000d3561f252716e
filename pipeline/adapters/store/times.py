"""Moments as the database writes them: UTC ISO 8601 with Z, comparable as text."""

from datetime import UTC, datetime


def to_text(moment: datetime | None) -> str | None:
    """Return the moment in whole seconds, e.g. 2026-11-23T07:00:00Z."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_text(text: str | None) -> datetime | None:
    """Return the aware moment a database cell holds, or None."""
    return datetime.fromisoformat(text) if text else None
