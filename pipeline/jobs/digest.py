"""The digest job: compose what is due, store it with its outbox, deliver what is pending."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.adapters.store import Store, digests, owed
from pipeline.jobs import alerts
from pipeline.jobs.messages import Newsroom, copy_for, outbox
from pipeline.jobs.outbox import deliver
from pipeline.jobs.resend import reopen_refused
from pipeline.models.digests import Digest, DigestReport
from pipeline.models.policies import AlertPolicy, DigestPolicy
from pipeline.ports import Channel
from pipeline.steps.digest.alerts import as_digest
from pipeline.steps.digest.channels import Target
from pipeline.steps.digest.claims import quoting
from pipeline.steps.digest.compose import compose
from pipeline.steps.digest.due import due_period, period_of
from pipeline.steps.digest.render_json import render_json

logger = logging.getLogger(__name__)


def run(
    store: Store,
    policies: Sequence[DigestPolicy],
    channels: Mapping[str, Channel],
    *,
    now: datetime,
    newsroom: Newsroom,
    rules: Sequence[AlertPolicy] = (),
) -> DigestReport:
    """Raise the alerts and compose each digest that is due, then deliver what is pending.

    `channels` maps "mail", "file", "webhook", "apprise", "command" to what delivers it.
    """
    raised = [
        digest
        for rule in rules
        for digest in alerts.compose_due(store, rule, now=now, newsroom=newsroom)
    ]
    composed = [compose_due(store, policy, now=now, newsroom=newsroom) for policy in policies]
    report = deliver(store, [*policies, *map(as_digest, rules)], channels, now=now)
    return replace(
        report, composed=tuple(digest for digest in composed if digest), alerts=tuple(raised)
    )


def compose_due(
    store: Store, policy: DigestPolicy, *, now: datetime, newsroom: Newsroom
) -> Digest | None:
    """Compose and store one digest if it is due and has something to say.

    One with nothing new leaves a row that marks its period as done, and sends nothing where
    the policy is quiet; before the first digest there is no such row, so that a new home
    gets its first as soon as there is a story.
    """
    until = owed.last_until(store, policy.name, now)
    period = due_period(policy, until=until, now=now)
    if period is None or digests.exists(store, policy.name, period):
        return None
    return compose_for(store, policy, period, now=now, newsroom=newsroom)


def compose_for(
    store: Store, policy: DigestPolicy, period: str, *, now: datetime, newsroom: Newsroom
) -> Digest | None:
    """Compose and store the digest of a period; None if it sends nothing."""
    first = owed.last_until(store, policy.name, now) is None
    digest = preview(store, policy, now=now, newsroom=newsroom, period=period)
    if not digest.stories and first:
        return None
    sends = bool(digest.stories) or not policy.quiet
    deliveries = outbox(store, policy, digest, newsroom) if sends else []
    with store.transaction():
        # another program may have composed it since we looked
        if digests.exists(store, policy.name, period):
            return None
        digests.save(store, digest, content=render_json(digest), deliveries=deliveries)
    logger.info("digest_composed name=%s period=%s stories=%d", policy.name, period, digest.stories)
    return digest if sends else None


def send_now(
    store: Store,
    policies: Sequence[DigestPolicy],
    channels: Mapping[str, Channel],
    *,
    name: str,
    now: datetime,
    newsroom: Newsroom,
) -> DigestReport:
    """Compose one digest whether due or not, and try all that waits in the outbox at once.

    Its period is the moment, so that the day's own digest still comes. Those who were refused
    the last one get it again: whoever sends by hand has mended something.
    """
    for policy in policies:
        if policy.name == name:
            reopen_refused(store, policy, now=now, newsroom=newsroom)
    composed = [
        compose_for(store, policy, f"{now:%Y-%m-%dT%H%M%SZ}", now=now, newsroom=newsroom)
        for policy in policies
        if policy.name == name and preview(store, policy, now=now, newsroom=newsroom).stories
    ]
    report = deliver(store, policies, channels, now=now, at_once=True)
    return replace(report, composed=tuple(digest for digest in composed if digest))


def send_copy(
    digest: Digest, target: Target, channel: Channel, newsroom: Newsroom, *, mark: str = ""
) -> str:
    """Send a digest that is stored nowhere; return whom it reached.

    Files go to a folder of their own, so that the feeds stay as they are. Raises
    ConfigError and DeliveryError.
    """
    made = copy_for(replace(digest, subject=mark + digest.subject), target, newsroom)
    recipient = f"{target.recipient}/copy" if target.kind == "file" else target.recipient
    channel.send(recipient, made.message_id, made.message)
    return target.shown


def preview(
    store: Store, policy: DigestPolicy, *, now: datetime, newsroom: Newsroom, period: str = ""
) -> Digest:
    """Return the digest that would be composed now; stores nothing."""
    material = owed.material(store, policy, topics=newsroom.topics, now=now, rule=newsroom.labels)
    return compose(
        policy,
        replace(material, candidates=quoting(material.candidates, newsroom.claims)),
        now=now,
        period=period or period_of(policy, now),
        review_url=newsroom.review_url,
    )
