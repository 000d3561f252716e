"""How alert rules stand: what they owe and when it may leave. Renders nothing, writes nothing.

Imports no template engine: the idle daemon asks this every minute.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.adapters.store import Store, alerts
from pipeline.models.digests import Candidate
from pipeline.models.labels import LabelRule
from pipeline.models.policies import AlertPolicy
from pipeline.steps.digest.alerts import LONGEST_WAIT, as_digest, raises
from pipeline.steps.digest.compose import rank
from pipeline.steps.digest.slots import opens_at, slots


@dataclass(frozen=True, slots=True)
class Standing:
    """One rule's stand.

    `since`: from when on it watches; None before its first pass. `sent`: the moments of the
    last day's messages. `waiting`: stories to tell, the weightiest first. `room`: messages
    that may leave now; `opens_at`: when the next one may.
    """

    since: datetime | None
    sent: tuple[datetime, ...]
    waiting: tuple[Candidate, ...]
    room: int
    opens_at: datetime

    @property
    def is_due(self) -> bool:
        """Whether a message would leave now."""
        return bool(self.waiting) and self.room > 0


def standing(
    store: Store,
    rule: AlertPolicy,
    *,
    now: datetime,
    topics: Collection[str],
    labels: LabelRule,
) -> Standing:
    """Return how a rule stands; `topics` are the names of all there are."""
    name = as_digest(rule).name
    sent = alerts.sent(store, name, now)
    room = slots(rule, sent, now)
    since = alerts.since(store, name, now)
    waiting: list[Candidate] = []
    if since is not None:
        seen_since = max(since, now - LONGEST_WAIT)
        waiting = stories(store, rule, since=seen_since, topics=topics, labels=labels)
        waiting.sort(key=lambda candidate: rank(candidate, now, rule.languages))
    return Standing(since, tuple(sent), tuple(waiting), room, opens_at(rule, sent, now))


def rehearse(
    store: Store,
    rule: AlertPolicy,
    *,
    since: datetime,
    topics: Collection[str],
    labels: LabelRule,
) -> list[Candidate]:
    """Return the stories the rule would have raised since then, told or not, newest first."""
    untold = replace(rule, name="(rehearsal)")  # no rule can have this name: nothing is told
    found = stories(store, untold, since=since, topics=topics, labels=labels)
    return sorted(found, key=lambda one: max(m.seen_at for m in one.members), reverse=True)


def stories(
    store: Store,
    rule: AlertPolicy,
    *,
    since: datetime,
    topics: Collection[str],
    labels: LabelRule,
) -> list[Candidate]:
    found = alerts.candidates(
        store, as_digest(rule), topics=topics, seen_since=since, labels=labels
    )
    return [candidate for candidate in found if raises(candidate, rule, since=since)]
