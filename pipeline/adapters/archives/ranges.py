"""A WARC file at an address, read in pieces by HTTP ranges: nothing is kept on this machine."""

import re

from pipeline.errors import ChipwireError, ConfigError
from pipeline.models.pages import Request, Response
from pipeline.ports import Fetcher

# The fetcher leaves two seconds between requests: 4 MB/s, more than two cores read.
WINDOW = 8 << 20
TRIES = 4
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class RangeSource:
    """Bytes at an address; the window read last is kept, as frames are read one after another.

    Raises:
        ConfigError: the server does not give parts of files.
        ChipwireError: it cannot be reached, or the file has changed meanwhile.
    """

    def __init__(self, url: str, fetcher: Fetcher) -> None:
        self.name = url
        self._fetcher = fetcher
        self._start, self._window = 0, b""
        self._version, self.size = "", 0
        self._load(0)

    def read(self, offset: int, length: int) -> bytes:
        """Return at most `length` bytes from `offset`."""
        pieces = []
        while length > 0 and offset < self.size:
            if not self._start <= offset < self._start + len(self._window):
                self._load(offset)
            piece = self._window[offset - self._start : offset - self._start + length]
            pieces.append(piece)
            offset += len(piece)
            length -= len(piece)
        return b"".join(pieces)

    def _load(self, offset: int) -> None:
        headers = (
            ("range", f"bytes={offset}-{offset + WINDOW - 1}"),
            ("accept-encoding", "identity"),
        )
        # Named by a person, like a feed: robots.txt is for pages that links led to.
        request = Request(self.name, headers=headers, kind="feed")
        came = self._ask(request)
        given = RANGE.match(came.headers.get("content-range", ""))
        if came.status != 206 or given is None or int(given[1]) != offset:
            raise ConfigError(
                f"{self.name} cannot be read in parts",
                why=f"the server answered HTTP {came.status} without the range asked for",
                fix="download it and give the file",
            )
        version = came.headers.get("etag") or came.headers.get("last-modified", "")
        if self._version and version != self._version:
            raise ChipwireError(
                f"{self.name} changed while it was read", fix="run the same command again"
            )
        self._version, self.size = version, int(given[3])
        self._start, self._window = offset, came.body

    def _ask(self, request: Request) -> Response:
        for _ in range(TRIES):
            [(_, came)] = self._fetcher.fetch_all([request])
            if isinstance(came, Response) and came.status < 500:
                return came
        detail = f"HTTP {came.status}" if isinstance(came, Response) else came.detail
        raise ChipwireError(
            f"{self.name} cannot be read", why=detail,
            fix="what was stored is kept; the same command goes on from there",
        )  # fmt: skip
