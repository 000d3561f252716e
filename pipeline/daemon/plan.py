"""What the parent needs of the configuration, as a child read and checked it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.models.labels import LabelRule
from pipeline.models.policies import AlertPolicy, DigestPolicy


@dataclass(frozen=True, slots=True)
class Plan:
    """When this home's jobs are due. `alerts` name all their topics; `labels` is the rule
    for verdicts."""

    home: Path
    backup_schedule: str
    digests: tuple[DigestPolicy, ...]
    after_labels: int
    alerts: tuple[AlertPolicy, ...] = ()
    labels: LabelRule = "newest"

    def to_json(self) -> str:
        """Return the plan as one line."""
        return json.dumps(
            {
                "home": str(self.home),
                "backup_schedule": self.backup_schedule,
                "after_labels": self.after_labels,
                "digests": [asdict(policy) for policy in self.digests],
                "alerts": [asdict(rule) for rule in self.alerts],
                "labels": self.labels,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """Return the plan a child printed."""
        values = json.loads(text)
        return cls(
            home=Path(values["home"]),
            backup_schedule=values["backup_schedule"],
            digests=tuple(DigestPolicy(**fields(each)) for each in values["digests"]),
            after_labels=values["after_labels"],
            alerts=tuple(AlertPolicy(**fields(each)) for each in values["alerts"]),
            labels=values["labels"],
        )


def fields(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
