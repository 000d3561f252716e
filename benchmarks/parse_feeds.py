"""What reading a feed costs, beside feedparser as it comes, in one run.

    python -m benchmarks.parse_feeds [--rounds 9]

Processor milliseconds per feed, the least of the rounds; the feeds are made up in the shape of
a news site's (30 excerpts) and a trade paper's with full text (50 entries).
"""

import argparse
import io
import time
from collections.abc import Callable
from datetime import UTC, datetime

import feedparser

from pipeline.steps.feeds import parse

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://a.test/feed"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
    "<channel><title>T</title><link>https://a.test/</link>"
)
ITEM = (
    "<item><title>Foundry {n} raises its prices</title><link>https://a.test/{n}</link>"
    '<guid isPermaLink="false">https://a.test/?p={n}</guid><dc:creator>Ann Lee</dc:creator>'
    "<category>Memory</category><category>Chips</category>"
    "<pubDate>Fri, 20 Nov 2026 08:00:00 +0900</pubDate>"
    "<description><![CDATA[<p>The foundry said it would raise its prices.</p>]]></description>"
    '<media:content url="https://a.test/{n}.jpg"><media:description>A wafer</media:description>'
    "</media:content>{body}</item>"
)
PARAGRAPH = '<p>The foundry said on Monday that it would <a href="/x">expand</a> capacity.</p>'


def main() -> None:
    """Print one line per feed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=9)
    rounds = arguments.parse_args().rounds
    print(f"{'feed':24}{'kB':>6}{'ours':>9}{'feedparser':>12}{'ratio':>8}")
    for name, body in (("30 excerpts", made(30, 0)), ("50 full texts", made(50, 40))):
        ours = least(rounds, lambda body=body: ours_on(body))  # type: ignore[misc] # mypy infers no default
        peer = least(rounds, lambda body=body: peer_on(body))  # type: ignore[misc] # mypy infers no default
        print(f"{name:24}{len(body) // 1000:6}{ours:9.1f}{peer:12.1f}{ours / peer:8.2f}")


def made(entries: int, paragraphs: int) -> bytes:
    """Return a feed of so many entries with a full text of so many paragraphs."""
    content = f"<content:encoded><![CDATA[{PARAGRAPH * paragraphs}]]></content:encoded>"
    body = content if paragraphs else ""
    items = "".join(ITEM.format(n=number, body=body) for number in range(entries))
    return f"{HEAD}{items}</channel></rss>".encode()


def ours_on(body: bytes) -> int:
    """Parse with every cleaning and guard there is."""
    return len(parse(body, content_type="text/xml; charset=utf-8", url=URL, now=NOW).entries)


def peer_on(body: bytes) -> int:
    """Parse as feedparser's documentation has it: sanitised, links resolved, dates read."""
    headers = {"content-type": "text/xml; charset=utf-8", "content-location": URL}
    return len(feedparser.parse(io.BytesIO(body), response_headers=headers).entries)


def least(rounds: int, work: Callable[[], int]) -> float:
    """Return the least processor milliseconds of several runs."""
    costs = []
    for _ in range(rounds):
        start = time.process_time()
        assert work()
        costs.append((time.process_time() - start) * 1000)
    return min(costs)


if __name__ == "__main__":
    main()
