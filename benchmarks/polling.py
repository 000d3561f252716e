"""What polling costs: wall time against the latencies, CPU against a bare urllib3 loop, memory.

    python -m benchmarks.polling            # all parts
    python -m benchmarks.polling cpu        # one of: wall, cpu, memory, day

The server runs in a process of its own, on 100 loopback addresses that stand for 100 hosts
(Linux answers on all of 127/8). CPU is the client's processor time, user and system; both
clients fetch the same addresses in turn, five rounds each, interleaved, medians count.
"""

import asyncio
import gc
import multiprocessing
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import urllib3

from benchmarks.newsday import simulate_day
from benchmarks.resident import peak_mib
from pipeline.adapters.clock import SystemClock
from pipeline.adapters.http import HttpFetcher
from pipeline.models.feeds import Feed, FeedMemory, FeedSource, Poll
from pipeline.models.pages import Failure, Request, Response
from pipeline.models.policies import FetchPolicy
from pipeline.steps import freshness

FEEDS, HOSTS, LATENCY_S, ROUNDS = 500, 100, 0.05, 5
BODY = b"<?xml version='1.0'?><rss version='2.0'><channel>" + b"<item/>" * 2900  # 20 KB
MIB = 2**20


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection: /slow/… after the latency, 304 where validators came."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"GET /slow/"):
                await asyncio.sleep(LATENCY_S)
            if b"if-none-match" in head.lower():
                writer.write(b'HTTP/1.1 304 Not Modified\r\netag: "1"\r\n\r\n')
            else:
                writer.write(
                    b'HTTP/1.1 200 OK\r\netag: "1"\r\ncontent-type: application/rss+xml\r\n'
                    b"content-length: %d\r\n\r\n%b" % (len(BODY), BODY)
                )
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def serve(ports: "multiprocessing.SimpleQueue[int]") -> None:
    async def forever() -> None:
        server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1024)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


@contextmanager
def running_server() -> Iterator[int]:
    context = multiprocessing.get_context("spawn")
    ports = context.SimpleQueue()
    process = context.Process(target=serve, args=(ports,), daemon=True)
    process.start()
    try:
        yield ports.get()
    finally:
        process.terminate()
        process.join()


def fetcher_for(port: int) -> HttpFetcher:
    def resolve(host: str, _: int) -> list[tuple[str, int]]:
        return [(f"127.0.0.{1 + int(host.split('.', maxsplit=1)[0][1:])}", port)]

    policy = FetchPolicy(allow_networks=("127.0.0.0/8",), host_delay_s=0)
    return HttpFetcher(policy, SystemClock(), version="bench", resolve=resolve)


def feeds(speed: str) -> list[Feed]:
    found = []
    for number in range(FEEDS):
        url = f"http://h{number % HOSTS}.test/{speed}/{number}"
        memory = FeedMemory(etag='"1"', validators_url=url, last_polled_at=SystemClock().now())
        found.append(Feed(number, FeedSource(url), memory))
    return found


def poll_all(fetcher: HttpFetcher, watched: list[Feed]) -> int:
    """Ask, fetch and decide for every feed; return how many were unchanged."""
    clock, policy = SystemClock(), FetchPolicy()
    now = clock.now()
    by_url = {feed.url: feed for feed in watched}
    requests = [freshness.request(feed, now=now) for feed in watched]
    unchanged = 0
    for request, came in fetcher.fetch_all(requests):
        assert not isinstance(came, Failure), came
        poll = Poll(request, came)
        update = freshness.decide(by_url[request.url], poll, now=now, policy=policy)
        unchanged += update.outcome == "unchanged"
    return unchanged


def fetch_only(fetcher: HttpFetcher, requests: list[Request]) -> int:
    return sum(isinstance(came, Response) for _, came in fetcher.fetch_all(requests))


def bare_loop(
    pool: urllib3.PoolManager, port: int, headers: dict[str, str], *, speed: str = "fast"
) -> int:
    """What a script would do: one request after the other, connections kept."""
    got = 0
    for number in range(FEEDS):
        url = f"http://127.0.0.{1 + number % HOSTS}:{port}/{speed}/{number}"
        got += pool.request("GET", url, headers=headers, retries=False).status in (200, 304)
    return got


def cost(work: Callable[[], int]) -> float:
    gc.collect()
    began = time.process_time()
    assert work() == FEEDS
    return (time.process_time() - began) / FEEDS * 1000


BARE, POLLS = "bare urllib3 loop", "chipwire polls"


