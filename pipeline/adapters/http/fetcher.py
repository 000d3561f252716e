"""The polite fetcher: many hosts at once, one request a host, robots.txt read, pauses kept."""

import ssl
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from pipeline.adapters.http.connection import Dial, Resolve, system_resolve, tls_context
from pipeline.adapters.http.guard import Guard
from pipeline.adapters.http.hosts import ForgetfulHosts, Hosts
from pipeline.adapters.http.queue import Spacing
from pipeline.adapters.http.run import Run, Tools
from pipeline.adapters.http.wire import Wire
from pipeline.models.pages import Fetched, Request
from pipeline.models.policies import FetchPolicy
from pipeline.ports import Clock, HostMemory


class HttpFetcher:
    """Fills `pipeline.ports.Fetcher` over HTTP.

    There is no retry inside a call: a failed request comes back as a failure, and the next
    poll's back-off is the retry. Nor a second try under another user agent.

    Args:
        policy: delays, limits and the networks that may be connected to.
        clock: spaces the requests of a host; deadlines run by the machine's monotonic clock.
        version: goes into `User-Agent: chipwire/VERSION (+contact)`.
        hosts: keeps robots.txt and pauses beyond the program's life; forgetful by default.
        resolve: (host, port) -> addresses to connect to; the system's resolver by default.
        tls: makes the context that verifies certificates; the system's by default.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        clock: Clock,
        *,
        version: str,
        hosts: HostMemory | None = None,
        resolve: Resolve | None = None,
        tls: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        dial = Dial(
            resolve or system_resolve, Guard(policy.allow_networks), policy.connect_timeout_s
        )
        self._tools = Tools(
            policy=policy,
            clock=clock,
            user_agent=user_agent(version, policy.contact),
            wire=Wire(dial, tls=tls or tls_context),
            hosts=Hosts(hosts or ForgetfulHosts()),
            spacing=Spacing(),
        )

    def fetch_all(
        self, requests: Iterable[Request]
    ) -> Generator[tuple[Request, Fetched], None, None]:
        """Yield each request with what came of it, in the order they finish.

        The requests are read at once; responses only as fast as they are taken. Closing the
        iterator early breaks off what is in flight.
        """
        yield from fetched(self._tools, requests)


def fetched(
    tools: Tools, requests: Iterable[Request]
) -> Generator[tuple[Request, Fetched], None, None]:
    """Yield each request with what came of it, by as many threads as keep the caller busy.

    One to begin with, twice as many wherever nothing came for 4 ms: hosts that answer at once
    need few, and 32 that wait for each other took half as much processor time again.
    """
    run = Run(tools, requests)
    work: list[Future[None]] = []

    def start_threads() -> bool:
        """Double the threads, and tell whether there may be more."""
        for _ in range(min(max(1, len(work)), run.most_threads - len(work))):
            run.join()
            work.append(pool.submit(run.work))
        return len(work) < run.most_threads

    with ThreadPoolExecutor(max(1, run.most_threads), thread_name_prefix="fetch") as pool:
        try:  # an interrupt while the threads start must not leave one that waits for us
            start_threads()
            yield from run.results(starved=start_threads)
        finally:
            run.close()
    for worked in work:
        worked.result()  # a bug in a thread is a bug, not a response


def user_agent(version: str, contact: str) -> str:
    return f"chipwire/{version} (+{contact})" if contact else f"chipwire/{version}"
