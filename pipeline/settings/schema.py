"""What may stand in `chipwire.toml`: sections, keys, types and defaults."""

import re
from typing import Annotated, Literal, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from pipeline.errors import ConfigError
from pipeline.models.policies import (
    AlertPolicy,
    DigestPolicy,
    FetchPolicy,
    MailPolicy,
    WorkPolicy,
)
from pipeline.steps import schedule
from pipeline.steps.digest.harmless import link
from pipeline.steps.digest.slots import span

Positive = Annotated[float, Field(gt=0)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
LANGUAGE = re.compile(r"[a-z]{2,3}")  # ISO 639, as articles are marked
CHANNELS = ("file", "mail:", "webhook:", "apprise:", "command:")


def one_mailbox(text: str) -> str:
    """Return the text; raises ValueError unless it holds one mail address."""
    from pipeline.steps.digest.addresses import address

    try:
        address(text)
    except ConfigError as error:
        raise ValueError(f"{error.what}: {error.why}") from error
    return text


def meant(channel: str) -> str:
    """Return the channel a person meant who left its kind away, as a question."""
    if channel.startswith(("http://", "https://")):
        return f"; did you mean webhook:{channel}?"
    return f"; did you mean mail:{channel}?" if "@" in channel else ""


class Section(BaseModel):
    """A table of the file: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fetch(Section):
    contact: str = ""
    allow_networks: tuple[str, ...] = ()
    host_delay_s: Annotated[float, Field(ge=0)] = 2.0
    host_delays: dict[str, Annotated[float, Field(ge=0)]] = {}
    timeout_s: Positive = 30.0
    max_mib: Annotated[float, Field(gt=0, le=100)] = 10.0
    concurrency: Annotated[int, Field(ge=1, le=256)] = 32
    interval_min: Annotated[int, Field(ge=5, le=1440)] = 60

    @field_validator("contact")
    @classmethod
    def contact_fits_a_header(cls, contact: str) -> str:
        if any(ord(character) < 32 for character in contact):
            raise ValueError("must be one line")
        return contact

    @field_validator("allow_networks")
    @classmethod
    def networks_exist(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        import ipaddress

        for network in networks:
            if network != "*":
                ipaddress.ip_network(network)
        return networks

    def policy(self) -> FetchPolicy:
        return FetchPolicy(
            contact=self.contact,
            allow_networks=self.allow_networks,
            host_delay_s=self.host_delay_s,
            host_delays=tuple(sorted(self.host_delays.items())),
            timeout_s=self.timeout_s,
            max_mib=self.max_mib,
            concurrency=self.concurrency,
            interval_s=self.interval_min * 60,
        )


class Work(Section):
    processes: Annotated[int, Field(ge=1, le=256)] = 2
    timeout_s: Positive = 10.0
    memory_mib: Annotated[int, Field(ge=100)] = 300

    def policy(self) -> WorkPolicy:
        return WorkPolicy(
            processes=self.processes, timeout_s=self.timeout_s, memory_mib=self.memory_mib
        )


class Mail(Section):
    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password_env: str = ""
    password_file: str = ""
    sender: str = ""
    unsubscribe: str = ""

    @field_validator("sender")
    @classmethod
    def one_sender(cls, sender: str) -> str:
        return one_mailbox(sender) if sender else sender

    @field_validator("unsubscribe")
    @classmethod
    def can_unsubscribe(cls, address: str) -> str:
        if address and not address.startswith(("mailto:", "https://")):
            raise ValueError('must start with "mailto:" or "https://"')
        return address

    @field_validator("host", "username", "sender", "unsubscribe")
    @classmethod
    def one_line(cls, value: str) -> str:
        if any(character in value for character in "\r\n"):
            raise ValueError("must be one line: a line break would add a mail header")
        return value

    def policy(self) -> MailPolicy:
        return MailPolicy(**self.model_dump())


class Readers(Section):
    """What digests and alerts share: their name, what they are about, and where they go."""

    name: Name
    topics: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    timezone: str = "UTC"
    channels: tuple[str, ...] = ("file",)
    url: str = ""

    @field_validator("url")
    @classmethod
    def url_can_be_linked(cls, url: str) -> str:
        if url and not link(url):
            raise ValueError("must be an address that starts with https:// or http://")
        return url

    @field_validator("languages")
    @classmethod
    def languages_are_codes(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        for language in languages:
            if not LANGUAGE.fullmatch(language):
                raise ValueError(f"{language!r} is no language code; write e.g. en, zh, ko, ja")
        return languages

    @field_validator("channels")
    @classmethod
    def channels_are_known(cls, channels: tuple[str, ...]) -> tuple[str, ...]:
        for channel in channels:
            if channel != "file" and not channel.startswith(CHANNELS[1:]):
                raise ValueError(f"{channel!r} is none of {', '.join(CHANNELS)}{meant(channel)}")
            if any(character in channel for character in "\r\n"):
                raise ValueError("a channel must be one line")
            if channel.startswith("mail:"):
                one_mailbox(channel.removeprefix("mail:"))
        return channels


class Digest(Readers):
    name: Name = "daily"
    schedule: str = "0 7 * * *"
    cut: Annotated[float, Field(ge=0, le=1)] = 0.6
    max_stories: Annotated[int, Field(ge=1, le=1000)] = 40
    quiet: bool = True

    @model_validator(mode="after")
    def schedule_has_times(self) -> "Digest":
        schedule.check(self.schedule, self.timezone)
        return self

    def policy(self) -> DigestPolicy:
        return DigestPolicy(**self.model_dump())


class Alert(Readers):
    name: Name = "alert"
    probability: Annotated[float, Field(ge=0, le=1)] = 0.9
    per_hour: Annotated[int, Field(ge=1, le=1000)] = 4
    per_day: Annotated[int, Field(ge=1, le=10_000)] = 12
    quiet_hours: str = ""
    max_age_h: Positive = 48.0

    @model_validator(mode="after")
    def quiet_hours_are_times(self) -> "Alert":
        schedule.zone_of(self.timezone)
        span(self.quiet_hours)
        return self

    @model_validator(mode="after")
    def somebody_hears_it(self) -> "Alert":
        if not self.channels:
            raise ValueError(f'the alert {self.name!r} has no channels; add e.g. "file"')
        return self

    def policy(self) -> AlertPolicy:
        return AlertPolicy(**self.model_dump())


R = TypeVar("R", bound=Readers)


class Review(Section):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8571
    url: str = ""
    labels: Literal["newest", "majority", "agreed"] = "newest"


class Train(Section):
    after_labels: Annotated[int, Field(ge=1)] = 20


class Backup(Section):
    schedule: str = "30 3 * * *"
    keep: Annotated[int, Field(ge=1)] = 7

    @field_validator("schedule")
    @classmethod
    def schedule_has_times(cls, line: str) -> str:
        schedule.check(line, "UTC")
        return line


class Daemon(Section):
    """Who is told that the watch is alive."""

    ping_url: str = ""

    @field_validator("ping_url")
    @classmethod
    def is_an_address(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError('must start with "https://" or "http://"')
        return url


class Retention(Section):
    days: Annotated[int, Field(ge=0)] = 0


class Settings(Section):
    """All of `chipwire.toml`. `retention.days = 0` keeps everything."""

    fetch: Fetch = Fetch()
    work: Work = Work()
    mail: Mail = Mail()
    digest: tuple[Digest, ...] = (Digest(),)
    alert: tuple[Alert, ...] = ()
    review: Review = Review()
    train: Train = Train()
    backup: Backup = Backup()
    daemon: Daemon = Daemon()
    retention: Retention = Retention()

    @model_validator(mode="after")
    def mail_can_leave(self) -> "Settings":
        readers = {"digest": self.digest, "alert": self.alert}
        wanted = [
            f"the {kind} {one.name!r}"
            for kind, found in readers.items()
            for one in found
            if any(channel.startswith("mail:") for channel in one.channels)
        ]
        missing = [key for key in ("host", "sender") if not getattr(self.mail, key)]
        if wanted and missing:
            raise ValueError(f"{wanted[0]} goes out by mail: [mail] needs {' and '.join(missing)}")
        return self

    @field_validator("digest", "alert")
    @classmethod
    def names_differ(cls, readers: tuple[R, ...], info: ValidationInfo) -> tuple[R, ...]:
        names = [one.name for one in readers]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two {info.field_name}s are named {name!r}")
        return readers
