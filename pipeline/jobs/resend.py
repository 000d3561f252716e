"""Sending again what was refused, once a person has mended the address or the server."""

from dataclasses import replace
from datetime import datetime

from pipeline.adapters.store import Store, digests
from pipeline.adapters.store import outbox as table
from pipeline.jobs.messages import Newsroom, prepared, style_of
from pipeline.models.policies import DigestPolicy
from pipeline.steps.digest.channels import targets
from pipeline.steps.digest.render_json import parse_json


def reopen_refused(
    store: Store, policy: DigestPolicy, *, now: datetime, newsroom: Newsroom
) -> None:
    """Make the last digest pending again for those whom it did not reach.

    If somebody was refused, a channel that the digest did not have is a mended one, and gets
    it, too. Message-IDs stay as they were.
    """
    last = digests.last(store, policy.name)
    ended = table.ended(store, last[0]) if last else {}
    if last is None or not any(ended.values()):
        return
    digest_id, digest = last[0], parse_json(last[1])
    style = style_of(store, policy, newsroom)
    earlier = [one for one in style.earlier if one.created_at < digest.created_at]
    style = replace(style, earlier=earlier)
    for target in targets(policy):
        if ended.get((target.kind, target.shown), True):
            delivery = prepared(digest, target, style, newsroom)
            if not delivery.error:
                table.reopen(store, replace(delivery, digest_id=digest_id), now=now)
