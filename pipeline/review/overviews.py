"""The pages of a topic, a company and a story, rendered on the server; they only read."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from datasette import Response

from pipeline.adapters.clock import SystemClock
from pipeline.adapters.store import Store, stats
from pipeline.adapters.store import overview as reading
from pipeline.review import answers, site
from pipeline.steps import plots

WEEKS, MOST_WEEKS = 26, 520
RANGES = (12, WEEKS, 52, 104)  # offered on the page of all topics


async def index(datasette: Any, request: Any) -> Response:
    """Show the topics over weeks, and list the companies and stories that have a page."""
    mondays = weeks(request)
    return await page(
        datasette, request, "The watch", "All", lambda store: reading.names(store, mondays)
    )


async def topic(datasette: Any, request: Any) -> Response:
    """Show one topic."""
    name, mondays = unquote(request.url_vars["name"]), weeks(request)
    return await page(
        datasette, request, name, "Topic", lambda store: reading.topic(store, name, mondays)
    )


async def company(datasette: Any, request: Any) -> Response:
    """Show one company."""
    name, mondays = unquote(request.url_vars["name"]), weeks(request)
    return await page(
        datasette, request, name, "Company", lambda store: reading.company(store, name, mondays)
    )


async def story(datasette: Any, request: Any) -> Response:
    """Show one story, its articles in the order they came."""
    number = int(request.url_vars["story_id"])
    return await page(datasette, request, "", "Story", lambda store: reading.story(store, number))


async def plot(datasette: Any, request: Any) -> Response:
    """Return the topics over weeks, or the one asked for, as SVG: what `stats --svg` draws."""
    mondays, wanted = weeks(request), request.args.get("topic")

    def draw(store: Store) -> str:
        titles = site.topics(datasette, store)
        rows = {
            titles.get(name, name): row
            for name, row in stats.topics(store, mondays).items()
            if wanted in (None, "", name)
        }
        return plots.svg(plots.over_weeks("Articles per topic and week", mondays, rows))

    return await answers.from_store(datasette, request, draw, as_svg)


def as_svg(text: str) -> Response:
    # A picture styles itself; nothing else in it may run or load.
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    headers = {**answers.HEADERS, "content-security-policy": policy}
    return Response(text, headers=headers, content_type="image/svg+xml; charset=utf-8")


def weeks(request: Any) -> list[str]:
    """Return the Mondays a page looks back on, the running week's last."""
    asked = request.args.get("weeks") or ""
    count = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else WEEKS
    return stats.weeks(SystemClock().now(), min(max(count, 1), MOST_WEEKS))


async def page(
    datasette: Any, request: Any, heading: str, kind: str, read: Callable[[Store], Any]
) -> Response:
    """Render what `read` finds; 404 for what has no article."""

    def gather(store: Store) -> dict[str, Any] | None:
        found, titles = read(store), site.topics(datasette, store)
        watched = kind == "All" or (kind == "Topic" and heading in titles)
        if not found or not (found.get("articles") or watched):
            return None
        title = found.get("title") or titles.get(heading, heading)
        return {"found": found, "titles": titles, "heading": title, "kind": kind, "name": heading}

    return await answers.from_store(
        datasette,
        request,
        gather,
        lambda values: answers.html("overview.html", **values, ranges=RANGES),
    )
