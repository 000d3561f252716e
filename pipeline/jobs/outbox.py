"""Delivering what the outbox holds: claim, hand over, mark, and put off what failed."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pipeline.adapters.store import Store, outbox
from pipeline.errors import DeliveryError
from pipeline.models.digests import Delivery, DigestReport
from pipeline.models.policies import DigestPolicy
from pipeline.ports import Channel
from pipeline.steps.digest.channels import targets
from pipeline.steps.digest.retry import is_hopeless, next_attempt

logger = logging.getLogger(__name__)

Key = tuple[int, str, str]
Outcome = DeliveryError | bool
FAR = datetime(9999, 12, 31, tzinfo=UTC)


def deliver(
    store: Store,
    policies: Sequence[DigestPolicy],
    channels: Mapping[str, Channel],
    *,
    now: datetime,
    at_once: bool = False,
) -> DigestReport:
    """Try every delivery whose time has come, each recipient's digests in their order.

    `at_once` tries what was put off, too. A recipient that is no longer configured gets
    nothing more, which is no failure: somebody took it out.
    """
    recipients = {
        (policy.name, target.kind, target.shown): target.recipient
        for policy in policies
        for target in targets(policy)
    }
    outcomes: dict[Key, Outcome] = {}
    news: list[str] = []
    while batch := [
        delivery
        for delivery in outbox.due(store, FAR if at_once else now)
        if key(delivery) not in outcomes and not is_down(delivery.channel, outcomes)
    ]:
        # one at a time: a channel found down costs one wait, not one per recipient
        delivery = batch[0]
        recipient = recipients.get((delivery.digest, delivery.channel, delivery.recipient))
        outcome = attempt(store, delivery, channels.get(delivery.channel), recipient, now=now)
        outcomes[key(delivery)] = outcome
        if isinstance(outcome, DeliveryError) and (outcome.permanent or not delivery.attempts):
            news.append(sentence(delivery, outcome))
    failures = [outcome for outcome in outcomes.values() if isinstance(outcome, DeliveryError)]
    return DigestReport(
        delivered=sum(outcome is True for outcome in outcomes.values()),
        failed=len(failures),
        refused=tuple(str(error) for error in failures if error.permanent),
        put_off=tuple(str(error) for error in failures if not error.permanent),
        news=tuple(news),
    )


def sentence(delivery: Delivery, error: DeliveryError) -> str:
    """Return what a person should know of a delivery that failed, in one line."""
    place = f"{delivery.channel}:{delivery.recipient}"
    why = " ".join(str(error).replace("\n", ";").split())
    later = "" if error.permanent else "; it is kept and tried again"
    return f"{delivery.digest!r} did not reach {place}: {why}{later}"


def key(delivery: Delivery) -> Key:
    return delivery.digest_id, delivery.channel, delivery.recipient


def is_down(channel: str, outcomes: Mapping[Key, Outcome]) -> bool:
    return any(
        isinstance(outcome, DeliveryError) and outcome.everyone and number[1] == channel
        for number, outcome in outcomes.items()
    )


def attempt(
    store: Store,
    delivery: Delivery,
    channel: Channel | None,
    recipient: str | None,
    *,
    now: datetime,
) -> Outcome:
    """Hand one message over and write down what came of it; True where it was taken."""
    if recipient is None:
        outbox.give_up(store, delivery, state="abandoned", error=None)
        logger.info("digest_dropped to=%s why=no longer configured", delivery.recipient)
        return False
    if not outbox.claim(store, delivery):
        return False  # another program has it
    try:
        if channel is None:
            raise DeliveryError(f"nothing delivers {delivery.channel!r} here", permanent=False)
        channel.send(recipient, delivery.message_id, delivery.message)
    except DeliveryError as error:
        note(store, delivery, error, now=now)
        return error
    outbox.delivered(store, delivery, now=now)
    logger.info("digest_delivered to=%s id=%s", delivery.recipient, delivery.message_id)
    return True


def note(store: Store, delivery: Delivery, error: DeliveryError, *, now: datetime) -> None:
    """Keep a delivery for later, or end it: refused by its recipient, or tried long enough."""
    logger.warning("digest_not_delivered to=%s why=%s", delivery.recipient, error)
    why = str(error)
    if error.permanent:
        outbox.give_up(store, delivery, state="refused", error=why)
    elif is_hopeless(delivery.composed_at, now):
        outbox.give_up(store, delivery, state="abandoned", error=why)
    else:
        until = next_attempt(delivery.attempts + 1, now)
        outbox.put_off(store, delivery, error=why, until=until)
