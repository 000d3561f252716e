"""WARC files, read by warcio: each record as a captured page, or why it is none."""

import hashlib
from collections.abc import Collection, Iterator
from io import BytesIO

from warcio.archiveiterator import WARCIterator
from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParserException

from pipeline.adapters.archives.frames import Frame, Source, frames
from pipeline.adapters.http.body import read_body
from pipeline.errors import FetchError
from pipeline.models.archives import Captured, Unit
from pipeline.steps.archives.records import PAGE_TYPES, broken, captured_at, not_a_page

MAX_BODY = 10 << 20  # bytes of one page, as much as is fetched of a live one
HEAD = 1 << 16  # bytes that tell one file from another: the first holds its own id and date
BROKEN = (
    ArchiveLoadFailed, StatusAndHeadersParserException, ChunkedDataException, FetchError,
    EOFError, ValueError, AttributeError,
)  # fmt: skip  # AttributeError: a response without an address


class WarcArchive:
    """One WARC file. `position` counts its bytes, compressed as they lie there."""

    unit: Unit = "bytes"
    keyed = False

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self.size = source.size
        # The content, not the place: a file moved or fetched again goes on where it stopped.
        self.identity = f"warc:{hashlib.sha256(source.read(0, HEAD)).hexdigest()}"
        self._source = source

    def records(self, after: int, _settled: Collection[str] = ()) -> Iterator[Captured]:
        """Yield the records from byte `after` on."""
        for frame in frames(self._source, after):
            yield captured(frame)


def captured(frame: Frame) -> Captured:
    """Return the page a frame holds, or why there is none."""
    key, position = str(frame.start), frame.end
    if frame.fault:
        return broken(key, position, frame.fault)
    try:
        record = next(iter(WARCIterator(BytesIO(frame.content))))
        return page(record, key, position)
    except BROKEN as error:
        return broken(key, position, f"{type(error).__name__}: {error}".splitlines()[0][:200])


def page(record: ArcWarcRecord, key: str, position: int) -> Captured:
    if record.rec_type not in PAGE_TYPES:  # a request has HTTP headers, too, but no status
        return Captured(key, position, reason="no page")
    http = record.http_headers
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    content_type = header(record, "content-type") if http else record.content_type or ""
    status = int(http.get_statuscode()) if http else None
    reason = not_a_page(url, status, content_type)
    return Captured(
        key,
        position,
        url=url,
        captured_at=captured_at(record.rec_headers.get_header("WARC-Date") or ""),
        content_type=content_type,
        body=b"" if reason else body(record),
        reason=reason,
    )


def header(record: ArcWarcRecord, name: str) -> str:
    return record.http_headers.get_header(name) or ""


def body(record: ArcWarcRecord) -> bytes:
    """Return a page's bytes, decoded whatever way they were sent and kept."""
    stream = record.raw_stream
    encoding = ""
    if record.http_headers:
        encoding = header(record, "content-encoding")
        if header(record, "transfer-encoding").lower() == "chunked":
            stream = ChunkedDataReader(stream)  # leaves alone what was kept without its chunks
    raw: bytes = stream.read()
    # Many archives keep the body decoded and the header as it was.
    if encoding and raw.lstrip()[:1] == b"<":
        return raw
    return read_body(BytesIO(raw).read, encoding, cap=MAX_BODY)
