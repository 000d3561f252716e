"""The digest job: compose what is due, store it with its outbox, deliver what is pending."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pipeline.adapters.store import Store, digests, owed
from pipeline.models.digests import Digest, DigestReport
from pipeline.models.policies import DigestPolicy
from pipeline.steps.digest import compose
from pipeline.steps.digest.due import due_period, period_of
from pipeline.steps.digest.render_json import render_json

BASELINE_DAY = date(2025, 6, 13)  # the day the seed article appeared


def run(
    store: Store,
    policies: Sequence[DigestPolicy],
    *,
    topics: Mapping[str, str],
    now: datetime,
    review_url: str = "",
) -> DigestReport:
    """Compose each digest that is due; `topics` maps every topic's name to its title."""
    composed: list[Digest] = []
    for policy in policies:
        digest = compose_due(store, policy, topics=topics, now=now, review_url=review_url)
        if digest is not None:
            composed.append(digest)
    return DigestReport(composed=tuple(composed))


def compose_due(
    store: Store,
    policy: DigestPolicy,
    *,
    topics: Mapping[str, str],
    now: datetime,
    review_url: str,
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
    material = owed.material(store, policy, topics=topics, now=now, baseline_day=BASELINE_DAY)
    digest = compose(policy, material, now=now, period=period, review_url=review_url)
    if not digest.stories and (until is None):
        return None
    with store.transaction():
        # another program may have composed it since we looked
        if digests.exists(store, policy.name, period):
            return None
        digests.save(store, digest, content=render_json(digest))
    return digest if digest.stories or not policy.quiet else None


def preview(
    store: Store,
    policy: DigestPolicy,
    *,
    topics: Mapping[str, str],
    now: datetime,
    review_url: str = "",
) -> Digest:
    """Return the digest that would be composed now; stores nothing."""
    material = owed.material(store, policy, topics=topics, now=now, baseline_day=BASELINE_DAY)
    period = period_of(policy, now)
    return compose(policy, material, now=now, period=period, review_url=review_url)
