"""The review page and what it reads: the queue, an article whole, how far people got."""

from typing import Any

from datasette import Response

from pipeline.adapters.store import Store
from pipeline.adapters.store import queue as reading
from pipeline.review import answers, site
from pipeline.review.labelling import who

TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
FILTERS = ("topic", "company", "language", "outlet", "query")
STATES: dict[str, reading.State] = {"judged": "judged", "disputed": "disputed"}


def home() -> Response:
    """Lead from the bare address to the page."""
    return Response.redirect("/-/chipwire/review")


def review(datasette: Any, request: Any) -> Response:
    """Return the page itself; all it shows comes by `queue` and `article`."""
    return answers.strange_host(datasette, request) or answers.html("review.html")


def static(request: Any) -> Response:
    """Return a script or style of ours."""
    name = request.url_vars["name"]
    try:
        body = answers.read_static(name)
    except FileNotFoundError:
        return answers.missing(request)
    return Response(body, headers=answers.HEADERS, content_type=TYPES[name.rsplit(".", 1)[1]])


async def queue(datasette: Any, request: Any) -> Response:
    """Return the items under the filters, what waits by topic, and what `u` takes back."""
    asked = {name: request.args.get(name) or "" for name in FILTERS}
    wish = reading.Wish(STATES.get(request.args.get("state") or "", "open"), **asked)
    reviewer = who(request.args.get("reviewer"))

    def read(store: Store) -> dict[str, Any]:
        return {
            "items": reading.items(store, wish),
            "waiting": reading.waiting(store),
            "recent": reading.said_last(store, reviewer),
            "topics": site.topics(datasette, store),
        }

    return await answers.from_store(datasette, request, read)


async def choices(datasette: Any, request: Any) -> Response:
    """Return what the filters may be set to."""
    return await answers.from_store(datasette, request, reading.choices)


async def progress(datasette: Any, request: Any) -> Response:
    """Return how far the reviewers got and how far they agree."""
    reviewer = who(request.args.get("reviewer"))
    return await answers.from_store(
        datasette, request, lambda store: reading.progress(store, reviewer)
    )


async def article(datasette: Any, request: Any) -> Response:
    """Return one article whole."""
    article_id, topic = int(request.url_vars["article_id"]), request.args.get("topic") or ""
    return await answers.from_store(
        datasette, request, lambda store: reading.item(store, article_id, topic)
    )
