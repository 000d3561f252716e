"""Reads a body in pieces, decodes it, and stops at the cap, whatever the pieces unfold to."""

import zlib
from collections.abc import Callable, Iterator

from pipeline.errors import FetchError

PIECE = 65536
MAX_MEMBERS = 64  # of one gzip; each next member costs a copy of what is left of its piece

# What `Accept-Encoding` offers, under every name servers give it.
ENCODINGS = {"": "", "identity": "", "gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


def read_body(read: Callable[[int], bytes], encoding: str, *, cap: int, cut: bool = False) -> bytes:
    """Return the decoded body of at most `cap` bytes; `cut` returns the first `cap` of more.

    `read` returns at most as many bytes as asked, b"" at the end. Raises FetchError:
    "too_large", or "encoding" for what was not asked for, is stacked, broken or truncated.
    """
    kept: list[bytes] = []
    room = cap
    for piece in decoded(read, encoding_of(encoding)):
        if len(piece) > room:
            if not cut:
                raise FetchError(f"more than {cap / 2**20:g} MiB", reason="too_large")
            kept.append(piece[:room])
            break
        kept.append(piece)
        room -= len(piece)
    return b"".join(kept)


def encoding_of(header: str) -> str:
    """Return "gzip", "deflate" or ""; raise FetchError for anything else."""
    names = [name.strip().lower() for name in header.split(",")]
    unknown = [name for name in names if name not in ENCODINGS]
    if unknown:
        raise FetchError(f"content encoding {unknown[0][:40]!r}, not asked for", reason="encoding")
    real = [ENCODINGS[name] for name in names if ENCODINGS[name]]
    if len(real) > 1:
        raise FetchError(f"{len(real)} content encodings, one over another", reason="encoding")
    return real[0] if real else ""


def decoded(read: Callable[[int], bytes], encoding: str) -> Iterator[bytes]:
    decoder = Inflater(encoding) if encoding else None
    while piece := read(PIECE):
        if decoder is None:
            yield piece
        else:
            yield from decoder.feed(piece)
    if decoder is not None:
        yield decoder.end()


class Inflater:
    """Unfolds gzip (members too) or deflate, with or without its zlib wrapping.

    Yields at most PIECE bytes at a time, so that a bomb costs no more than what is kept.
    """

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._members = 0
        self._stream = zlib.decompressobj()  # replaced by the first byte
        self._between = True
        self._left = b""  # a byte or two that may begin the next member

    def feed(self, piece: bytes) -> Iterator[bytes]:
        waiting = self._left + piece
        self._left = b""
        while waiting:
            if self._between and not self._begin(waiting):
                return
            try:
                yield self._stream.decompress(waiting, PIECE)
            except zlib.error as error:
                raise broken(self._encoding, str(error)) from error
            self._between = self._stream.eof
            waiting = self._stream.unused_data if self._between else self._stream.unconsumed_tail

    def _begin(self, waiting: bytes) -> bool:
        """Start the next member; False for the padding some servers append after the last."""
        if self._members and (self._encoding != "gzip" or waiting[:2] != b"\x1f\x8b"):
            self._left = waiting if waiting == b"\x1f" else b""
            return False
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise broken(self._encoding, "too many members")
        self._stream = zlib.decompressobj(window_bits(self._encoding, waiting))
        return True

    def end(self) -> bytes:
        """Return what is left; raise FetchError if the stream was cut short."""
        if not self._members:
            return b""  # an empty body that says it is compressed: a 304 or an empty answer
        last = b"" if self._between else self._stream.flush()  # bounded: its input is consumed
        if not self._stream.eof:
            raise broken(self._encoding, "cut short")
        return last


def window_bits(encoding: str, first: bytes) -> int:
    if encoding == "gzip":
        return zlib.MAX_WBITS | 16
    # RFC 9110 means zlib by "deflate"; many servers send it raw. The zlib header is CM = 8 and
    # divisible by 31 (RFC 1950).
    is_zlib = first[0] & 0x0F == 8 and int.from_bytes(first[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


def broken(encoding: str, how: str) -> FetchError:
    return FetchError(f"{encoding} body {how}"[:200], reason="encoding")
