"""Fakes that speak the domain: they fill the protocols of `pipeline.ports` without patching."""

import threading
from collections.abc import Generator, Iterable
from datetime import UTC, datetime, timedelta

from pipeline.models.pages import Failure, Fetched, FetchReason, Request, Response


class TurnedClock:
    """A clock that moves only when the test turns it, or when someone sleeps by it.

    `sleep` returns at once and turns the clock by as much; `slept` remembers each.
    """

    def __init__(self, start: datetime = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self._now += timedelta(seconds=seconds)

    def advance(
        self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> datetime:
        """Turn the clock and return what it shows then."""
        with self._lock:
            self._now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
            return self._now


class ScriptedFetcher:
    """Answers each URL with what the test put there, and remembers what it was asked.

    An answer is a Response, a Failure, or a list of them: one a request, the last again.
    """

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self._answers: dict[str, list[Fetched]] = {}

    def serves(
        self, url: str, body: str | bytes, *, content_type: str = "text/html", **headers: str
    ) -> None:
        """Answer this URL with 200 and a body; `etag="x"` becomes a header."""
        data = body.encode() if isinstance(body, str) else body
        self.answers(url, Response(url, 200, {"content-type": content_type, **headers}, data))

    def fails(self, url: str, reason: FetchReason = "timeout") -> None:
        """Answer this URL with a failure."""
        self.answers(url, Failure(url, reason, "as the test says"))

    def answers(self, url: str, *answers: Fetched) -> None:
        """Answer this URL with these, one after another, the last for ever."""
        self._answers[url] = list(answers)

    def fetch_all(
        self, requests: Iterable[Request]
    ) -> Generator[tuple[Request, Fetched], None, None]:
        for request in requests:
            self.asked.append(request)
            left = self._answers.get(request.url) or [Response(request.url, 404)]
            yield request, left.pop(0) if len(left) > 1 else left[0]


def rss(*entries: tuple[str, str], site: str = "https://a.test") -> str:
    """Return an RSS 2.0 feed of (guid, title) entries, each with a page of its own."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title>"
        f"<link>{site}/{guid}</link><description>About {title}.</description>"
        "<pubDate>Mon, 02 Mar 2026 07:00:00 GMT</pubDate></item>"
        for guid, title in entries
    )
    return f"<rss version='2.0'><channel><title>A Test</title>{items}</channel></rss>"
