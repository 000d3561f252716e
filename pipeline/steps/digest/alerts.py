"""Alerts: which stories are told at once, and an alert's message as a digest of its own."""

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.models.digests import Candidate, Digest, Material
from pipeline.models.policies import AlertPolicy, DigestPolicy
from pipeline.steps.digest.compose import compose
from pipeline.steps.digest.describe import passing_of

PREFIX = "alert/"  # no digest's name holds a slash, so a rule and a digest may share one
ROOM = 1000  # stories of one message; beyond that they wait for the next
# What waits longer is news for the digest only. A rule's limits hold nothing back for more
# than a day and a night, so only a watch that stood still loses an alert by this.
LONGEST_WAIT = timedelta(days=7)


def as_digest(rule: AlertPolicy) -> DigestPolicy:
    """Return the rule as the digest its messages are made, stored and delivered as."""
    return DigestPolicy(
        name=PREFIX + rule.name,
        topics=rule.topics,
        companies=rule.companies,
        languages=rule.languages,
        timezone=rule.timezone,
        cut=rule.probability,
        max_stories=ROOM,
        channels=rule.channels,
        url=rule.url,
    )


def limits(rule: AlertPolicy) -> str:
    """Return the rule's limits in words."""
    quiet = f", none {rule.quiet_hours.replace('-', ' to ')}" if rule.quiet_hours else ""
    return f"at most {rule.per_hour} messages an hour and {rule.per_day} a day{quiet}"


def raises(candidate: Candidate, rule: AlertPolicy, *, since: datetime) -> bool:
    """Say whether a story is an alert: never told, first seen since then, and fresh.

    One article told is the whole story told: a rule tells a story once, whatever follows.
    """
    if candidate.told_at or any(member.told_at for member in candidate.members):
        return False
    oldest = timedelta(hours=rule.max_age_h)
    return any(
        member.seen_at >= since and member.seen_at - member.when <= oldest
        for member in passing_of(candidate)
    )


def compose_alert(
    rule: AlertPolicy, material: Material, *, now: datetime, review_url: str = ""
) -> Digest:
    """Return the message that tells these stories."""
    first = material.candidates[0]
    key = f"story-{first.id}" if first.id else f"article-{first.members[0].article_id}"
    digest = compose(
        as_digest(rule), material, now=now, period=f"{now:%Y-%m-%dT%H%M%SZ}-{key}",
        review_url=review_url,
    )  # fmt: skip
    return replace(digest, kind="alert", schedule=limits(rule), subject=f"Alert: {digest.subject}")
