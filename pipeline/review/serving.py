"""Serve the live database with Datasette and the review page, bound to one address."""

import secrets
import socket
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError
from pipeline.review import guard, tables
from pipeline.review.metadata import metadata
from pipeline.review.spreadsheets import HarmlessCsv

SETTINGS = {
    "allow_download": False,
    "default_page_size": 50,
    "num_sql_threads": 2,
    "suggest_facets": False,  # it guesses by asking the whole table, a column at a time
    "truncate_cells_html": tables.CUT,
}
WRITES = "/-/chipwire/label"  # `labelling.label` looks at the host itself
Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page needs to know: the file, who may ask, and what topics are called."""

    database: Path
    hosts: frozenset[str]
    token_file: Path
    topics: dict[str, str]


def serve(desk: Desk, *, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `ready` is told the address once connections are taken.

    Raises:
        ConfigError: the address is taken or not ours.
    """
    import uvicorn

    listener = listen(host, port)
    with listener:
        shown = f"[{host}]" if ":" in host else host
        config = uvicorn.Config(application(desk), log_level="warning", server_header=False)
        ready(f"http://{shown}:{listener.getsockname()[1]}")
        uvicorn.Server(config).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise ConfigError(
            f"nothing can listen at {host}:{port}",
            why=(error.strerror or str(error)).partition(" (")[0],
            fix="choose another with --port, or [review] host and port in chipwire.toml",
        ) from error


def application(desk: Desk) -> Application:
    """Return the whole of Datasette on the live file, refusing hosts that are not ours.

    Never immutable (`-i`): on a file that is written to, that shows old rows as the present.
    """
    from datasette.app import Datasette

    make_token(desk.token_file)
    plugin = {
        "database": desk.database.stem,
        "hosts": sorted(desk.hosts),
        "token": {"$file": str(desk.token_file)},  # read when needed; /-/metadata shows the path
        "topics": desk.topics,
    }
    datasette = Datasette(
        [str(desk.database)],
        metadata=metadata(plugin),
        settings=SETTINGS,
    )
    return only_for(datasette.app(), guard.LOOPBACK | desk.hosts)


def only_for(inner: Application, hosts: Collection[str]) -> Application:
    """Answer 400 to every request for another host: Datasette itself never looks at it.

    The bare address of a table leads to the columns a reader wants.
    """

    async def checked(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        headers = dict(scope["headers"])
        refusal = guard.refuse_host(headers.get(b"host", b"").decode("latin-1"), hosts)
        if refusal and scope["path"] != WRITES:  # there a token may stand for the host
            await plain(send, refusal.status, refusal.words)
            return
        leads_to = tables.fewer_columns(scope["path"], scope["query_string"])
        if leads_to and scope["method"] in ("GET", "HEAD"):
            await plain(send, 302, "", location=leads_to)
            return
        await inner(scope, receive, harmless(send) if gives_csv(scope) else send)

    return checked


def gives_csv(scope: Scope) -> bool:
    return bool(scope["path"].endswith(".csv") or b"_format=csv" in scope["query_string"])


def harmless(send: Any) -> Any:
    """Return `send` for CSV: what strangers wrote is no formula to a spreadsheet."""
    stream = HarmlessCsv()

    async def rewritten(message: Scope) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]
            message = {**message, "headers": kept}
        elif message["type"] == "http.response.body":
            last = not message.get("more_body", False)
            message = {**message, "body": stream.feed(message.get("body", b""), last=last)}
        await send(message)

    return rewritten


async def plain(send: Any, status: int, words: str, **headers: str) -> None:
    content = {"content-type": "text/plain; charset=utf-8", **headers}
    named = [(name.encode(), value.encode()) for name, value in content.items()]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": words.encode()})


def make_token(path: Path) -> None:
    """Write a secret for programs that label by HTTP, readable by its owner alone, once.

    Raises:
        ConfigError: the file cannot be written or made private.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)  # also one that was copied or restored for everybody to read
        if not path.read_text(encoding="ascii").strip():
            path.write_text(secrets.token_urlsafe(32), encoding="ascii")
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"the token of the review page cannot be kept in {path}",
            why=str(error),
            fix=f"let the user who runs chipwire own it, or delete it: rm {path}",
        ) from error
