"""Where each record of a WARC file begins and ends, also beyond a damaged one.

warcio reads a record well but ends at the first fault, takes a truncated member for a short
record and prints what zlib raises; so the cutting is ours, and what is cut is whole.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

MAX_RECORD = 32 << 20  # bytes unfolded; a page read later has at most 5 MB
PIECE = 1 << 16
SEARCH = 1 << 20  # bytes looked through at once for the next record
GZIP = b"\x1f\x8b\x08"
BEGIN = b"WARC/"
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
HEADER_END = re.compile(rb"\r?\n\r?\n")
NEXT_PLAIN = re.compile(rb"(?<=\n)WARC/[01]\.")


class Source(Protocol):
    """Bytes that can be read from any place."""

    name: str
    size: int

    def read(self, offset: int, length: int) -> bytes:
        """Return at most `length` bytes from `offset`; fewer only at the end."""


class FileSource:
    """A file on this machine; opened for each read, so that thousands may be named at once."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.size = path.stat().st_size
        self._path = path

    def read(self, offset: int, length: int) -> bytes:
        with self._path.open("rb") as file:
            file.seek(offset)
            return file.read(length)


@dataclass(frozen=True, slots=True)
class Frame:
    """The bytes of one record at [start, end) of its source, unfolded; or why there are none."""

    start: int
    end: int
    content: bytes = b""
    fault: str = ""


def frames(source: Source, start: int) -> Iterator[Frame]:
    """Yield every record from byte `start` on; a damaged one as its fault, and the next again.

    The last one, if it is cut short, ends where it begins: the rest of the file may yet come.
    """
    at = start
    while at < source.size:
        head = source.read(at, len(GZIP))
        frame = gzipped(source, at) if GZIP.startswith(head) else plain(source, at)
        yield frame
        if frame.end <= at:
            return
        at = frame.end


def gzipped(source: Source, start: int) -> Frame:
    """Return the gzip member that begins at `start`."""
    unfolder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    content, size, at = [], 0, start
    while not unfolder.eof:
        piece = source.read(at, PIECE)
        if not piece:
            return cut_short(source, start)
        try:
            unfolded = unfolder.decompress(piece, MAX_RECORD + 1 - size)
        except zlib.error as error:
            return skipped(source, start, f"damaged: {error}")
        content.append(unfolded)
        size += len(unfolded)
        at += len(piece)
        if size > MAX_RECORD:
            return skipped(source, start, TOO_LARGE)
    return checked(Frame(start, at - len(unfolder.unused_data), b"".join(content)))


TOO_LARGE = (
    f"more than {MAX_RECORD >> 20} MiB in one gzip member"
    " (is the file one gzip? `warcio recompress` mends that)"
)


def checked(frame: Frame) -> Frame:
    """Return the frame, or its fault where it holds less or more than one record."""
    length = measure(frame.content)
    if length is None:
        return Frame(frame.start, frame.end, fault="no WARC record")
    if len(frame.content) < length:
        return Frame(frame.start, frame.end, fault="shorter than it says")
    if frame.content[length:].lstrip(b"\r\n").startswith(BEGIN):
        fault = "several records in one gzip member: `warcio recompress` mends that"
        return Frame(frame.start, frame.end, fault=fault)
    return frame


def plain(source: Source, start: int) -> Frame:
    """Return the uncompressed record that begins at `start`."""
    head = source.read(start, PIECE)
    length = measure(head)
    if length is None:
        is_all = start + len(head) >= source.size and not HEADER_END.search(head)
        if is_all and (head + BEGIN[len(head) :]).startswith(BEGIN):
            return cut_short(source, start)
        return skipped(source, start, "no WARC record begins here")
    end = start + length
    if end > source.size:
        return cut_short(source, start)
    after = source.read(end, 4)
    following = end + len(after) - len(after.lstrip(b"\r\n"))
    if length > MAX_RECORD:
        return Frame(start, following, fault=f"more than {MAX_RECORD >> 20} MiB")
    return Frame(start, following, source.read(start, length))


def measure(content: bytes) -> int | None:
    """Return the length of the record that begins here, its header included; None if none does."""
    if not content.startswith(BEGIN):
        return None
    header = HEADER_END.search(content, 0, PIECE)
    length = LENGTH.search(content, 0, header.start()) if header else None
    return header.end() + int(length[1]) if header and length else None


def skipped(source: Source, start: int, fault: str) -> Frame:
    """Return a fault that reaches to where the next record begins."""
    return Frame(start, next_record(source, start + 1), fault=fault)


def cut_short(source: Source, start: int) -> Frame:
    following = next_record(source, start + 1)
    return Frame(start, start if following == source.size else following, fault="cut short")


def next_record(source: Source, start: int) -> int:
    """Return where the next record begins, compressed or not; the end if none does."""
    at = start
    while at < source.size:
        # One byte before, so that a record's beginning is seen to follow a line's end.
        window = source.read(at - 1, SEARCH)
        for place in candidates(window):
            if begins(source, at - 1 + place):
                return at - 1 + place
        at += max(1, SEARCH - 16)  # windows overlap by more than a beginning is long
    return source.size


def candidates(window: bytes) -> list[int]:
    found = [match.start() for match in NEXT_PLAIN.finditer(window)]
    place = window.find(GZIP, 1)
    while place >= 0:
        found.append(place)
        place = window.find(GZIP, place + 1)
    return sorted(found)


def begins(source: Source, at: int) -> bool:
    head = source.read(at, 512)
    if head.startswith(BEGIN):
        return True
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 16).startswith(BEGIN)
    except zlib.error:
        return False
