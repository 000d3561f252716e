"""Whether the watch is well, and its figures, asked of the database and the daemon's own pulse."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.adapters.daemon_state import MOST_SILENT_S, Told
from pipeline.adapters.store import Store, figures
from pipeline.daemon.pulse import MOST_STUCK_S, Pulse
from pipeline.errors import StoreError


@dataclass(frozen=True, slots=True)
class Vitals:
    """One look at a watch. `faults` are sentences; none of them means it is well.

    `figures` is None while there is no database that can be read; `sizes` are bytes.
    """

    faults: tuple[str, ...]
    figures: figures.Figures | None
    sizes: dict[str, int]


def is_alive(pulse: Pulse) -> bool:
    """Return whether the heartbeat goes on."""
    return pulse.silent_s < MOST_SILENT_S


def look(home: Path, told: Told, pulse: Pulse, *, now: datetime) -> Vitals:
    """Look at a home and its daemon; what cannot be read is a fault and has no figures."""
    faults = [told.configuration, told.problem]
    if not is_alive(pulse):
        faults.append(f"no heartbeat for {pulse.silent_s:.0f} s")
    if pulse.stuck_s > MOST_STUCK_S:
        faults.append(f"the work hangs for {pulse.stuck_s:.0f} s")
    found = None
    if not (home / "chipwire.db").exists():
        faults.append("no pass has made a database yet")
    else:
        try:
            with Store(home / "chipwire.db", read_only=True) as store:
                found = figures.read(store)
            faults += [*found.failed, *unpolled(found.last_poll_at, now)]
        except StoreError as error:
            faults.append(f"{error.what}: {error.why}")
    said = [fault.replace("\n", " ") for fault in faults if fault]
    return Vitals(tuple(dict.fromkeys(said)), found, sizes(home))


def unpolled(last: datetime | None, now: datetime) -> list[str]:
    if last is None:
        return ["no pass has polled a feed yet"]
    if now - last > figures.OLDEST_POLL:
        return [f"no feed was polled since {last:%Y-%m-%dT%H:%MZ}"]
    return []


def sizes(home: Path) -> dict[str, int]:
    """Return the bytes of the database, of its write-ahead log, and free on its disk."""
    database, log = home / "chipwire.db", home / "chipwire.db-wal"
    return {
        "database": database.stat().st_size if database.exists() else 0,
        "wal": log.stat().st_size if log.exists() else 0,
        "free": shutil.disk_usage(home).free,
    }
