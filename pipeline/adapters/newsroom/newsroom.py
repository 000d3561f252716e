"""The newsroom as its users hold it: start, resolve names, read truth, turn time."""

import socket
import threading
from datetime import datetime
from types import TracebackType
from urllib.parse import urlsplit

from pipeline.adapters.newsroom.library import load_archive
from pipeline.adapters.newsroom.server import Exchange, LoopbackServer
from pipeline.models.feeds import FeedSource
from pipeline.steps.newsroom.site import render_site
from pipeline.steps.newsroom.values import Archive, Resource, Truth


class Newsroom:
    """All outlets on one loopback port, told apart by the Host header.

    Articles are dated from `anchor`. `moment` (the anchor unless given) is the newsroom's
    present: what is later is not out yet; `turn_to` moves it. Use as a context manager;
    addresses such as `http://www.foundrypost.test/feed` stay the same from run to run and
    are found through `resolve`.
    """

    def __init__(
        self,
        anchor: datetime,
        *,
        moment: datetime | None = None,
        latency_s: float = 0.0,
        archive: Archive | None = None,
    ) -> None:
        self.anchor = anchor
        self._archive = archive or load_archive()
        self._overrides: dict[str, Resource] = {}
        self.turn_to(moment or anchor)
        self._server = LoopbackServer(self._find, latency_s=latency_s)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="newsroom"
        )

    def __enter__(self) -> "Newsroom":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def feeds(self) -> tuple[FeedSource, ...]:
        """The feeds a reader of the newsroom would follow, the aggregator's last."""
        return self._site.feeds

    @property
    def truth(self) -> tuple[Truth, ...]:
        """What should be found in each article that is out, as it stands now."""
        return self._site.truth

    @property
    def requests(self) -> tuple[Exchange, ...]:
        """Every request answered so far, in the order of the answers."""
        with self._server.lock:
            return tuple(self._server.exchanges)

    @property
    def hosts(self) -> frozenset[str]:
        """The names that `resolve` knows."""
        urls = (*self._site.resources, *self._overrides)
        return frozenset(urlsplit(url).hostname or "" for url in urls)

    def resolve(self, host: str, port: int) -> list[tuple[str, int]]:
        """Return the loopback address behind a name of the newsroom; its `port` is moot.

        Raises:
            socket.gaierror: a name that is not the newsroom's.
        """
        if host.lower().rstrip(".") not in self.hosts:
            raise socket.gaierror(socket.EAI_NONAME, f"{host}:{port} is not of the newsroom")
        return [("127.0.0.1", self.port)]

    def turn_to(self, moment: datetime) -> None:
        """Make `moment` the present: later articles vanish, due ones and edits appear."""
        self._site = render_site(self._archive, anchor=self.anchor, moment=moment)

    def put(self, url: str, resource: Resource | None) -> None:
        """Serve something else at an address until it is put back with None."""
        changed = dict(self._overrides)
        changed.pop(url, None)
        if resource is not None:
            changed[url] = resource
        self._overrides = changed

    def _find(self, host: str, path: str) -> Resource | None:
        for table in (self._overrides, self._site.resources):
            for address in dict.fromkeys((path, without_tracking(path))):
                if found := table.get(f"http://{host}{address}"):
                    return found
        return None


def without_tracking(path: str) -> str:
    """Return the path without the utm_* parameters that publishers ignore."""
    bare, _, query = path.partition("?")
    kept = "&".join(part for part in query.split("&") if not part.startswith("utm_"))
    return f"{bare}?{kept}" if kept else bare
