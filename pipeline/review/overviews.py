"""The pages of a topic, a company and a story, rendered on the server; they only read."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from datasette import Response

from pipeline.adapters.store import Store
from pipeline.adapters.store import overview as reading
from pipeline.errors import ChipwireError
from pipeline.review import guard, views


async def index(datasette: Any, request: Any) -> Response:
    """List the topics, companies and stories that have a page."""
    return await page(datasette, request, "The watch", "All", reading.names)


async def topic(datasette: Any, request: Any) -> Response:
    """Show one topic."""
    name = request.url_vars["name"]
    return await page(datasette, request, name, "Topic", lambda store: reading.topic(store, name))


async def company(datasette: Any, request: Any) -> Response:
    """Show one company."""
    from urllib.parse import unquote

    name = unquote(request.url_vars["name"])
    return await page(
        datasette, request, name, "Company", lambda store: reading.company(store, name)
    )


async def story(datasette: Any, request: Any) -> Response:
    """Show one story, its articles in the order they came."""
    number = int(request.url_vars["story_id"])
    return await page(datasette, request, "", "Story", lambda store: reading.story(store, number))


async def page(
    datasette: Any, request: Any, heading: str, kind: str, read: Callable[[Store], Any]
) -> Response:
    """Render what `read` finds; 404 for what has no article."""
    strange = views.strange_host(datasette, request)
    if strange:
        return strange
    path = views.database(datasette)

    def gather(store: Store) -> tuple[Any, dict[str, str]]:
        return read(store), views.topics(datasette, store)

    try:
        found, titles = await views.in_thread(lambda: views.with_store(path, gather))
    except ChipwireError as error:
        return views.refused(guard.Refusal(503, str(error)))
    if not found or not (found.get("articles") or kind == "All"):
        return views.missing()
    heading = found.get("title") or titles.get(heading, heading)
    text = render(heading=heading, kind=kind, found=found, titles=titles)
    return Response.html(text, headers=views.HEADERS)


def render(**values: Any) -> str:
    """Return the page; every value is escaped, addresses are http(s) or none."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        autoescape=True, loader=FunctionLoader(views.read_static), undefined=StrictUndefined
    )
    environment.filters["web"] = web_address
    environment.filters["segment"] = lambda name: quote(str(name), safe="")
    return environment.get_template("overview.html").render(**values)


def web_address(url: str) -> str:
    """Return an http(s) address, or "" for anything else."""
    return url if url.lower().startswith(("http://", "https://")) else ""
