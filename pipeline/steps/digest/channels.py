"""A digest's channels as configured: what kind, whom it reaches, and what may be shown of it."""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.models.policies import DigestPolicy


@dataclass(frozen=True, slots=True)
class Target:
    """One channel of a digest. `shown` names it in the database, in logs and in `status`.

    The addresses of hooks and chat services are secrets, and a command line may hold one:
    of these only the place is shown, and a fingerprint that tells two of them apart.
    """

    kind: str
    recipient: str
    shown: str


def targets(policy: DigestPolicy) -> tuple[Target, ...]:
    """Return the channels of a digest, each once, in the order of the configuration."""
    return tuple(dict.fromkeys(target(channel, policy.name) for channel in policy.channels))


def target(channel: str, digest: str) -> Target:
    kind, _, recipient = channel.partition(":")
    if kind == "file":
        return Target(kind, digest, digest)
    if kind == "mail":
        return Target(kind, recipient.strip(), recipient.strip())
    fingerprint = hashlib.sha256(recipient.encode()).hexdigest()[:8]
    return Target(kind, recipient, f"{place(kind, recipient)}#{fingerprint}")


def place(kind: str, recipient: str) -> str:
    if kind == "command":
        return (recipient.split() or ["(empty)"])[0].rpartition("/")[2]
    try:
        parts = urlsplit(recipient)
        # chat addresses carry the secret where a web address has its host
        return f"https://{parts.hostname}/…" if kind == "webhook" else f"{parts.scheme}://…"
    except ValueError:
        return "…"
