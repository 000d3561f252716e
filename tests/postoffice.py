"""A real SMTP server on loopback that takes, refuses or puts off what the test says."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pipeline.models.policies import MailPolicy


@dataclass
class PostOffice:
    """What the server took, and what it says to whom."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)  # recipient -> reply to RCPT
    reply: str = "250 taken"
    port: int = 0
    hangs_up: bool = False  # takes the message and is gone before it says so
    silent: bool = False  # never says whether it takes the message

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 fine")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.silent:
            await asyncio.Event().wait()
        if self.reply.startswith("250"):
            content = envelope.original_content or b""
            self.taken += [(recipient, content) for recipient in envelope.rcpt_tos]
        if self.hangs_up and server.transport is not None:
            server.transport.abort()
        return self.reply

    @property
    def messages(self) -> list[EmailMessage]:
        return [parse(content) for _, content in self.taken]

    def policy(self, **changes: object) -> MailPolicy:
        settings: dict[str, object] = {
            "host": "127.0.0.1",
            "port": self.port,
            "security": "none",
            "sender": "chipwire <news@chipwire.example>",
            **changes,
        }
        return MailPolicy(**settings)  # type: ignore[arg-type] - a test's keyword arguments


def parse(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


@contextmanager
def open_post_office(
    *, tls: ssl.SSLContext | None = None, password: str = "", starttls: bool = False
) -> Iterator[PostOffice]:
    """Serve on a free port; with a password, only after a login over TLS."""
    office = PostOffice()

    def check(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: object
    ) -> AuthResult:
        known = isinstance(login, LoginPassword) and login.password == password.encode()
        return AuthResult(success=known, handled=False)

    def protocol() -> SMTP:
        return SMTP(
            office,
            hostname="post.example",
            loop=loop,
            tls_context=tls if starttls else None,
            require_starttls=starttls,
            authenticator=check if password else None,
            auth_required=bool(password) and starttls,  # aiosmtpd warns of it without STARTTLS
            auth_require_tls=starttls,
        )

    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=None if starttls else tls)
        office.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield office
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
