"""Which request may start now: one in flight per host, spaced, different hosts side by side."""

import heapq
import threading
from collections import deque
from collections.abc import Callable

from pipeline.adapters.http.legs import Leg
from pipeline.ports import Clock

TICK_S = 0.25  # how long a closing queue may go unnoticed while it sleeps by the clock
# A wait shorter than this is this: seconds since the epoch hold 0.2 us, a timedelta 1 us, and a
# wait lost in rounding, under a clock that stands still, is a loop without end.
LEAST_S = 0.001
OTHER_RUN_S = 0.25  # before looking again at a host that another run is using


class Spacing:
    """What every run of one fetcher knows of hosts: who is busy, and when each last started.

    Times are seconds since the epoch by the clock. A clock that was set back counts as
    waited long enough.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._started: dict[str, float] = {}

    def claim(self, host: str, now: float, delay: float) -> float:
        """Take the host and return 0, or return the seconds until it is worth trying again."""
        with self._lock:
            if host in self._busy:
                return OTHER_RUN_S
            wait = self._wait(host, now, delay)
            if not wait:
                self._busy.add(host)
            return wait

    def started(self, host: str, now: float) -> None:
        """Note that a request goes out: the space to the next counts from here."""
        with self._lock:
            self._started[host] = now

    def free(self, host: str) -> None:
        with self._lock:
            self._busy.discard(host)

    def wait(self, host: str, now: float, delay: float) -> float:
        with self._lock:
            return self._wait(host, now, delay)

    def _wait(self, host: str, now: float, delay: float) -> float:
        started = self._started.get(host)
        if started is None or now < started:
            return 0.0
        return max(0.0, started + delay - now)


class HostQueue:
    """The legs of one run, a lane per host. Threads `take`, and say `done` when a host is free.

    One waiting thread leads: it sleeps until the next host is ready; the others wait for it,
    so that a finished request wakes one thread and not all. Where nothing is in flight the
    leader sleeps by the clock, so a test's clock turns instead.
    """

    def __init__(self, *, spacing: Spacing, clock: Clock, delay_of: Callable[[Leg], float]) -> None:
        self._spacing, self._clock, self._delay_of = spacing, clock, delay_of
        self._changed = threading.Condition()
        self._lanes: dict[str, deque[Leg]] = {}
        self._ready: list[tuple[float, int, str]] = []  # heap of hosts that wait for their time
        self._queued: set[str] = set()  # hosts in the heap
        self._held: set[str] = set()  # hosts that wait for a robots.txt from elsewhere
        self._turn = 0
        self._waiting = 0
        self._in_flight = 0
        self._led_until: float | None = None
        self._closed = False

    def put(self, leg: Leg, *, first: bool = False) -> None:
        """Add a leg; `first` before the others of its host."""
        with self._changed:
            lane = self._lanes.setdefault(leg.host, deque())
            (lane.appendleft if first else lane.append)(leg)
            self._waiting += 1
            self._schedule(leg.host)

    def take(self) -> Leg | None:
        """Wait for a leg whose host is free and rested; None when the run is over."""
        with self._changed:
            while not self._closed and (self._waiting or self._in_flight):
                leg, wait = self._next_ready()
                if leg is not None:
                    self._waiting -= 1
                    self._in_flight += 1
                    if self._ready:
                        self._changed.notify()  # someone has to lead from here
                    return leg
                self._await(wait)
            self._changed.notify_all()
            return None

    def done(self, host: str, *, onward: Leg | None = None, hold: bool = False) -> None:
        """Free the host; `onward` goes first in its lane; `hold` stops this one until `release`."""
        with self._changed:
            self._spacing.free(host)
            self._in_flight -= 1
            if hold:
                self._held.add(host)
            if onward is not None:
                self.put(onward, first=True)
            self._schedule(host)
            if not self._in_flight:
                self._changed.notify_all()  # the leader may have to turn to the clock, or all end

    def release(self, host: str) -> None:
        """Let a held host go on."""
        with self._changed:
            self._held.discard(host)
            self._schedule(host)
            self._changed.notify()

    def close(self) -> None:
        """Give out nothing more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _schedule(self, host: str) -> None:
        lane = self._lanes.get(host)
        if not lane or host in self._queued or self._is_held(host):
            return
        now = self._now()
        ready_at = now + self._spacing.wait(host, now, self._delay_of(lane[0]))
        self._push(host, ready_at)

    def _is_held(self, host: str) -> bool:
        # Only pages wait for robots.txt: two hosts whose robots.txt lead to each other would
        # wait for ever.
        return host in self._held and self._lanes[host][0].request.kind == "page"

    def _push(self, host: str, ready_at: float) -> None:
        self._turn += 1
        self._queued.add(host)
        heapq.heappush(self._ready, (ready_at, self._turn, host))

    def _next_ready(self) -> tuple[Leg | None, float | None]:
        """Return a leg to run; else the seconds until there may be one (None: when told)."""
        now = self._now()
        while self._ready:
            ready_at, _, host = self._ready[0]
            if ready_at > now:
                return None, ready_at - now
            heapq.heappop(self._ready)
            self._queued.discard(host)
            if self._is_held(host):
                continue  # held since it was scheduled; `release` schedules it again
            lane = self._lanes[host]
            wait = self._spacing.claim(host, now, self._delay_of(lane[0]))
            if not wait:
                return lane.popleft(), None
            self._push(host, now + max(wait, LEAST_S))
        return None, None

    def _await(self, wait: float | None) -> None:
        if wait is None:
            self._changed.wait()
            return
        until = self._now() + wait
        if self._led_until is not None:
            if until < self._led_until:
                self._changed.notify_all()  # the leader sleeps too long
            self._changed.wait()
            return
        self._led_until = until
        try:
            self._lead(wait)
        finally:
            self._led_until = None

    def _lead(self, wait: float) -> None:
        if self._in_flight:
            self._changed.wait(wait)
            return
        self._changed.release()
        try:
            self._clock.sleep(min(max(wait, LEAST_S), TICK_S))
        finally:
            self._changed.acquire()

    def _now(self) -> float:
        return self._clock.now().timestamp()
