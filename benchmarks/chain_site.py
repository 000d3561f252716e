"""Serves real, sample or made-up pages as feeds of many hosts, from a process of its own."""

import asyncio
import gzip
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import synthetic
from pipeline.adapters.newsroom import load_archive
from pipeline.steps.newsroom.site import render_site

PER_HOST = 6  # pages of each feed: a round of polls finds a handful at each publisher
ROUGHLY_NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


Source = Path | int | None


def load_pages(source: Source) -> list[bytes]:
    """Return a folder's `*.html.gz`, so many made-up pages, or the sample newsroom's articles."""
    if isinstance(source, Path):
        return [gzip.decompress(path.read_bytes()) for path in sorted(source.glob("*.html.gz"))]
    if source is not None:
        return [page.body for page in synthetic.pages(source)]
    site = render_site(load_archive(), anchor=ROUGHLY_NOW, moment=ROUGHLY_NOW)
    return [site.resources[truth.url].body for truth in site.truth]


def hosts(pages: int) -> int:
    """Return over how many hosts so many pages are spread."""
    return -(-pages // PER_HOST)


def address(number: int) -> str:
    """Return the loopback address that a host answers at."""
    return f"127.0.{number // 250}.{1 + number % 250}"


def host_number(host: str) -> int:
    """Return which host is meant: "h3.test" and 127.0.0.4 are the same one."""
    name = host.partition(":")[0]
    if name[0] == "h":
        return int(name[1:].partition(".")[0])
    _, _, block, last = name.split(".")
    return 250 * int(block) + int(last) - 1


def render(host: str, path: str, pages: list[bytes]) -> tuple[int, str, bytes]:
    """Return status, content type and body; a feed's links lead to the host it was asked of."""
    first = host_number(host) * PER_HOST
    if path == "/feed":
        numbers = range(first, min(first + PER_HOST, len(pages)))
        entries = "".join(
            f"<item><title>Page {number}</title><guid>page-{number}</guid>"
            f"<link>http://{host}/page/{number}</link></item>"
            for number in numbers
        )
        channel = f"<title>{host}</title><link>http://{host}/</link>{entries}"
        return 200, "application/rss+xml", (
            f"<?xml version='1.0'?><rss version='2.0'><channel>{channel}</channel></rss>".encode()
        )  # fmt: skip
    kind, _, number = path[1:].partition("/")
    if kind == "page":
        return 200, "text/html; charset=utf-8", pages[int(number)]
    return 404, "text/plain", b"nothing here"


async def answer(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    *,
    pages: list[bytes],
    latency_s: float,
) -> None:
    """Serve one connection until the client leaves."""
    try:
        while True:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            host = next(line[6:] for line in lines if line.lower().startswith("host: "))
            await asyncio.sleep(latency_s)
            status, kind, body = render(host, lines[0].split()[1], pages)
            head = f"HTTP/1.1 {status} x\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}"
            writer.write(head.encode() + b"\r\n\r\n" + body)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def serve(ports: "multiprocessing.SimpleQueue[int]", source: Source, latency_s: float) -> None:
    async def forever() -> None:
        pages = load_pages(source)

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await answer(reader, writer, pages=pages, latency_s=latency_s)

        server = await asyncio.start_server(connected, "0.0.0.0", 0, backlog=256)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


@contextmanager
def running_site(source: Source, *, latency_s: float = 0.0) -> Iterator[int]:
    """Serve the pages on all of 127/8 and give the port."""
    context = multiprocessing.get_context("spawn")
    ports = context.SimpleQueue()
    process = context.Process(target=serve, args=(ports, source, latency_s), daemon=True)
    process.start()
    try:
        yield ports.get()
    finally:
        process.terminate()
        process.join()
