"""Editing the list of feeds, and looking at a feed before it is on the list."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.app.parts import App, make_folder
from pipeline.errors import ChipwireError
from pipeline.models.feeds import FeedSource, FeedTask, ParsedFeed, ParseProblem
from pipeline.models.pages import Failure, Fetched, Request, Response
from pipeline.ports import WorkerFailure
from pipeline.steps import opml
from pipeline.steps.feeds import FeedLink, find_feeds, parse_task, usual_places
from pipeline.steps.pages import setback


class FeedList:
    """The home's `feeds.opml`; the first edit copies the packaged list there."""

    def __init__(self, app: App) -> None:
        self._app = app

    def add(self, source: FeedSource) -> None:
        """File the feed under its category. Raises ConfigError where it is listed already."""
        self._edit(lambda subscriptions: opml.add(subscriptions, source))

    def remove(self, url: str) -> None:
        """Take the feed off the list. Raises ConfigError where it is not listed."""
        self._edit(lambda subscriptions: opml.remove(subscriptions, url))

    def merge(self, data: bytes, *, name: str) -> tuple[int, int]:
        """Add another list's feeds; return how many were added and how many were known."""
        offered = opml.read(data, name=name).feeds
        known = {source.url for source in self._app.feeds}
        fresh = [source for source in offered if source.url not in known]

        def add_all(subscriptions: opml.Subscriptions) -> opml.Subscriptions:
            for source in fresh:
                subscriptions = opml.add(subscriptions, source)
            return subscriptions

        if fresh:
            self._edit(add_all)
        return len(fresh), len(offered) - len(fresh)

    def _edit(self, change: Callable[[opml.Subscriptions], opml.Subscriptions]) -> None:
        name, data = self._app.read("feeds.opml")
        edited = opml.write(change(opml.read(data, name=name)))
        make_folder(self._app.home.path)
        replace_file(self._app.home.feeds, edited)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, never half of one."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(data)
    fresh.replace(path)


@dataclass(frozen=True, slots=True)
class Look:
    """What was found at an address: the feed, and how we came to it."""

    url: str
    feed: ParsedFeed
    notes: tuple[str, ...] = ()

    def as_values(self) -> dict[str, Any]:
        values = asdict(self.feed)
        values["skip_hours"] = sorted(self.feed.skip_hours)
        values["skip_days"] = sorted(self.feed.skip_days)
        return {"url": self.url, **values, "notes": [*self.notes, *self.feed.notes]}


def look(app: App, source: str) -> Look:
    """Return the feed at a URL or in a file; a site's address leads to the feed it names.

    Raises:
        ChipwireError: nothing there is a feed; says what was there instead.
    """
    if not source.startswith(("http://", "https://")):
        return Look(source, parse(app, read_file(source)))
    response = get(app, source, kind="feed")
    task = to_task(app, response)
    problem = try_parse(app, task)
    if isinstance(problem, ParsedFeed):
        return Look(response.url, problem)
    for link in find_feeds(response.body, response.url)[:1]:
        named = get(app, link.url, kind="feed")
        return Look(
            named.url, parse(app, to_task(app, named)), (f"{source} is a page; it names this feed",)
        )
    raise ChipwireError(f"{source} is {problem.what}", why=problem.why, fix=problem.fix)


def discover(app: App, site: str) -> tuple[FeedLink, ...]:
    """Return the feeds a site names, else those that lie in the usual places."""
    site = site if "://" in site else f"https://{site}"
    response = get(app, site, kind="page")
    named = find_feeds(response.body, response.url)
    if named:
        return named
    found: list[FeedLink] = []
    for place in usual_places(response.url):
        try:
            candidate = look(app, place)
        except ChipwireError:
            continue
        found.append(FeedLink(url=candidate.url, title=candidate.feed.title))
        break
    return tuple(found)


def read_file(source: str) -> FeedTask:
    from datetime import UTC, datetime

    try:
        body = Path(source).read_bytes()
    except OSError as error:
        raise ChipwireError(
            f"{source} cannot be read", why=error.strerror or str(error), fix="check the path"
        ) from error
    return FeedTask(0, body, "", Path(source).resolve().as_uri(), datetime.now(UTC))


def get(app: App, url: str, *, kind: str) -> Response:
    request = Request(url, kind="feed" if kind == "feed" else "page")
    fetched = next(answer for _, answer in app.fetcher.fetch_all([request]))
    if isinstance(fetched, Response) and 200 <= fetched.status < 300 and fetched.body.strip():
        return fetched
    problem = setback(fetched)
    raise ChipwireError(
        f"{url} gave nothing", why=problem.reason if problem else "", fix=mend(fetched)
    )


def mend(fetched: Fetched) -> str:
    """Say what a person does about an address that gave nothing."""
    if isinstance(fetched, Failure) and "not public" in fetched.detail:
        return "an address of your own network needs its network in [fetch] allow_networks"
    return "check the address"


def to_task(app: App, response: Response) -> FeedTask:
    kind = response.headers.get("content-type", "")
    return FeedTask(0, response.body, kind, response.url, app.clock.now())


def parse(app: App, task: FeedTask) -> ParsedFeed:
    parsed = try_parse(app, task)
    if isinstance(parsed, ParseProblem):
        raise ChipwireError(f"{task.url} is {parsed.what}", why=parsed.why, fix=parsed.fix)
    return parsed


def try_parse(app: App, task: FeedTask) -> ParsedFeed | ParseProblem:
    answer = next(answer for _, answer in app.workers.run_all(parse_task, [task]))
    if isinstance(answer, WorkerFailure):
        return ParseProblem("not readable", f"{answer.reason}: {answer.detail}")
    return answer
