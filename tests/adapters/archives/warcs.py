"""WARC files for tests and benchmarks, byte for byte as ISO 28500 has them.

Written by hand: warcio's writer leaves temporary files open.
"""

import gzip
from pathlib import Path
from uuid import UUID

DATE = "2024-03-01T10:00:00Z"
CRLF = "\r\n"


def warc_record(
    url: str, kind: str, block: bytes, *, date: str = DATE, content_type: str = ""
) -> bytes:
    """Return one uncompressed record; its id is made of what it holds."""
    number = UUID(bytes=hash_of(url, kind, date))
    lines = [
        "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Record-ID: <urn:uuid:{number}>",
        f"WARC-Date: {date}", f"WARC-Target-URI: {url}", f"Content-Type: {content_type}",
        f"Content-Length: {len(block)}",
    ]  # fmt: skip
    return (CRLF.join(lines) + CRLF * 2).encode() + block + b"\r\n\r\n"


def hash_of(*parts: str) -> bytes:
    from hashlib import blake2b

    return blake2b("\n".join(parts).encode(), digest_size=16).digest()


def http_block(first: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers.items())]
    return (CRLF.join(lines) + CRLF * 2).encode() + body


class WarcFile:
    """Collects records; `bounds` are where each begins and ends in the file's bytes."""

    def __init__(self, *, compress: bool = True) -> None:
        self._compress = compress
        self._bytes = bytearray()
        self.bounds: list[tuple[int, int]] = []

    def holds(
        self,
        url: str,
        body: bytes,
        *,
        kind: str = "response",
        status: str = "200 OK",
        date: str = DATE,
        **headers: str,
    ) -> "WarcFile":
        fields = {"Content-Type": "text/html"}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        first = "GET / HTTP/1.1" if kind == "request" else f"HTTP/1.1 {status}"
        has_http = kind in ("response", "request")
        block = http_block(first, fields, body) if has_http else body
        what = f"application/http; msgtype={kind}" if has_http else "text/plain"
        return self.adds(warc_record(url, kind, block, date=date, content_type=what))

    def adds(self, record: bytes) -> "WarcFile":
        """Append a record as it is."""
        start = len(self._bytes)
        self._bytes += gzip.compress(record, 6, mtime=0) if self._compress else record
        self.bounds.append((start, len(self._bytes)))
        return self

    def bytes(self) -> bytes:
        return bytes(self._bytes)

    def at(self, path: Path) -> Path:
        path.write_bytes(self._bytes)
        return path
