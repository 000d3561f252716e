"""The polite fetcher: many hosts at once, one request a host, robots.txt read, pauses kept."""

import ssl
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor

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
        run = Run(self._tools, requests)
        if not run.threads:
            yield from run.results()
            return
        with ThreadPoolExecutor(run.threads, thread_name_prefix="fetch") as pool:
            try:  # an interrupt while the threads start must not leave one that waits for us
                work = [pool.submit(run.work) for _ in range(run.threads)]
                yield from run.results()
            finally:
                run.close()
        for worked in work:
            worked.result()  # a bug in a thread is a bug, not a response


def user_agent(version: str, contact: str) -> str:
    return f"chipwire/{version} (+{contact})" if contact else f"chipwire/{version}"
