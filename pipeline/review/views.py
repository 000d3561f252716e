"""The routes of the review page: each reads or writes the store and answers in HTML or JSON."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from datasette import NotFound, Response

from pipeline.adapters.clock import SystemClock
from pipeline.adapters.store import Store
from pipeline.adapters.store import queue as reading
from pipeline.adapters.store import review as table
from pipeline.errors import ChipwireError, StoreLocked
from pipeline.models.labels import REVIEWER, VERDICTS, Label
from pipeline.review import guard

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
TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
FILTERS = ("topic", "company", "language", "outlet", "query")
STATES: dict[str, reading.State] = {"judged": "judged", "disputed": "disputed"}
MOST_LABELS = 500  # in one request
MOST_BYTES = 1_000_000
NOTE, NAME = 2_000, 80  # characters


def home() -> Response:
    """Lead from the bare address to the page."""
    return Response.redirect("/-/chipwire/review")


def review(datasette: Any, request: Any) -> Response:
    """Return the page itself; all it shows comes by `queue` and `article`."""
    strange = strange_host(datasette, request)
    return strange or Response.html(read_static("review.html"), headers=HEADERS)


def static(request: Any) -> Response:
    """Return the page's script or style."""
    name = request.url_vars["name"]
    try:
        body = read_static(name)
    except FileNotFoundError:
        return missing()
    return Response(body, headers=HEADERS, content_type=TYPES[name.rsplit(".", 1)[1]])


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
            "topics": topics(datasette, store),
        }

    return await answer(datasette, request, read)


async def choices(datasette: Any, request: Any) -> Response:
    """Return what the filters may be set to."""
    return await answer(datasette, request, reading.choices)


async def progress(datasette: Any, request: Any) -> Response:
    """Return how far the reviewers got and how far they agree."""
    reviewer = who(request.args.get("reviewer"))
    return await answer(datasette, request, lambda store: reading.progress(store, reviewer))


async def article(datasette: Any, request: Any) -> Response:
    """Return one article whole."""
    article_id, topic = int(request.url_vars["article_id"]), request.args.get("topic") or ""
    return await answer(
        datasette, request, lambda store: reading.item(store, article_id, topic) or {}
    )


async def label(datasette: Any, request: Any) -> Response:
    """Write labels: `{"reviewer": …, "labels": [{"article_id", "topic", "verdict", "note"}]}`.

    Each is answered on its own; a repeated request adds nothing. 503 while the database is
    locked: then none was written.
    """
    settings = configured(datasette)
    if request.method != "POST":
        return refused(guard.Refusal(405, "a link never writes: send the label by POST"))
    refusal = guard.refuse_write(request.headers, hosts=allowed(settings), token=token(settings))
    if refusal:
        return refused(refusal)
    try:
        wanted = parse(await body(request))
    except ValueError as error:
        return refused(guard.Refusal(400, f"this is no label: {error}"))
    now = SystemClock().now()
    try:
        results = await in_thread(lambda: write(database(datasette), wanted, now))
    except StoreLocked as error:
        return refused(guard.Refusal(503, str(error)))
    return Response.json({"results": results}, headers=HEADERS)


async def body(request: Any) -> bytes:
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise ValueError("it is too long")
    data: bytes = await request.post_body()
    return data


def parse(data: bytes) -> list[Label]:
    """Return the labels a request states. Raises ValueError with the reason for what is none."""
    sent = json.loads(data)
    if not isinstance(sent, dict) or not isinstance(sent.get("labels"), list):
        raise ValueError('expected {"labels": […]}')
    if len(sent["labels"]) > MOST_LABELS:
        raise ValueError(f"more than {MOST_LABELS} at once")
    return [to_label(row, who(sent.get("reviewer"))) for row in sent["labels"]]


def to_label(row: Any, reviewer: str) -> Label:
    if not isinstance(row, dict) or not isinstance(row.get("article_id"), int):
        raise ValueError("it names no article_id")
    if row.get("verdict") not in VERDICTS:
        raise ValueError(f"verdict must be one of {', '.join(VERDICTS)}")
    topic = row.get("topic")
    if not isinstance(topic, str) or not 0 < len(topic) <= NAME:
        raise ValueError("it names no topic")
    return Label(
        row["article_id"], topic, row["verdict"], reviewer=reviewer,
        note=str(row.get("note") or "").strip()[:NOTE], origin="page",
    )  # fmt: skip


def write(path: Path, labels: list[Label], now: datetime) -> list[dict[str, Any]]:
    """Append labels in one transaction; return for each whether it stands, else why not."""
    results: list[dict[str, Any]] = []
    with Store(path) as store, store.transaction():
        for said in labels:
            try:
                new = table.record(store, said, now=now)
            except StoreLocked:
                raise
            except ChipwireError as error:
                results.append({"saved": False, "error": str(error)})
            else:
                results.append({"saved": True, "new": new})
    return results


def who(name: object) -> str:
    """Return a reviewer's name on one line, or the default."""
    text = " ".join(name.split()) if isinstance(name, str) else ""
    return text[:NAME] or REVIEWER


def topics(datasette: Any, store: Store) -> dict[str, str]:
    """Return the titles of the topics by name: those configured, else those the tags know."""
    titles = configured(datasette).get("topics")
    if isinstance(titles, dict) and titles:
        return titles
    return {row["topic"]: row["topic"] for row in store.rows("SELECT DISTINCT topic FROM tags")}


async def answer(datasette: Any, request: Any, read: Callable[[Store], Any]) -> Response:
    """Read from the store and answer in JSON; refuses a Host that is not ours."""
    strange = strange_host(datasette, request)
    if strange:
        return strange
    path = database(datasette)
    try:
        found = await in_thread(lambda: with_store(path, read))
    except ChipwireError as error:
        return refused(guard.Refusal(503, str(error)))
    return Response.json(found, headers=HEADERS) if found else missing()


def with_store(path: Path, read: Callable[[Store], T]) -> T:
    with Store(path, read_only=True) as store:
        return read(store)


async def in_thread(call: Callable[[], T]) -> T:
    """Keep SQLite's waiting off the event loop; a connection lives and dies in one thread."""
    return await asyncio.get_running_loop().run_in_executor(None, call)


def database(datasette: Any) -> Path:
    """Return the file to read and write: the configured database, else the first with a file."""
    wanted = configured(datasette).get("database")
    for name, candidate in datasette.databases.items():
        if candidate.path and wanted in (None, name):
            return Path(candidate.path)
    raise NotFound("this Datasette serves no chipwire.db")


def configured(datasette: Any) -> dict[str, Any]:
    return dict(datasette.plugin_config("chipwire") or {})


def allowed(settings: dict[str, Any]) -> frozenset[str]:
    return guard.LOOPBACK | frozenset(settings.get("hosts") or ())


def token(settings: dict[str, Any]) -> str:
    return str(settings.get("token") or "").strip()


def strange_host(datasette: Any, request: Any) -> Response | None:
    """Return the refusal of a Host that is not ours: Datasette itself looks at none."""
    settings = configured(datasette)
    refusal = guard.refuse_host(request.headers.get("host", ""), allowed(settings))
    return refused(refusal) if refusal else None


def missing() -> Response:
    """Answer 404 in words; an exception would have Datasette print a traceback."""
    return refused(guard.Refusal(404, "there is nothing under this address"))


def refused(refusal: guard.Refusal) -> Response:
    return Response.json({"error": refusal.words}, status=refusal.status, headers=HEADERS)


def read_static(name: str) -> str:
    return (files("pipeline.review") / "static" / name).read_text(encoding="utf-8")
