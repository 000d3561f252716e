"""A year in minutes: the real passes over 200 publishers, the clock turned, mail on loopback.

    python -m benchmarks.simulated_year            365 days, 200 feeds
    python -m benchmarks.simulated_year --days 14

Everything is as in a watch but four things: the clock is turned; publishers answer from memory
instead of sockets (`year_world`; queue, spacing, robots and pauses are the real ones); pages are
cleaned in this process; and feeds are asked every six hours at first instead of every hour, by a
pass every three, to keep it to minutes. One process lives through the whole year, which is harder
on memory than the daemon is, whose passes run in children that go. Prints what the year left;
exit code 1 if a digest is missing or doubled, a request was rude, or memory grew by more than a
tenth after the first week.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.year_world import HOST_DELAY_S, START, World
from pipeline.adapters.http.fetcher import fetched
from pipeline.adapters.http.hosts import Hosts
from pipeline.adapters.http.queue import Spacing
from pipeline.adapters.http.run import Tools
from pipeline.adapters.store.hosts import StoredHosts
from pipeline.adapters.workers import InlineWorkers
from pipeline.app.keeping import keep_what_is_due
from pipeline.app.one_pass import run_pass
from pipeline.app.parts import App
from pipeline.jobs import due
from pipeline.models.pages import Fetched, Request
from pipeline.models.policies import FetchPolicy
from pipeline.settings import Home, load
from tests.fakes import TurnedClock
from tests.postoffice import PostOffice, open_post_office

PASS_EVERY = timedelta(hours=3)
READERS = {"daily": ("ann@reader.example", "Europe/Berlin", "0 7 * * *"),
           "early": ("bob@reader.example", "America/New_York", "30 1 * * *")}  # fmt: skip
SETTINGS = """
[fetch]
interval_min = 360

