"""What the digest job needs of a home: its topics and templates, and the ways out."""

from functools import partial
from typing import TYPE_CHECKING

from pipeline.app.parts import App
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.jobs.messages import Newsroom
    from pipeline.models.policies import AlertPolicy, DigestPolicy
    from pipeline.ports import Channel
    from pipeline.steps.digest.forms import Order
    from pipeline.steps.digest.wishes import Vain


def newsroom(app: App) -> "Newsroom":
    """Return what all digests of the home have in common.

    Raises:
        ConfigError: a topic or a template of the home cannot be read, or a digest or alert
            names a topic or company that does not exist.
    """
    from pipeline.adapters import templates
    from pipeline.jobs.messages import Newsroom
    from pipeline.steps.digest.forms import made

    check_wishes(app)
    packaged, own = templates.load(), templates.load(app.config)
    return Newsroom(
        topics=app.topic_titles,
        templates=own,
        packaged=packaged,
        sender=app.settings.mail.sender,
        unsubscribe=app.settings.mail.unsubscribe,
        review_url=app.review_url,
        labels=app.settings.review.labels,
        claims={line.line: line.says for line in app.baseline if line.says},
        make=made if own == packaged else partial(made_apart, app),
    )


def made_apart(app: App, order: "Order") -> "bytes | ConfigError":
    """Render in a worker process that is ended when it takes too long or too much memory.

    A template of the home is a small program, and nobody can tell beforehand whether it ends.
    """
    from pipeline.ports import WorkerFailure
    from pipeline.steps.digest.forms import made

    for _, answer in app.workers.run_all(made, [order]):
        if not isinstance(answer, WorkerFailure):
            return answer
        return ConfigError(
            "a template of the home cannot be used",
            why=f"{answer.detail}, and the worker that rendered it was ended",
            fix="mend the files in templates/, or delete them to use the packaged ones",
        )
    raise AssertionError("every task comes back")  # the port's promise


def check_wishes(app: App) -> None:
    from pipeline.steps.digest.wishes import unknown

    wishes: list[DigestPolicy | AlertPolicy] = [*app.digest_policies, *app.alert_policies]
    asks_for_companies = any(wish.companies for wish in wishes)
    companies = app.knowledge.companies.names if asks_for_companies else ()
    faults = unknown(wishes, topics=app.topic_titles, companies=companies)
    if faults:
        said = (f"{asked_at(app, vain)}: {vain.said}" for vain in faults)
        raise ConfigError(
            "the configuration asks for what there is not",
            why="\n  ".join(["", *said]),
            fix="`chipwire topics list` names the topics, companies.toml the companies",
        )


def asked_at(app: App, vain: "Vain") -> str:
    """Return the file, line and key that ask for it."""
    from pipeline.models.policies import DigestPolicy
    from pipeline.settings.load import line_of, read

    kind = "digest" if isinstance(vain.reader, DigestPolicy) else "alert"
    names = [one.name for one in getattr(app.settings, kind)]
    keys = [kind, str(names.index(vain.reader.name)), vain.key]
    line = line_of(read(app.config / app.home.settings.name), keys)
    return f"{app.home.settings}:{line}: {'.'.join(keys)}"


def readers(app: App) -> "list[DigestPolicy]":
    """Return every digest of the home, and every alert rule as the digest it is sent as."""
    from pipeline.steps.digest.alerts import as_digest

    return [*app.digest_policies, *map(as_digest, app.alert_policies)]


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
