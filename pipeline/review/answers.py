"""How our pages answer: headers, files, refusals in words, and reads of the store in a thread."""

import asyncio
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from datasette import Response

from pipeline.adapters.store import Store
from pipeline.errors import ChipwireError
from pipeline.review import guard, site

T = TypeVar("T")

# Nothing but our own files and our own answers; no inline script or style anywhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
NOTHING = guard.Refusal(404, "there is nothing under this address")


def html(template: str, **values: Any) -> Response:
    """Return a page; every value is escaped."""
    return Response.html(render(template, **values), headers=HEADERS)


def render(template: str, **values: Any) -> str:
    """Return a file of ours filled in; every value is escaped."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    from pipeline.review import filters

    environment = Environment(
        autoescape=True, loader=FunctionLoader(read_static), undefined=StrictUndefined
    )
    environment.filters.update(filters.FILTERS)
    return environment.get_template(template).render(**values)


def json(found: Any, *, status: int = 200) -> Response:
    return Response.json(found, status=status, headers=HEADERS)


def refused(refusal: guard.Refusal, request: Any = None) -> Response:
    """Return a refusal: a page for a person who browses, JSON for everybody else."""
    wanted = request.headers.get("accept", "") if request else ""
    if "text/html" not in wanted:
        return json({"error": refusal.words}, status=refusal.status)
    text = render("refusal.html", words=refusal.words, status=refusal.status)
    return Response.html(text, status=refusal.status, headers=HEADERS)


def missing(request: Any) -> Response:
    """Answer 404 in words; an exception would have Datasette print a traceback."""
    return refused(NOTHING, request)


def strange_host(datasette: Any, request: Any) -> Response | None:
    """Return the refusal of a Host that is not ours: Datasette itself looks at none."""
    refusal = guard.refuse_host(request.headers.get("host", ""), site.hosts(datasette))
    return refused(refusal) if refusal else None


async def from_store(
    datasette: Any,
    request: Any,
    read: Callable[[Store], Any],
    show: Callable[[Any], Response] = json,
) -> Response:
    """Answer with what `read` finds in the store: 404 for nothing, 503 where it cannot be read."""
    strange = strange_host(datasette, request)
    if strange:
        return strange
    path = site.database(datasette)
    try:
        found = await in_thread(lambda: with_store(path, read))
    except ChipwireError as error:
        return refused(guard.Refusal(503, str(error)), request)
    return show(found) if found else missing(request)


def with_store(path: Path, read: Callable[[Store], T]) -> T:
    with Store(path, read_only=True) as store:
        return read(store)


async def in_thread(call: Callable[[], T]) -> T:
    """Keep SQLite's waiting off the event loop; a connection lives and dies in one thread."""
    return await asyncio.get_running_loop().run_in_executor(None, call)


def read_static(name: str) -> str:
    return (files("pipeline.review") / "static" / name).read_text(encoding="utf-8")
