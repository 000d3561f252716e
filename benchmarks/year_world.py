"""Two hundred publishers for a simulated year: what each answers at any moment, and whether the
one who asks is polite. Nothing is stored but the last request of each host and address.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from pipeline.adapters.http.guard import Target
from pipeline.adapters.http.wire import Answer, Limits
from pipeline.errors import FetchError

START = datetime(2026, 1, 1, tzinfo=UTC)
LISTED = 3  # entries a feed shows
HOST_DELAY_S = 2.0
CRAWL_DELAY_S = 5.0
LEAST_GAP_S = 15 * 60  # C-14: never more often than this where validators are honoured
NO_VALIDATORS_GAP_S = 60 * 60

# hours between a feed's articles, and how many of 200 feeds are so
GAPS_H = {24.0: 4, 168.0: 12, 1440.0: 184}
KINDS = {"etag": 60, "last-modified": 20, "neither": 10, "max-age": 4, "stormy": 3, "limited": 3}
# (first day, last day) of troubles: a server down, one that sends a web page, one that is gone
DOWN, PAGE, GONE_AT = (70, 84), (150, 157), 200

COMPANIES = ("TSMC", "SK Hynix", "Samsung", "Micron", "Nvidia", "ASML", "Intel", "SMIC", "Rapidus",
             "Applied Materials", "AMD", "Amkor")  # fmt: skip
CHIPS = (
    "{a} said on {day} that shipments of HBM4 memory for AI accelerators to {b} would rise to"
    " {n} thousand stacks in lot {code}, up from {m} thousand.",
    "The export controls on advanced chips, code {code}, now cover {n} lithography tools that {a}"
    " had meant to deliver to {b} before the {m}th week.",
    "Foundry capacity at {a} for {n}-wafer batches of the {code} process is booked by {b} until"
    " week {m}, two buyers told us.",
    "An advanced packaging line of {a} in hall {code} will bond {n} interposers a day for {b},"
    " with a yield of {m} percent.",
    "{a} ordered {n} deposition and etching tools of type {code} for the fab it shares with {b},"
    " the largest order in {m} months.",
    "A data centre of {n} megawatts near {code} is to run accelerators of {a}; {b} leads {m}"
    " percent of the financing.",
)
OTHER = (
    "The council of {code} voted {n} to {m} for the new tram line past the market and the school.",
    "{n} walkers were led down from the ridge above {code} after fog had held them for {m} hours.",
    "The cup match at {code} ended {m} to nothing before a crowd of {n} hundred under floodlights.",
    "A bakery in {code} that had closed for {n} weeks opens again with {m} kinds of bread.",
    "Rain of {m} millimetres filled the reservoir of {code} for the first time in {n} summers.",
    "The choir of {code} sang for {n} guests in the restored hall, {m} years after the fire.",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def number(*parts: object) -> int:
    """Return a number that only these words have; the year is the same each time it is run."""
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=6).digest(), "big")


@dataclass(frozen=True, slots=True)
class Story:
    """What one outlet publishes: its own event, or one that several tell in other order."""

    feed: int
    count: int
    at: datetime

    @property
    def event(self) -> tuple[object, ...]:
        if number("shared", self.feed, self.count) % 3 == 0:
            return ("world", int(self.at.timestamp() // (8 * 3600)))
        return ("own", self.feed, self.count)

    @property
    def on_topic(self) -> bool:
        return number("topic", self.event) % 5 < 2

    @property
    def title(self) -> str:
        line = self.sentences()[0].removesuffix(".")
        return line if len(line) < 120 else line[:117] + "..."

    def sentences(self) -> list[str]:
        """Return twelve sentences of the event in this outlet's order."""
        patterns = CHIPS if self.on_topic else OTHER
        told = [say(patterns[k % len(patterns)], self.event, k) for k in range(12)]
        order = sorted(range(1, 12), key=lambda k: number("order", self.feed, k))
        return [told[0], *(told[k] for k in order[:10])]


