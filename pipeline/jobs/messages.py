"""A digest's messages: rendered for each of its channels, with what one home puts into all."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pipeline.adapters.store import Store, digests
from pipeline.errors import ConfigError
from pipeline.models.digests import Delivery, Digest
from pipeline.models.labels import LabelRule
from pipeline.models.policies import DigestPolicy
from pipeline.steps.digest.channels import Target, targets
from pipeline.steps.digest.forms import Order, Style, identity, made
from pipeline.steps.digest.render_json import parse_json

logger = logging.getLogger(__name__)

NOBODY = "chipwire@chipwire.invalid"  # the sender of a mail that is only looked at
ISSUES = 30  # earlier digests that the feeds keep


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What digests of one home have in common.

    `topics` maps every topic's name to its title. `templates` are the user's where there
    are any; `packaged` stand in for one of them that is broken. `labels` says which verdict
    counts where reviewers differ. `claims` holds what the baseline claims, by the lines.
    `make` renders; a home's own templates are rendered where they can do no harm.
    """

    topics: Mapping[str, str]
    templates: Mapping[str, str] = field(default_factory=dict)
    packaged: Mapping[str, str] = field(default_factory=dict)
    sender: str = ""
    unsubscribe: str = ""
    review_url: str = ""
    labels: LabelRule = "newest"
    claims: Mapping[int, str] = field(default_factory=dict)
    make: Callable[[Order], bytes | ConfigError] = made


def copy_for(digest: Digest, target: Target, newsroom: Newsroom) -> Delivery:
    """Return the message of a digest for one target, stored nowhere.

    Raises:
        ConfigError: an address that is none, or a broken template.
    """
    style = Style(newsroom.templates, newsroom.sender or NOBODY, newsroom.unsubscribe)
    number = identity(digest, target, style)
    return Delivery(
        0, target.kind, target.shown, number, content_of(Order(digest, style, target), newsroom)
    )


def content_of(order: Order, newsroom: Newsroom) -> bytes:
    """Return what was ordered. Raises ConfigError where it cannot be made."""
    content = newsroom.make(order)
    if isinstance(content, ConfigError):
        raise content
    return content


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
        url=policy.url.rstrip("/"),
    )


def prepared(digest: Digest, target: Target, style: Style, newsroom: Newsroom) -> Delivery:
    """Return one delivery; what cannot be rendered is a refused one that says why."""
    error = ""
    for templates in (style.templates, newsroom.packaged):
        one = replace(style, templates=templates)
        try:
            number = identity(digest, target, one)
            content = content_of(Order(digest, one, target), newsroom)
            return Delivery(0, target.kind, target.shown, number, content)
        except ConfigError as broken:
            # a template the user broke must not cost the digest: the packaged one comes next
            error = str(broken)
            logger.warning("digest_form_broken name=%s why=%s", digest.name, error)
    return Delivery(0, target.kind, target.shown, "", b"", error=error)
