"""What the configuration decides, as the values the steps and adapters take."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """How feeds and pages are fetched. Seconds and MiB.

    `allow_networks` are CIDR ranges (or "*") that may be connected to although they are
    not public. `host_delays` overrides `host_delay_s` for single hosts.
    """

    contact: str = ""
    allow_networks: tuple[str, ...] = ()
    host_delay_s: float = 2.0
    host_delays: tuple[tuple[str, float], ...] = ()
    timeout_s: float = 30.0
    connect_timeout_s: float = 10.0
    max_mib: float = 10.0
    max_redirects: int = 5
    concurrency: int = 32
    interval_s: int = 3600


@dataclass(frozen=True, slots=True)
class WorkPolicy:
    """Limits of the worker processes. `memory_mib` counts on top of what a fresh worker uses."""

    processes: int = 2
    timeout_s: float = 10.0
    memory_mib: int = 300
    recycle_after: int = 2000


@dataclass(frozen=True, slots=True)
class MailPolicy:
    """The SMTP server digests leave through.

    The password lies in the environment variable `password_env` or in `password_file`.
    `unsubscribe` is a mailto: or https: address for List-Unsubscribe; without one it is
    a mail to the sender.
    """

    host: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password_env: str = ""
    password_file: str = ""
    sender: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class DigestPolicy:
    """One digest of the configuration.

    `schedule` is a cron line in `timezone`; `cut` the probability an article needs;
    `quiet` keeps a digest with nothing new from being sent. `url` is where the folder of its
    files is served, or empty.
    """

    name: str = "daily"
    topics: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    schedule: str = "0 7 * * *"
    timezone: str = "UTC"
    cut: float = 0.6
    max_stories: int = 40
    quiet: bool = True
    channels: tuple[str, ...] = ("file",)
    url: str = ""


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """One alert rule of the configuration: which stories are told at once.

    `probability` is what an article needs. At most `per_hour` and `per_day` messages leave,
    none in `quiet_hours` ("22:00-07:00" in `timezone`, or empty); what finds no room comes
    together in one. An article published more than `max_age_h` before we saw it raises none.
    """

    name: str = "alert"
    topics: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    probability: float = 0.9
    per_hour: int = 4
    per_day: int = 12
    quiet_hours: str = ""
    timezone: str = "UTC"
    max_age_h: float = 48.0
    channels: tuple[str, ...] = ("file",)
    url: str = ""
