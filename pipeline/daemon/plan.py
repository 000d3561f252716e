"""What the parent needs of the configuration, as a child read and checked it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.models.policies import DigestPolicy


@dataclass(frozen=True, slots=True)
class Plan:
    """When this home's jobs are due."""

    home: Path
    backup_schedule: str
    digests: tuple[DigestPolicy, ...]
    after_labels: int

    def to_json(self) -> str:
        """Return the plan as one line."""
        return json.dumps(
            {
                "home": str(self.home),
                "backup_schedule": self.backup_schedule,
                "after_labels": self.after_labels,
                "digests": [asdict(policy) for policy in self.digests],
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """Return the plan a child printed."""
        values = json.loads(text)
        digests = tuple(to_policy(each) for each in values["digests"])
        return cls(Path(values["home"]), values["backup_schedule"], digests, values["after_labels"])


def to_policy(values: dict[str, Any]) -> DigestPolicy:
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return DigestPolicy(**fields)
