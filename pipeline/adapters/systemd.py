"""Tells systemd how the daemon does: ready, reloading, stopping, alive (sd_notify(3))."""

import contextlib
import os
import socket
import time
from collections.abc import Mapping


class Systemd:
    """Sends datagrams to the service manager that started us; says nothing without one.

    Twelve lines instead of a library: the protocol is one datagram of KEY=VALUE lines, and
    the published packages for it have seen no release for years or need libsystemd's headers.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self.watchdog_s = watchdog_seconds(environment)

    def tell(self, *lines: str) -> None:
        """Send these lines as one message; a manager that went away never ends the work."""
        if not self._address:
            return
        # "@" stands for the NUL that begins an abstract address
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender,
        ):
            sender.settimeout(1)
            sender.sendto("\n".join(lines).encode(), address)

    def ready(self) -> None:
        self.tell("READY=1", "STATUS=watching")

    def reloading(self) -> None:
        # Type=notify-reload asks for the moment, in microseconds of CLOCK_MONOTONIC
        self.tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        self.tell("STOPPING=1", "STATUS=finishing the batch in hand")

    def alive(self, status: str) -> None:
        """Pat the watchdog and show what is being done."""
        self.tell("WATCHDOG=1", f"STATUS={status}")


def watchdog_seconds(environment: Mapping[str, str]) -> float | None:
    """Return how often systemd wants a sign of life; None where it wants none of this process."""
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    try:
        micros = int(environment.get("WATCHDOG_USEC", ""))
    except ValueError:
        return None
    return micros / 1e6 if micros > 0 else None
