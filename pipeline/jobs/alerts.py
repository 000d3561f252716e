"""Alerts: tell a story a rule waits for in the pass that found it, once, within its limits."""

import logging
from collections.abc import Sequence
from datetime import datetime

from pipeline.adapters.store import Store, digests
from pipeline.adapters.store import alerts as table
from pipeline.adapters.store.loads import topic_loads
from pipeline.adapters.store.passing import said_by_people
from pipeline.jobs.messages import Newsroom, outbox
from pipeline.jobs.standing import Standing, standing
from pipeline.models.digests import Candidate, Digest, Material
from pipeline.models.policies import AlertPolicy
from pipeline.steps.digest.alerts import as_digest, compose_alert
from pipeline.steps.digest.claims import quoting
from pipeline.steps.digest.render_json import render_json
from pipeline.steps.digest.slots import batches

logger = logging.getLogger(__name__)


def watch(store: Store, rules: Sequence[AlertPolicy], *, now: datetime) -> None:
    """Let new rules watch from now on. To be called before a pass brings articles in."""
    table.watch(store, [as_digest(rule).name for rule in rules], now=now)


def compose_due(
    store: Store, rule: AlertPolicy, *, now: datetime, newsroom: Newsroom
) -> list[Digest]:
    """Compose and store the messages that may leave now; what waits stays owed.

    A message, what stood in it and its outbox are stored together: killed at any point, a
    story is either owed or told.
    """
    state = stand(store, rule, now=now, newsroom=newsroom)
    made = (
        compose_for(store, rule, batch, now=now, newsroom=newsroom)
        for batch in batches(state.waiting, state.room)
    )
    return [alert for alert in made if alert]


def compose_for(
    store: Store,
    rule: AlertPolicy,
    batch: Sequence[Candidate],
    *,
    now: datetime,
    newsroom: Newsroom,
) -> Digest | None:
    alert = draft(store, rule, batch, now=now, newsroom=newsroom)
    policy = as_digest(rule)
    deliveries = outbox(store, policy, alert, newsroom)
    with store.transaction():
        # another program may have told it since we looked
        if table.is_told(store, alert):
            return None
        digests.save(store, alert, content=render_json(alert), deliveries=deliveries)
    logger.info("alert_raised rule=%s stories=%d", rule.name, alert.stories)
    return alert


def draft(
    store: Store,
    rule: AlertPolicy,
    batch: Sequence[Candidate],
    *,
    now: datetime,
    newsroom: Newsroom,
) -> Digest:
    """Return the message that would tell these stories; stores nothing."""
    wanted = {
        name: title
        for name, title in newsroom.topics.items()
        if not rule.topics or name in rule.topics
    }
    verdicts = said_by_people(store, newsroom.labels)
    loads = topic_loads(store, rule.probability, topics=wanted, now=now, verdicts=verdicts)
    material = Material(candidates=quoting(batch, newsroom.claims), loads=loads)
    return compose_alert(rule, material, now=now, review_url=newsroom.review_url)


def preview(store: Store, rule: AlertPolicy, *, now: datetime, newsroom: Newsroom) -> list[Digest]:
    """Return the messages that would leave now; stores nothing."""
    state = stand(store, rule, now=now, newsroom=newsroom)
    return [
        draft(store, rule, batch, now=now, newsroom=newsroom)
        for batch in batches(state.waiting, state.room)
    ]


def stand(store: Store, rule: AlertPolicy, *, now: datetime, newsroom: Newsroom) -> Standing:
    """Return how a rule of this home stands."""
    return standing(store, rule, now=now, topics=newsroom.topics, labels=newsroom.labels)
