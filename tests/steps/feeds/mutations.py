"""Mutations of valid feeds: what broken publishers, proxies and attackers make of them."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

FEEDS = [
    path.read_bytes()
    for path in sorted((Path(__file__).resolve().parents[2] / "resources").glob("feeds/*/feed.*"))
]
TOKENS = (
    b"<", b">", b"&", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"</item>", b"</entry>", b"<item>",
    b"</channel>", b"<?xml version='1.0' encoding='utf-16'?>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&a;", b"&#0;", b"&#xD800;", b"&#99999999;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b$B",
    b"xml:base='http://[::1'", b"xmlns:media='x'", b"<media:description>", b"<content:encoded>",
    b"<title type='xhtml'>", b"<content type='application/octet-stream' mode='base64'>", b"<svg>",
    b"<link href='http://[/'/>", b"<link>javascript:x</link>", b"<guid isPermaLink='true'>x</guid>",
    b"<pubDate>99999</pubDate>", b"<pubDate>+1e309</pubDate>", b"<georss:point>1 x</georss:point>",
    b"<itunes:explicit>x</itunes:explicit>", b"<psc:chapters><psc:chapter start='a:b:c'/>",
    b"<source url='x'>", b"<enclosure/>", b"<category/>", b"<author>@(</author>", b"\xed\xa0\x80",
    b'{"a":',
    b"[[[[", b"1e999999", b"<a href=\"", b"' \" =", b"http://\xc3\xa9.test:x/", b"\\ud800",
)  # fmt: skip


def mutate(chance: random.Random) -> bytes:
    """Return one of the valid feeds after one to six mutations."""
    body = chance.choice(FEEDS)
    for _ in range(chance.randint(1, 6)):
        body = chance.choice(MUTATIONS)(body, chance)
    return body[:400_000]


def _span(body: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randint(0, len(body))
    return start, min(len(body), start + chance.choice((1, 3, 10, 40, 200)))


def _deleted(body: bytes, chance: random.Random) -> bytes:
    start, end = _span(body, chance)
    return body[:start] + body[end:]


def _doubled(body: bytes, chance: random.Random) -> bytes:
    start, end = _span(body, chance)
    return body[:start] + body[start:end] * chance.choice((2, 3, 50, 800)) + body[end:]


def _moved(body: bytes, chance: random.Random) -> bytes:
    start, end = _span(body, chance)
    rest = body[:start] + body[end:]
    at = chance.randint(0, len(rest))
    return rest[:at] + body[start:end] + rest[at:]


def _noised(body: bytes, chance: random.Random) -> bytes:
    start, end = _span(body, chance)
    return body[:start] + chance.randbytes(end - start) + body[end:]


def _tokened(body: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(body))
    return body[:at] + chance.choice(TOKENS) * chance.choice((1, 1, 1, 7, 500)) + body[at:]


def _at_a_tag(body: bytes, chance: random.Random) -> bytes:
    tags = [at for at, byte in enumerate(body) if byte in b"<>"]
    at = chance.choice(tags) + chance.randint(0, 1) if tags else 0
    return body[:at] + chance.choice(TOKENS) + body[at:]


def _cut(body: bytes, chance: random.Random) -> bytes:
    return body[: chance.randint(0, len(body))]


def _spliced(body: bytes, chance: random.Random) -> bytes:
    other = chance.choice(FEEDS)
    return body[: chance.randint(0, len(body))] + other[chance.randint(0, len(other)) :]


def _recoded(body: bytes, chance: random.Random) -> bytes:
    encoding = chance.choice(("utf-16", "utf-16-le", "gb18030", "big5", "euc-kr", "utf-7", "cp037"))
    return body.decode("utf-8", "replace").encode(encoding, "replace")


MUTATIONS: Sequence[Callable[[bytes, random.Random], bytes]] = (
    _deleted, _doubled, _moved, _noised, _tokened, _tokened, _at_a_tag, _at_a_tag, _cut, _spliced,
    _recoded,
)  # fmt: skip
