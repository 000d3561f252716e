"""What each channel is handed: a mail, files, JSON or Markdown, rendered once and then kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import ConfigError
from pipeline.models.digests import Digest
from pipeline.steps.digest.addresses import address
from pipeline.steps.digest.channels import Target
from pipeline.steps.digest.render_atom import (
    file_stem,
    render_issues,
    render_topic,
    topic_stem,
    topics,
)
from pipeline.steps.digest.render_json import render_json
from pipeline.steps.digest.render_mail import Envelope, message_id, render_mail, unsubscribe
from pipeline.steps.digest.render_terminal import render_terminal
from pipeline.steps.digest.templates import render
from pipeline.steps.digest.view import view

LOCAL = "chipwire.invalid"  # RFC 2606: the domain of a message without a sender


@dataclass(frozen=True, slots=True)
class Style:
    """What rendering needs beside the digest.

    `earlier` are the last digests, newest first. `url` is where the folder of its files is
    served, or empty: an Atom feed then names no address of its own.
    """

    templates: Mapping[str, str]
    sender: str = ""
    unsubscribe: str = ""
    earlier: Sequence[Digest] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A message to make, as a value that can travel to a worker process.

    Without a target it is one page: the template `page`, filled with the digest; the mail's
    says how to stop where the style has a sender.
    """

    digest: Digest
    style: Style
    target: Target | None = None
    page: str = "page.html"


def made(order: Order) -> bytes | ConfigError:
    """Return what was ordered, or what is wrong with it."""
    try:
        if order.target:
            return message(order.digest, order.target, order.style)
        stop = unsubscribe(order.digest, envelope_of(order.style, "")) if order.style.sender else ""
        shown = view(order.digest, unsubscribe=stop)
        return render(order.page, order.style.templates, shown).encode()
    except ConfigError as error:
        return error


def identity(digest: Digest, target: Target, style: Style) -> str:
    """Return the Message-ID of a digest for one target.

    Raises ConfigError for a mail without a proper sender.
    """
    domain = address(style.sender).domain if target.kind == "mail" else LOCAL
    return message_id(digest, channel=target.kind, recipient=target.shown, domain=domain)


def message(digest: Digest, target: Target, style: Style) -> bytes:
    """Return what the target's channel is handed.

    Raises:
        ConfigError: an address that is none, or a broken template.
    """
    if target.kind == "mail":
        envelope = envelope_of(style, target.recipient)
        number = identity(digest, target, style)
        return render_mail(digest, envelope, templates=style.templates, message_id=number)
    if target.kind == "file":
        return json.dumps(files(digest, style), ensure_ascii=False).encode()
    if target.kind == "webhook":
        return render_json(digest).encode()
    return render("digest.md", style.templates, view(digest)).encode()


def envelope_of(style: Style, recipient: str) -> Envelope:
    return Envelope(style.sender, recipient, style.unsubscribe)


def files(digest: Digest, style: Style) -> dict[str, str]:
    """Return the files of a digest's folder: its own in four forms, and the feeds anew."""
    stem = file_stem(digest)
    page = render("page.html", style.templates, view(digest))
    issues = [digest, *style.earlier]
    told = [(one, render("issue.html", style.templates, view(one))) for one in issues]
    found = {
        f"{stem}.html": page,
        f"{stem}.md": render("digest.md", style.templates, view(digest)),
        f"{stem}.txt": render_terminal(digest),
        f"{stem}.json": render_json(digest, indent=1),
        "latest.html": page,
        "feed.xml": render_issues(digest.name, told, url=style.url).decode(),
    }
    for topic in topics(issues):
        feed = render_topic(digest.name, topic, issues, url=style.url)
        found[f"topics/{topic_stem(topic)}.xml"] = feed.decode()
    return found
