"""What the fetcher knows of hosts while it runs: their robots.txt, and pauses they asked for."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.models.hosts import HostRecord
from pipeline.ports import HostMemory
from pipeline.steps.refusals import HOST_PAUSE_WINDOW, Refusal, host_pause
from pipeline.steps.robots import RobotsRules, parse, rules_for, to_text

ROBOTS_AGE = timedelta(days=1)


class ForgetfulHosts:
    """A HostMemory that lasts as long as the program."""

    def __init__(self) -> None:
        self._records: dict[str, HostRecord] = {}

    def get(self, host: str) -> HostRecord | None:
        return self._records.get(host)

    def put(self, record: HostRecord) -> None:
        self._records[record.host] = record


class Hosts:
    """Host records at work in many threads.

    The memory is read and written only by `recall` and `save`, which the iterating thread
    calls: a database connection stays in the thread that made it.
    """

    def __init__(self, memory: HostMemory) -> None:
        self._memory = memory
        self._lock = threading.Lock()
        self._records: dict[str, HostRecord] = {}
        self._rules: dict[str, RobotsRules] = {}
        self._refused: dict[str, tuple[Refusal, ...]] = {}
        self._changed: set[str] = set()

    def recall(self, host: str) -> None:
        """Load what is remembered of a host, unless it is known already."""
        if host not in self._records:
            record = self._memory.get(host) or HostRecord(host)
            with self._lock:
                self._records.setdefault(host, record)

    def save(self) -> None:
        """Hand what was learnt to the memory."""
        with self._lock:
            changed = [self._records[host] for host in sorted(self._changed)]
            self._changed.clear()
        for record in changed:
            self._memory.put(record)

    def rules(self, host: str, now: datetime) -> RobotsRules | None:
        """Return the host's robots rules, None where they are unknown or a day old."""
        with self._lock:
            record = self._records.get(host)
            if record is None or record.robots_at is None:
                return None
            if not timedelta(0) <= now - record.robots_at < ROBOTS_AGE:
                return None
            if host not in self._rules:
                self._rules[host] = rules_for(record.robots_status, record.robots)
            return self._rules[host]

    def robots_until(self, host: str) -> datetime | None:
        """Return when the host's robots.txt is read again."""
        with self._lock:
            at = self._record(host).robots_at
            return at + ROBOTS_AGE if at else None

    def learn_robots(self, host: str, *, status: int, body: bytes, now: datetime) -> None:
        """Note a robots.txt; status 0 where no answer came."""
        rules = rules_for(status, "") if not 200 <= status < 300 else parse(body)
        text = to_text(rules) if 200 <= status < 300 else ""
        with self._lock:
            self._rules[host] = rules
            self._store(
                replace(self._record(host), robots=text, robots_status=status, robots_at=now)
            )

    def paused_until(self, host: str, now: datetime) -> datetime | None:
        """Return until when the host wants no request at all, None if it takes them."""
        with self._lock:
            until = self._record(host).paused_until
            return until if until is not None and until > now else None

    def refused(self, host: str, refusal: Refusal) -> None:
        """Note a 429; the second URL of a host within ten minutes pauses all of it."""
        with self._lock:
            recent = tuple(
                known
                for known in (*self._refused.get(host, ()), refusal)
                if refusal.at - known.at <= HOST_PAUSE_WINDOW
            )
            self._refused[host] = recent
            until = host_pause(recent)
            if until is not None:
                self._store(replace(self._record(host), paused_until=until))

    def _record(self, host: str) -> HostRecord:
        return self._records.get(host) or HostRecord(host)

    def _store(self, record: HostRecord) -> None:
        self._records[record.host] = record
        self._changed.add(record.host)