def wall_costs(port: int) -> dict[str, tuple[float, float]]:
    """Return milliseconds of processor time a feed, and seconds on the clock for all of them,
    a bare loop's first. Once each: the loop takes 25 s."""
    headers = {"user-agent": "bare", "accept-encoding": "gzip, deflate", "if-none-match": '"1"'}
    watched, fetcher = feeds("slow"), fetcher_for(port)
    rows: dict[str, Callable[[], int]] = {
        BARE: lambda: bare_loop(urllib3.PoolManager(HOSTS), port, headers, speed="slow"),
        f"{POLLS}, {FetchPolicy().concurrency} threads": lambda: poll_all(fetcher, watched),
    }
    spent: dict[str, tuple[float, float]] = {}
    for name, work in rows.items():
        began = time.perf_counter()
        spent[name] = cost(work), time.perf_counter() - began
    return spent


def part_wall(port: int) -> None:
    print(f"wall: {FEEDS} unchanged feeds on {HOSTS} hosts, {LATENCY_S * 1000:.0f} ms away")
    spent = wall_costs(port)
    bare = spent[BARE]
    for name, (cpu, wall) in spent.items():
        print(
            f"  {name:26} {wall:6.2f} s  {bare[1] / wall:5.1f} times as fast"
            f"   {cpu:6.3f} ms of cpu a feed   {cpu / bare[0]:4.2f} x"
        )


def cpu_costs(port: int, *, rounds: int = ROUNDS) -> dict[str, float]:
    """Return the client's milliseconds of processor time a request, medians."""
    plain = {"user-agent": "bare", "accept-encoding": "gzip, deflate"}
    fast = feeds("fast")
    now = SystemClock().now()
    whole = [Request(feed.url, kind="feed") for feed in fast]
    conditional = [freshness.request(feed, now=now) for feed in fast]
    rows: dict[str, Callable[[], int]] = {
        f"{BARE}, 304": lambda: bare_loop(
            urllib3.PoolManager(HOSTS), port, plain | {"if-none-match": '"1"'}
        ),
        "chipwire fetches, 304": lambda: fetch_only(fetcher_for(port), conditional),
        f"{POLLS}, 304": lambda: poll_all(fetcher_for(port), fast),
        f"{BARE}, 20 KB": lambda: bare_loop(urllib3.PoolManager(HOSTS), port, plain),
        "chipwire fetches, 20 KB": lambda: fetch_only(fetcher_for(port), whole),
    }
    taken: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name, work in rows.items():
            taken[name].append(cost(work))
    return {name: statistics.median(times) for name, times in taken.items()}


def part_cpu(port: int) -> None:
    print("cpu: processor time of the client per request, medians of five rounds")
    costs = cpu_costs(port)
    for name, spent in costs.items():
        bare = costs[f"{BARE}, " + name.rpartition(", ")[2]]
        print(f"  {name:26} {spent:6.3f} ms   {spent / bare:4.2f} x")


def part_memory(_: int) -> None:
    """Run the bomb in a process of its own, so that the peak is its own."""
    subprocess.run([sys.executable, "-m", "benchmarks.polling", "bomb"], check=True)


def bomb() -> float:
    """Fetch what unfolds to sixty times the cap; return the MiB it took at the peak."""
    from tests.conformance.server import RecordingServer, reply

    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(MIB)) for _ in range(600)) + packer.flush()
    with RecordingServer() as server:
        server.answers("http://h0.test/small", reply(200, BODY))
        server.answers("http://h0.test/bomb", reply(200, packed, content_encoding="gzip"))
        fetcher = fetcher_for(server.port)
        list(fetcher.fetch_all([Request("http://h0.test/small", kind="feed")]))
        before = peak_mib()
        [(_, came)] = fetcher.fetch_all([Request("http://h0.test/bomb", kind="feed")])
        more = peak_mib() - before
    assert isinstance(came, Failure)
    print(f"memory: {len(packed) / 1000:.0f} KB of gzip that unfold to 600 MiB, cap 10 MiB")
    print(f"  {more:.1f} MiB more at the peak; {came.reason}: {came.detail}")
    return more


def part_day(_: int) -> None:
    for line in simulate_day():
        print(line)


PARTS = {"wall": part_wall, "cpu": part_cpu, "memory": part_memory, "day": part_day}


def main(names: list[str]) -> None:
    if names == ["bomb"]:
        bomb()
        return
    with running_server() as port:
        for name in names or PARTS:
            PARTS[name](port)


if __name__ == "__main__":
    main(sys.argv[1:])
