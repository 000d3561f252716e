"""One call of the fetcher: its threads take legs from the queue, run them, and report."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from pipeline.adapters.http.guard import target
from pipeline.adapters.http.hosts import Hosts
from pipeline.adapters.http.legs import Leg, headers_of, next_leg
from pipeline.adapters.http.outbox import Outbox
from pipeline.adapters.http.queue import HostQueue, Spacing
from pipeline.adapters.http.wire import Connection, Limits, Wire, end
from pipeline.errors import FetchError
from pipeline.models.pages import Failure, Fetched, FetchReason, Hop, Request, Response
from pipeline.models.policies import FetchPolicy
from pipeline.ports import Clock
from pipeline.steps.refusals import Refusal, pause_until
from pipeline.steps.robots import LONGEST as ROBOTS_CAP
from pipeline.steps.robots import allows

TOO_MANY_REQUESTS = 429
# Failures after which a host has not been asked for its robots.txt: they concern this run only.
NEVER_ASKED = ("address", "dns", "connect", "tls")
ROOM = 4  # finished responses that may wait: each can be as large as the cap


@dataclass(frozen=True, slots=True)
class Tools:
    """What all runs of one fetcher share."""

    policy: FetchPolicy
    clock: Clock
    user_agent: str
    wire: Wire
    hosts: Hosts
    spacing: Spacing


class Run:
    """The requests of one call, from first leg to last result."""

    def __init__(self, tools: Tools, requests: Iterable[Request]) -> None:
        self._tools = tools
        self._refused: list[tuple[Request, Fetched]] = []
        self._delays = dict(tools.policy.host_delays)
        self._queue = HostQueue(spacing=tools.spacing, clock=tools.clock, delay_of=self._delay_of)
        hosts = {leg.host for leg in self._first_legs(requests)}
        self.most_threads = min(tools.policy.concurrency, len(hosts))
        self._outbox: Outbox[tuple[Request, Fetched]] = Outbox(room=ROOM)
        self._lock = threading.Lock()
        self._open: dict[int, Connection] = {}  # by thread
        self._without_robots: dict[str, Failure] = {}
        self._closed = False

    def _first_legs(self, requests: Iterable[Request]) -> Iterator[Leg]:
        for request in requests:
            try:
                leg = Leg(request, target(request.url))
            except FetchError as error:
                self._refused.append((request, failure(request.url, error)))
                continue
            self._tools.hosts.recall(leg.host)
            self._queue.put(leg)
            yield leg

    def results(self, starved: Callable[[], bool]) -> Iterator[tuple[Request, Fetched]]:
        """Yield the results; what was learnt of hosts is saved from the iterating thread.

        `starved` is called where none came for a while, to start another thread; False: no more.
        """
        yield from self._refused
        for result in self._outbox.taken(starved):
            self._tools.hosts.save()
            yield result
        self._tools.hosts.save()

    def close(self) -> None:
        """Break off whatever is in flight."""
        with self._lock:
            self._closed = True
            connections = list(self._open.values())
        self._queue.close()
        self._outbox.close()
        for connection in connections:
            end(connection)
        self._tools.wire.close_idle()

    def join(self) -> None:
        """Say that a thread more is about to `work`."""
        self._outbox.join()

    def work(self) -> None:
        """Run legs until there are none; for a thread that joined."""
        try:
            while (leg := self._queue.take()) is not None:
                self._one(leg)
        finally:
            self._outbox.leave()

    def _one(self, leg: Leg) -> None:
        onward: Leg | None = None
        try:
            came = self._before(leg) or self._fetch(leg)
            onward = came if isinstance(came, Leg) else None
        finally:
            # pages wait while their robots.txt is looked for on another host
            hold = onward is not None and onward.about == leg.host != onward.host
            self._queue.done(leg.host, onward=onward, hold=hold)
        if isinstance(came, Leg):
            if came.about == came.host:
                self._queue.release(came.host)
        elif leg.about:
            self._learn_robots(leg, came)
        else:
            self._outbox.put((leg.request, came))

    def _before(self, leg: Leg) -> Failure | Leg | None:
        """Return why a leg is not sent, or the leg that must go before it; None to send it."""
        hosts, now = self._tools.hosts, self._tools.clock.now()
        paused = hosts.paused_until(leg.host, now)
        if paused is not None:
            detail = f"{leg.host} asked to be left alone"
            return Failure(leg.target.url, "paused", detail, leg.hops, retry_at=paused)
        if leg.request.kind != "page":
            return None
        rules = hosts.rules(leg.host, now)
        if rules is None:
            return self._unreachable(leg) or self._robots_first(leg)
        if allows(rules, leg.target.path):
            return None
        until = hosts.robots_until(leg.host)
        detail = f"robots.txt of {leg.host} forbids it"
        return Failure(leg.target.url, "robots", detail, leg.hops, retry_at=until)

    def _robots_first(self, leg: Leg) -> Leg:
        self._queue.put(leg, first=True)
        url = f"{leg.target.scheme}://{leg.target.authority}/robots.txt"
        return Leg(Request(url, kind="robots"), target(url), about=leg.host)

    def _unreachable(self, leg: Leg) -> Failure | None:
        with self._lock:
            robots = self._without_robots.get(leg.host)
        if robots is None:
            return None
        return Failure(leg.target.url, robots.reason, robots.detail, leg.hops)

    def _learn_robots(self, leg: Leg, came: Fetched) -> None:
        host, now = leg.about, self._tools.clock.now()
        if isinstance(came, Response):
            self._tools.hosts.learn_robots(host, status=came.status, body=came.body, now=now)
        elif came.reason in NEVER_ASKED:
            with self._lock:
                self._without_robots[host] = came
        else:
            # RFC 9309, 2.3.1.2: beyond five redirects it may count as absent
            status = 404 if came.reason == "redirects" else 0
            self._tools.hosts.learn_robots(host, status=status, body=b"", now=now)
        self._queue.release(host)

    def _fetch(self, leg: Leg) -> Fetched | Leg:
        policy = self._tools.policy
        began = time.monotonic()
        cap = ROBOTS_CAP if leg.about else int(policy.max_mib * 2**20)
        limits = Limits(policy.timeout_s - leg.spent_s, cap, cut=bool(leg.about))
        headers = headers_of(leg, user_agent=self._tools.user_agent)
        try:
            answer = self._tools.wire.get(
                leg.target, headers, limits=limits, sent=lambda opened: self._sent(leg, opened)
            )
            onward = next_leg(leg, answer.status, answer.headers, most_hops=policy.max_redirects)
        except FetchError as error:
            return failure(leg.target.url, error, hops=leg.hops)
        finally:
            with self._lock:
                self._open.pop(threading.get_ident(), None)
        if onward is not None:
            return replace(onward, spent_s=leg.spent_s + time.monotonic() - began)
        if answer.status == TOO_MANY_REQUESTS:
            self._note_refusal(leg, answer.headers)
        return Response(leg.target.url, answer.status, answer.headers, answer.body, leg.hops)

    def _sent(self, leg: Leg, connection: Connection) -> None:
        with self._lock:
            if self._closed:
                raise FetchError("given up: the program is ending", reason="timeout")
            self._open[threading.get_ident()] = connection
        self._tools.spacing.started(leg.host, self._tools.clock.now().timestamp())

    def _note_refusal(self, leg: Leg, headers: Mapping[str, str]) -> None:
        now = self._tools.clock.now()
        until = pause_until(headers, now=now, refusals=1)
        self._tools.hosts.refused(leg.host, Refusal(leg.target.url, now, until))

    def _delay_of(self, leg: Leg) -> float:
        policy = self._tools.policy
        delay = self._delays.get(leg.host, policy.host_delay_s)
        if leg.request.kind != "page":
            return delay
        rules = self._tools.hosts.rules(leg.host, self._tools.clock.now())
        return max(delay, rules.crawl_delay_s) if rules else delay


def failure(url: str, error: FetchError, *, hops: tuple[Hop, ...] = ()) -> Failure:
    return Failure(url, cast(FetchReason, error.reason), error.what, hops)