def say(pattern: str, event: tuple[object, ...], k: int) -> str:
    seed = number(event, k)
    letters = "".join("bdfgklmnprst"[seed >> (3 * j) & 7] + "aeiou"[(seed >> j) % 5]
                      for j in range(4))  # fmt: skip
    return pattern.format(
        a=COMPANIES[seed % 12], b=COMPANIES[(seed // 12) % 12], code=letters.title(),
        n=seed % 900 + 20, m=seed % 70 + 3, day=DAYS[seed % 5],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Publisher:
    """One feed of the two hundred."""

    number: int
    kind: str
    gap: timedelta

    @property
    def host(self) -> str:
        return f"paper{self.number:03}.test"

    @property
    def url(self) -> str:
        return f"https://{self.host}/feed"

    def story(self, count: int) -> Story:
        late = timedelta(seconds=number("offset", self.number) % int(self.gap.total_seconds()))
        return Story(self.number, count, START + late + self.gap * (count - LISTED))

    def newest(self, now: datetime) -> int:
        return int((now - self.story(0).at) / self.gap)

    def listed(self, now: datetime) -> list[Story]:
        newest = self.newest(now)
        return [self.story(count) for count in range(newest, newest - LISTED, -1)]

    def feed(self, now: datetime) -> bytes:
        entries = "".join(
            f"<item><guid isPermaLink='false'>{self.host}-{story.count}</guid>"
            f"<title>{story.title}</title><link>https://{self.host}/news/{story.count}</link>"
            f"<description>{story.sentences()[1]}</description>"
            f"<pubDate>{format_datetime(story.at)}</pubDate></item>"
            for story in self.listed(now)
        )
        return (
            f"<rss version='2.0'><channel><title>Paper {self.number}</title>"
            f"<link>https://{self.host}/</link>{entries}</channel></rss>"
        ).encode()

    def page(self, count: int) -> bytes:
        story = self.story(count)
        said = story.sentences()
        text = "".join(f"<p>{' '.join(said[k : k + 3])}</p>" for k in range(0, len(said), 3))
        menu = "".join(
            f"<li><a href='/{word}'>{word}</a></li>" for word in ("news", "sport", "sky")
        )
        return (
            f"<!doctype html><html lang='en'><head><title>{story.title} | Paper {self.number}"
            f"</title><meta property='article:published_time' content='{story.at.isoformat()}'>"
            f"</head><body><nav><ul>{menu}</ul></nav><main><article><h1>{story.title}</h1>{text}"
            f"</article></main><footer>Paper {self.number}, all rights reserved</footer>"
            "</body></html>"
        ).encode()

    def trouble(self, now: datetime) -> str:
        day = (now - START).days
        if self.number % 40 == 7 and DOWN[0] <= day <= DOWN[1]:
            return "down"
        if self.number % 40 == 13 and PAGE[0] <= day <= PAGE[1]:
            return "page"
        if self.number % 60 == 29 and day >= GONE_AT:
            return "gone"
        if self.kind == "limited" and now.weekday() == 0:
            return "limited"
        return "503" if self.kind == "stormy" and number("storm", self.number, day) % 9 == 0 else ""


def publishers(many: int) -> list[Publisher]:
    """Return that many publishers, kinds and rhythms in the proportions above."""
    gaps = [gap for gap, count in GAPS_H.items() for _ in range(count)]
    kinds = [kind for kind, count in KINDS.items() for _ in range(count)]
    return [
        Publisher(n, kinds[n * 37 % len(kinds)], timedelta(hours=gaps[n * 7 % len(gaps)]))
        for n in range(many)
    ]


@dataclass(slots=True)
class Manners:
    """What was asked, and each time it was ruder than agreed."""

    requests: Counter[str] = field(default_factory=Counter)
    rude: Counter[str] = field(default_factory=Counter)
    last_at_host: dict[str, datetime] = field(default_factory=dict)
    last_feed: dict[str, datetime] = field(default_factory=dict)
    robots_at: dict[str, datetime] = field(default_factory=dict)
    not_before: dict[str, datetime] = field(default_factory=dict)

    def note(self, publisher: Publisher, path: str, now: datetime) -> None:
        host = publisher.host
        kind = {"/feed": "feed", "/robots.txt": "robots"}.get(path, "page")
        self.requests[kind] += 1
        delay = CRAWL_DELAY_S if kind == "page" and publisher.number % 4 == 0 else HOST_DELAY_S
        self.check("two at a host too close", self.last_at_host.get(host), now, delay)
        self.last_at_host[host] = now
        if kind == "robots":
            self.check("robots.txt twice a day", self.robots_at.get(host), now, 24 * 3600)
            self.robots_at[host] = now
        if kind == "feed":
            honoured = publisher.kind != "neither"
            gap = LEAST_GAP_S if honoured else NO_VALIDATORS_GAP_S
            # jitter takes a tenth at most (C-17)
            self.check("a feed too often", self.last_feed.get(host), now, gap * 0.9)
            if now < self.not_before.get(host, START):
                self.rude["before the time the server named"] += 1
            self.last_feed[host] = now

    def check(self, name: str, last: datetime | None, now: datetime, least_s: float) -> None:
        if last is not None and (now - last).total_seconds() < least_s - 0.001:
            self.rude[name] += 1


class World:
    """All publishers behind the fetcher's wire: fills what `http.run.Tools` asks of one."""

    def __init__(self, clock_now: Callable[[], datetime], many: int) -> None:
        self._now = clock_now
        self.publishers = publishers(many)
        self.by_host = {publisher.host: publisher for publisher in self.publishers}
        self.manners = Manners()

    def get(
        self,
        target: Target,
        headers: Mapping[str, str],
        *,
        limits: Limits,
        sent: Callable[..., None],
    ) -> Answer:
        """Answer one GET, as `Wire.get` does over a socket."""
        sent(None)
        now, publisher = self._now(), self.by_host[target.host]
        self.manners.note(publisher, target.path, now)
        trouble = publisher.trouble(now)
        if trouble == "down":
            raise FetchError("connection refused", reason="connect")
        if target.path == "/robots.txt":
            slow = f"Crawl-delay: {CRAWL_DELAY_S:g}\n" if publisher.number % 4 == 0 else ""
            return Answer(200, {}, f"User-agent: *\n{slow}Disallow: /private\n".encode())
        if target.path == "/feed":
            return self.feed(publisher, headers, trouble, now)
        page = publisher.page(int(target.path.rpartition("/")[2]))
        return Answer(200, {"content-type": "text/html; charset=utf-8"}, page)

    def feed(
        self, publisher: Publisher, headers: Mapping[str, str], trouble: str, now: datetime
    ) -> Answer:
        host = publisher.host
        if trouble in ("limited", "503"):
            status = 429 if trouble == "limited" else 503
            self.manners.not_before[host] = now + timedelta(hours=2)
            return Answer(status, {"retry-after": "7200"}, b"")
        if trouble == "gone":
            return Answer(410, {}, b"")
        if trouble == "page":
            return Answer(200, {"content-type": "text/html"}, b"<html><p>Domain for sale</html>")
        given = validators(publisher, now)
        if "cache-control" in given:
            self.manners.not_before[host] = now + timedelta(hours=6)
        asked = {headers.get("if-none-match"), headers.get("if-modified-since")} - {None}
        if asked and asked <= set(given.values()):
            self.manners.requests["not modified"] += 1
            return Answer(304, given, b"")
        return Answer(200, {"content-type": "application/rss+xml", **given}, publisher.feed(now))

    def close_idle(self) -> None:
        """Do nothing: there are no connections."""


def validators(publisher: Publisher, now: datetime) -> dict[str, str]:
    newest = publisher.story(publisher.newest(now))
    given: dict[str, str] = {}
    if publisher.kind in ("etag", "max-age", "stormy", "limited"):
        given["etag"] = f'"{newest.count}"'
    if publisher.kind == "last-modified":
        given["last-modified"] = format_datetime(newest.at, usegmt=True)
    if publisher.kind == "max-age":
        given["cache-control"] = "max-age=21600"
    return given
