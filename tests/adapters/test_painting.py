"""The same picture in pixels: its size, its bars where they belong, names in any script."""

import struct
import zlib

import pytest

from pipeline.adapters.painting import png
from pipeline.steps.plots import COLOURS, LABEL, WIDTH, ranking

pytest.importorskip("matplotlib", reason="needs the extra for plots")


def pixels(image: bytes) -> tuple[int, int, bytes]:
    """Return width, height and the unfiltered RGBA rows of a PNG (ISO 15948, 9)."""
    width, height, depth, colour = struct.unpack(">IIBB", image[16:26])
    assert (depth, colour) == (8, 6)
    data, at = b"", 8
    while at < len(image):
        (length,) = struct.unpack(">I", image[at : at + 4])
        if image[at + 4 : at + 8] == b"IDAT":
            data += image[at + 8 : at + 8 + length]
        at += length + 12
    raw, size = zlib.decompress(data), width * 4
    rows, before = [], bytes(size)
    for number in range(height):
        line = raw[number * (size + 1) : (number + 1) * (size + 1)]
        before = unfiltered(line[0], bytearray(line[1:]), before)
        rows.append(before)
    return width, height, b"".join(rows)


def unfiltered(kind: int, line: bytearray, above: bytes) -> bytes:
    for at in range(len(line)):
        left = line[at - 4] if at >= 4 else 0
        corner = above[at - 4] if at >= 4 else 0
        line[at] = (line[at] + predicted(kind, left, above[at], corner)) % 256
    return bytes(line)


def predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind < 4:
        return (0, left, up, (left + up) // 2)[kind]
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def test_a_picture_has_its_bars_where_they_belong() -> None:
    picture = ranking("Outlets", {"Wafer Daily": 8, "硅线观察": 2})
    width, height, rows = pixels(png(picture))
    assert (width, height) == (2 * WIDTH, 2 * picture.height)
    colour = bytes.fromhex(COLOURS["bar"][1:]) + b"\xff"

    def shade(x: float, y: float) -> bytes:
        place = (int(y * 2) * width + int(x * 2)) * 4
        return rows[place : place + 4]

    assert shade(LABEL + 300, 60) == colour  # the long bar
    assert shade(LABEL + 60, 86) == colour  # the short one
    assert shade(LABEL + 300, 86) == b"\xff\xff\xff\xff"  # and where it has ended
