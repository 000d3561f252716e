"""The digest job: compose what is due, store it with its outbox, deliver what is pending."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.adapters.store import Store, digests, owed
from pipeline.errors import ConfigError
from pipeline.jobs.outbox import deliver
from pipeline.models.digests import Delivery, Digest, DigestReport
from pipeline.models.labels import LabelRule
from pipeline.models.policies import DigestPolicy
from pipeline.ports import Channel
from pipeline.steps.digest import compose
from pipeline.steps.digest.channels import Target, targets
from pipeline.steps.digest.due import due_period, period_of
from pipeline.steps.digest.forms import Style, identity, message
from pipeline.steps.digest.render_json import parse_json, render_json

logger = logging.getLogger(__name__)

NOBODY = "chipwire@chipwire.invalid"  # the sender of a mail that is only looked at
ISSUES = 30  # earlier digests that the feeds keep


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What digests of one home have in common.

    `topics` maps every topic's name to its title. `templates` are the user's where there
    are any; `packaged` stand in for one of them that is broken. `labels` says which verdict
    counts where reviewers differ.
    """

    topics: Mapping[str, str]
    templates: Mapping[str, str] = field(default_factory=dict)
    packaged: Mapping[str, str] = field(default_factory=dict)
    sender: str = ""
    unsubscribe: str = ""
    review_url: str = ""
    labels: LabelRule = "newest"


def run(
    store: Store,
    policies: Sequence[DigestPolicy],
    channels: Mapping[str, Channel],
    *,
    now: datetime,
    newsroom: Newsroom,
) -> DigestReport:
    """Compose each digest that is due, then deliver what is pending.

    `channels` maps "mail", "file", "webhook", "apprise", "command" to what delivers it.
    """
    composed = [compose_due(store, policy, now=now, newsroom=newsroom) for policy in policies]
    report = deliver(store, policies, channels, now=now)
    return replace(report, composed=tuple(digest for digest in composed if digest))


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

    Its period is the moment, so that the day's own digest still comes.
    """
    composed = [
        compose_for(store, policy, f"{now:%Y-%m-%dT%H%M%SZ}", now=now, newsroom=newsroom)
        for policy in policies
        if policy.name == name and preview(store, policy, now=now, newsroom=newsroom).stories
    ]
    report = deliver(store, policies, channels, now=now, at_once=True)
    return replace(report, composed=tuple(digest for digest in composed if digest))


def copy_for(digest: Digest, target: Target, newsroom: Newsroom) -> Delivery:
    """Return the message of a digest for one target, stored nowhere.

    Raises:
        ConfigError: an address that is none, or a broken template.
    """
    style = Style(newsroom.templates, newsroom.sender or NOBODY, newsroom.unsubscribe)
    number = identity(digest, target, style)
    return Delivery(0, target.kind, target.shown, number, message(digest, target, style))


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
        material,
        now=now,
        period=period or period_of(policy, now),
        review_url=newsroom.review_url,
    )


def outbox(
    store: Store, policy: DigestPolicy, digest: Digest, newsroom: Newsroom
) -> list[Delivery]:
    """Return the rendered message for every channel of a digest."""
    style = style_of(store, policy, newsroom)
    return [prepared(digest, target, style, newsroom) for target in targets(policy)]


def style_of(store: Store, policy: DigestPolicy, newsroom: Newsroom) -> Style:
    """Return what rendering needs; the earlier issues only where a feed will hold them."""
    wants_feeds = "file" in policy.channels
    told = digests.contents(store, policy.name, limit=ISSUES) if wants_feeds else []
    return Style(
        templates=newsroom.templates,
        sender=newsroom.sender,
        unsubscribe=newsroom.unsubscribe,
        earlier=tuple(map(parse_json, told)),
    )


def prepared(digest: Digest, target: Target, style: Style, newsroom: Newsroom) -> Delivery:
    """Return one delivery; what cannot be rendered is a refused one that says why."""
    error = ""
    for templates in (style.templates, newsroom.packaged):
        one = replace(style, templates=templates)
        try:
            number = identity(digest, target, one)
            return Delivery(0, target.kind, target.shown, number, message(digest, target, one))
        except ConfigError as broken:
            # a template the user broke must not cost the digest: the packaged one comes next
            error = str(broken)
            logger.warning("digest_form_broken name=%s why=%s", digest.name, error)
    return Delivery(0, target.kind, target.shown, "", b"", error=error)
