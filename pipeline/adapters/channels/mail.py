"""Mail over SMTP: encrypted before the password, refusals told apart from bad days."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.errors import ConfigError, DeliveryError
from pipeline.models.policies import MailPolicy

TIMEOUT_S = 30.0


class MailChannel:
    """Hands messages to one SMTP server, each over a connection of its own.

    `password` is asked for when a login needs it, and may raise ConfigError.
    """

    name = "mail"

    def __init__(
        self,
        policy: MailPolicy,
        *,
        password: Callable[[], str] = str,
        tls: ssl.SSLContext | None = None,
        timeout_s: float = TIMEOUT_S,
    ):
        self.policy = policy
        self._password = password
        self._given_tls = tls
        self._timeout_s = timeout_s

    @property
    def _tls(self) -> ssl.SSLContext:
        # made for a connection, not for a pass: reading the certificates takes 20 ms
        return self._given_tls or ssl.create_default_context()

    def send(self, recipient: str, message_id: str, message: bytes) -> None:
        """Hand the message over; return once the server has taken it on.

        Raises:
            DeliveryError: refused for good (5xx for this recipient or message) or for now.
        """
        if not self.policy.host:
            raise DeliveryError(
                "no mail server is configured",
                permanent=False,
                everyone=True,
                fix="set [mail] host in chipwire.toml",
            )
        try:
            client = self._connect()
        except ConfigError as error:
            raise self._unreachable(error.what, error.why) from error
        except smtplib.SMTPAuthenticationError as error:
            # 535 is permanent for the server, but a person can mend the password
            raise self._unreachable("the mail server refused the login", said(error)) from error
        except ssl.SSLCertVerificationError as error:
            raise self._unreachable(
                "the mail server's certificate cannot be trusted", error.verify_message
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise self._unreachable("the mail server cannot be used", said(error)) from error
        try:
            self._hand_over(client, recipient, message)
        finally:
            leave(client)

    def _connect(self) -> smtplib.SMTP:
        host, port = self.policy.host, self.policy.port
        client: smtplib.SMTP
        if self.policy.security == "tls":
            client = smtplib.SMTP_SSL(host, port, timeout=self._timeout_s, context=self._tls)
        else:
            client = smtplib.SMTP(host, port, timeout=self._timeout_s)
        try:
            if self.policy.security == "starttls":
                client.starttls(context=self._tls)  # raises where the server offers none
            if self.policy.username:
                client.login(self.policy.username, self._password())
        except BaseException:
            client.close()
            raise
        return client

    def _hand_over(self, client: smtplib.SMTP, recipient: str, message: bytes) -> None:
        sender = mailbox(self.policy.sender)
        try:
            client.sendmail(sender, [recipient], message)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = error.recipients[recipient]
            raise refused(f"{recipient} was refused", code, text) from error
        except smtplib.SMTPSenderRefused as error:
            # whoever we write to: it is our own address that the server does not take
            raise self._unreachable(f"the sender {sender} was refused", said(error)) from error
        except smtplib.SMTPResponseException as error:
            raise refused("the message was refused", error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(
                f"the mail to {recipient} broke off",
                permanent=False,
                everyone=is_silence(error),  # else each reader would cost half a minute
                why=said(error),
            ) from error
        except ValueError as error:  # an address SMTP cannot carry
            raise DeliveryError(
                f"{recipient} is no mail address", permanent=True, why=str(error)
            ) from error

    def _unreachable(self, what: str, why: str) -> DeliveryError:
        place = f"{self.policy.host}:{self.policy.port}, {self.policy.security}"
        return DeliveryError(
            what,
            permanent=False,
            everyone=True,
            why=f"{why} ({place})",
            fix="check [mail] in chipwire.toml; the digests are kept and tried again",
        )


def leave(client: smtplib.SMTP) -> None:
    """Say goodbye without waiting for the answer.

    The server has already answered for the message. Every moment between that answer and
    our mark is one in which a kill would send the message again.
    """
    try:
        client.send("QUIT\r\n")
    except (OSError, smtplib.SMTPException):
        pass  # it hung up first
    finally:
        client.close()


def refused(what: str, code: int, text: bytes | str) -> DeliveryError:
    """Return the error of an SMTP reply: 5xx is for good, all else for now (RFC 5321 4.2.1)."""
    answer = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return DeliveryError(what, permanent=500 <= code <= 599, why=f"{code} {answer}".strip())


def said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        return f"{error.smtp_code} {text}"
    if isinstance(error, socket.gaierror):
        return f"no address for its name: {error.strerror}"
    if is_silence(error):
        return "no answer in time"
    return str(error) or type(error).__name__


def is_silence(error: Exception) -> bool:
    """Say whether the server did not answer; smtplib takes that for a closed connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def mailbox(sender: str) -> str:
    """Return the bare address of "Name <name@example.org>"."""
    return sender.rpartition("<")[2].strip("<> ")


def password(policy: MailPolicy, environment: Mapping[str, str]) -> str:
    """Return the password from the environment or the file the configuration names.

    Raises:
        ConfigError: the variable is not set or the file cannot be read; never names its value.
    """
    if policy.password_env:
        if policy.password_env not in environment:
            raise ConfigError(
                f"the environment variable {policy.password_env} is not set",
                why="[mail] password_env names it",
                fix=f"export {policy.password_env}=…, or use password_file",
            )
        return environment[policy.password_env]
    if policy.password_file:
        try:
            return Path(policy.password_file).expanduser().read_text(encoding="utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"the password file {policy.password_file} cannot be read",
                why=str(error),
                fix="check [mail] password_file and its permissions",
            ) from error
    return ""
