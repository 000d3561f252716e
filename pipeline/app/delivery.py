"""What the digest job needs of a home: its topics and templates, and the ways out."""

from typing import TYPE_CHECKING

from pipeline.app.parts import App

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.jobs.digest import Newsroom
    from pipeline.ports import Channel


def newsroom(app: App) -> "Newsroom":
    """Return what all digests of the home have in common.

    Raises:
        ConfigError: a topic or a template of the home cannot be read.
    """
    from pipeline.adapters import templates
    from pipeline.jobs.digest import Newsroom

    return Newsroom(
        topics=app.topic_titles,
        templates=templates.load(app.config),
        packaged=templates.load(),
        sender=app.settings.mail.sender,
        unsubscribe=app.settings.mail.unsubscribe,
        review_url=app.review_url,
        labels=app.settings.review.labels,
    )


def channels(app: App) -> "Mapping[str, Channel]":
    """Return every way out by its name; none is opened before it is used."""
    from pipeline.adapters.channels.chat import ChatChannel
    from pipeline.adapters.channels.command import CommandChannel
    from pipeline.adapters.channels.folder import FolderChannel
    from pipeline.adapters.channels.mail import MailChannel, password
    from pipeline.adapters.http.hook import HookChannel

    mail = app.settings.mail.policy()
    ways: list[Channel] = [
        MailChannel(mail, password=lambda: password(mail, app.environment)),
        FolderChannel(app.home.digests),
        CommandChannel(),
        HookChannel(),
        ChatChannel(),
    ]
    return {way.name: way for way in ways}
