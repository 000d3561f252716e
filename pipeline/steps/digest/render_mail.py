"""A digest as a mail: plain text first, HTML second, headers nothing can be injected into."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import quote

from pipeline.models.digests import Digest
from pipeline.steps.digest import words
from pipeline.steps.digest.addresses import address
from pipeline.steps.digest.harmless import one_line
from pipeline.steps.digest.render_terminal import render_terminal
from pipeline.steps.digest.templates import render
from pipeline.steps.digest.view import trimmed, view

# Gmail clips a message at 102 kB and hides the end, with the way to stop, behind a link.
MAX_BYTES = 98_000
TEXT_WIDTH = 72  # RFC 5322 2.1.1 asks for lines under 78 characters


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom and to whom; `unsubscribe` is a mailto: or https: address, or empty."""

    sender: str
    recipient: str
    unsubscribe: str = ""


def render_mail(
    digest: Digest, envelope: Envelope, *, templates: Mapping[str, str], message_id: str
) -> bytes:
    """Return the message with SMTP line ends, under 100 kB: cut with a line that says so.

    Raises:
        ConfigError: an address that is none, or a broken template.
    """
    keep = digest.stories
    while True:
        message = compose_message(
            digest, envelope, keep=keep, templates=templates, message_id=message_id
        )
        if len(message) <= MAX_BYTES or keep == 0:
            return message
        keep = min(keep - 1, keep * MAX_BYTES * 19 // (len(message) * 20))


def compose_message(
    digest: Digest,
    envelope: Envelope,
    *,
    keep: int,
    templates: Mapping[str, str],
    message_id: str,
) -> bytes:
    hidden = max(0, digest.stories - keep)
    shown = trimmed(digest, keep) if hidden else digest
    message = EmailMessage(policy=SMTP)
    message["From"] = address(envelope.sender)
    message["To"] = address(envelope.recipient)
    message["Subject"] = one_line(digest.subject, 150)
    # with the reader's own offset: "+0100", not UTC
    message["Date"] = format_datetime(words.local(digest.created_at, digest))
    message["Message-ID"] = message_id
    domain = address(envelope.sender).domain
    label = ".".join(reversed(digest.name.split("/")))  # "alert/hbm" is hbm.alert
    message["List-Id"] = f"chipwire {digest.name} <{label}.chipwire.{domain}>"
    stop = unsubscribe(digest, envelope)
    message["List-Unsubscribe"] = f"<{stop}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation replies
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(
        render_terminal(shown, TEXT_WIDTH, hidden=hidden, mail=True, unsubscribe=stop)
    )
    html = render("mail.html", templates, view(shown, hidden=hidden, unsubscribe=stop))
    message.add_alternative(html, subtype="html")
    # A boundary of its own would be random: the same digest must give the same bytes.
    message.set_boundary(f"=_chipwire_{hashlib.sha256(message_id.encode()).hexdigest()[:24]}")
    return message.as_bytes()


def unsubscribe(digest: Digest, envelope: Envelope) -> str:
    """Return the address that ends these mails: the configured one, else a mail to the sender."""
    if envelope.unsubscribe:
        return envelope.unsubscribe
    mailbox = address(envelope.sender).addr_spec
    return f"mailto:{mailbox}?subject={quote(f'unsubscribe {digest.name}')}"


def message_id(digest: Digest, *, channel: str, recipient: str, domain: str) -> str:
    """Return the Message-ID of one digest for one recipient: the same for the same digest.

    Receivers drop a second copy by it. It takes in when the digest was composed, so that
    two homes with a digest of one name for one reader do not swallow each other's.
    """
    parts = (digest.name, digest.period, digest.created_at.isoformat(), digest.subject)
    identity = "\n".join((*parts, channel, recipient))
    return f"<{hashlib.sha256(identity.encode()).hexdigest()[:32]}.chipwire@{domain}>"