[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "chipwire <news@chipwire.example>"

[backup]
schedule = "30 3 * * sun"
keep = 2
"""
DIGEST = """
[[digest]]
name = "{name}"
schedule = "{schedule}"
timezone = "{zone}"
quiet = false
channels = ["mail:{reader}"]
"""


class WorldFetcher:
    """Fills `pipeline.ports.Fetcher` with the real queue and manners over a made-up world."""

    def __init__(self, world: World, clock: TurnedClock, app: App) -> None:
        # one thread: the world answers at once, more would only wait for each other
        policy = FetchPolicy(
            contact="year@chipwire.example", host_delay_s=HOST_DELAY_S, concurrency=1
        )
        self._tools = Tools(
            policy, clock, "chipwire/year", world,  # type: ignore[arg-type] # answers as a Wire does
            Hosts(StoredHosts(app.store)), Spacing(),
        )  # fmt: skip

    def fetch_all(
        self, requests: Iterable[Request]
    ) -> Generator[tuple[Request, Fetched], None, None]:
        yield from fetched(self._tools, requests)


@dataclass(slots=True)
class Year:
    """What was seen while it passed."""

    mails: Counter[tuple[str, str]] = field(default_factory=Counter)
    message_ids: Counter[str] = field(default_factory=Counter)
    resident_mib: list[float] = field(default_factory=list)
    passes: int = 0
    articles: list[int] = field(default_factory=list)

    def take_mail(self, office: PostOffice) -> None:
        """Note what came, by reader and the date its subject names, and let go of it."""
        for (reader, _), message in zip(office.taken, office.messages, strict=True):
            self.mails[reader, str(message["Date"])] += 1
            self.message_ids[str(message["Message-ID"])] += 1
        office.taken.clear()


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def live(app: App, clock: TurnedClock, office: PostOffice, *, days: int) -> Year:
    """Let that many days pass, a pass where anything is due; Ctrl-C ends the year early."""
    year = Year()
    with suppress(KeyboardInterrupt):
        live_on(app, clock, office, year=year, end=START + timedelta(days=days))
    return year


def live_on(app: App, clock: TurnedClock, office: PostOffice, *, year: Year, end: datetime) -> None:
    next_week = START + timedelta(days=7)
    while (now := clock.now()) < end:
        work = due.of_a_pass(app.store, app.digest_policies, now, after_labels=10**9)
        if work or not year.passes:
            run_pass(app)
            year.passes += 1
        for kept in keep_what_is_due(app):
            assert kept.outcome == "ok", kept.error
        year.take_mail(office)
        if now >= next_week:
            year.resident_mib.append(resident_mib())
            year.articles.append(app.store.value("SELECT count(*) FROM articles"))
            print(f"  until {now:%d %b}: {year.articles[-1]} articles", file=sys.stderr, flush=True)
            next_week += timedelta(days=7)
        clock.advance(seconds=max(0.0, (now + PASS_EVERY - clock.now()).total_seconds()))


def digest_faults(app: App, year: Year, end: datetime) -> list[str]:
    """Return what is wrong: a local date without its digest, with two, or sent twice."""
    faults = [
        f"{number} copies of {name}" for name, number in year.message_ids.items() if number > 1
    ]
    for name, (reader, zone, _) in READERS.items():
        first, last = (moment.astimezone(ZoneInfo(zone)).date() for moment in (START, end))
        dates = [first + timedelta(days=n) for n in range((last - first).days)]
        composed = Counter(
            row["period"]
            for row in app.store.rows("SELECT period FROM digests WHERE name = ?", (name,))
        )
        # the last date belongs to the year only if its hour came before the end
        missing = [str(day) for day in dates if str(day) not in composed]
        double = [period for period, number in composed.items() if number > 1]
        sent = sum(number for (to, _), number in year.mails.items() if to == reader)
        delivered = app.store.value(
            "SELECT count(*) FROM deliveries d JOIN digests g ON g.id = d.digest_id"
            " WHERE g.name = ? AND d.state = 'delivered'", (name,),
        )  # fmt: skip
        print(f"  {name}: {len(composed)} local dates, {sent} mails, {delivered} marked delivered")
        faults += [f"{name}: none on {', '.join(missing)}"] if missing else []
        faults += [f"{name}: two of {', '.join(double)}"] if double else []
        faults += [f"{name}: {sent} mails for {delivered} digests"] if sent != delivered else []
    return faults


def growth(app: App) -> None:
    """Print the bytes of each table with its indexes, and per article."""
    articles = app.store.value("SELECT count(*) FROM articles")
    rows = app.store.rows(
        "SELECT m.tbl_name AS name, sum(s.pgsize) AS bytes FROM dbstat s"
        " JOIN sqlite_master m ON m.name = s.name WHERE s.aggregate = 1 GROUP BY 1 ORDER BY 2 DESC"
    )
    whole = app.store.value("PRAGMA page_count") * app.store.value("PRAGMA page_size")
    text = app.store.value("SELECT avg(length(text)) FROM articles")
    print(
        f"database: {whole / 2**20:.1f} MiB, {articles} articles,"
        f" {whole / articles:,.0f} bytes an article (its text: {text:,.0f})"
    )
    for row in rows[:12]:
        print(f"  {row['name']:20} {row['bytes'] / 2**20:8.2f} MiB {row['bytes'] / articles:9,.0f}"
              " bytes an article")  # fmt: skip


def report(app: App, world: World, year: Year, end: datetime) -> list[str]:
    """Print what the year left and return what is wrong with it."""
    asked = world.manners.requests
    days = (end - START).days
    print(f"{days} days, {len(world.publishers)} feeds, {year.passes} passes")
    often = asked["feed"] / days / len(world.publishers)
    print(
        f"requests: {asked['feed']} feeds ({often:.2f} a feed and day,"
        f" {asked['not modified'] / asked['feed']:.0%} not modified), {asked['page']} pages,"
        f" {asked['robots']} robots.txt"
    )
    faults = [f"rude: {name}, {times} times" for name, times in world.manners.rude.items()]
    faults += digest_faults(app, year, end)
    growth(app)
    weeks = year.resident_mib
    if weeks:
        worst = max(weeks)
        print("resident MiB by week:", " ".join(f"{mib:.0f}" for mib in weeks))
        print("articles by week:", " ".join(str(number) for number in year.articles))
        if worst > weeks[0] * 1.1:
            faults.append(
                f"memory grew from {weeks[0]:.0f} to {worst:.0f} MiB after the first week"
            )
    return faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--feeds", type=int, default=200)
    arguments = parser.parse_args()
    began, cpu = time.monotonic(), time.process_time()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chipwire-year-")))
        office = stack.enter_context(open_post_office())
        clock = TurnedClock(START)
        world = World(clock.now, arguments.feeds)
        write_home(folder, world, office.port)
        home = Home(folder)
        app = stack.enter_context(App(home, load(home.settings, {}), clock=clock, environment={}))
        app.workers = InlineWorkers()
        app.fetcher = WorldFetcher(world, clock, app)
        year = live(app, clock, office, days=arguments.days)
        faults = report(app, world, year, clock.now())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"took {time.monotonic() - began:.0f} s, {time.process_time() - cpu:.0f} s of processor;"
          f" peak {peak:.0f} MiB")  # fmt: skip
    print("\n".join(faults) or "no digest missing or doubled, no request rude, memory flat")
    sys.exit(1 if faults else 0)


def write_home(folder: Path, world: World, port: int) -> None:
    digests = "".join(
        DIGEST.format(name=name, schedule=schedule, zone=zone, reader=reader)
        for name, (reader, zone, schedule) in READERS.items()
    )
    (folder / "chipwire.toml").write_text(digests + SETTINGS.format(port=port))
    outlines = "".join(
        f'<outline type="rss" text="{one.host}" xmlUrl="{one.url}"/>' for one in world.publishers
    )
    (folder / "feeds.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')


if __name__ == "__main__":
    main()
