"""WARC files: every whole record is read, a damaged one costs itself, from any position on."""

import gzip
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.archives.frames import FileSource
from pipeline.adapters.archives.warc import WarcArchive
from pipeline.models.archives import Captured
from tests.adapters.archives.warcs import WarcFile

COMPRESSED = pytest.mark.parametrize("compress", [True, False], ids=["gzipped", "plain"])


class Memory:
    """A file's bytes without a file."""

    name = "memory.warc"

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.size = len(content)

    def read(self, offset: int, length: int) -> bytes:
        return self._content[offset : offset + length]


def three(*, compress: bool) -> WarcFile:
    file = WarcFile(compress=compress)
    for number in (1, 2, 3):
        file.holds(f"https://a.test/{number}", f"<html>page {number}</html>".encode() * 50)
    return file


def read(content: bytes, after: int = 0) -> list[Captured]:
    return list(WarcArchive(Memory(content)).records(after))


def urls(records: list[Captured]) -> list[str]:
    return [record.url[-1:] if record.url else record.reason for record in records]


@COMPRESSED
def test_every_record_is_a_page_with_its_address_date_and_bytes(compress: bool) -> None:
    first, *others = read(three(compress=compress).bytes())
    assert first.url == "https://a.test/1"
    assert first.captured_at is not None
    assert first.captured_at.isoformat() == "2024-03-01T10:00:00+00:00"
    assert (first.content_type, first.body[:19]) == ("text/html", b"<html>page 1</html>")
    assert urls(others) == ["2", "3"]


@COMPRESSED
def test_reading_goes_on_from_the_position_of_any_record(compress: bool) -> None:
    content = three(compress=compress).bytes()
    whole = read(content)
    for number, record in enumerate(whole, start=1):
        assert read(content, record.position) == whole[number:]
    assert whole[-1].position == len(content)


@COMPRESSED
def test_a_damaged_record_costs_itself(compress: bool) -> None:
    file = three(compress=compress)
    start, end = file.bounds[1]
    content = bytearray(file.bytes())
    content[start : start + 40] = b"\x00" * 40
    records = read(bytes(content))
    assert [record.faulty for record in records] == [False, True, False]
    assert urls(records)[::2] == ["1", "3"]
    assert records[1].position == end
    assert records[1].reason


@COMPRESSED
def test_bytes_lost_in_the_middle_cost_the_record_they_belonged_to(compress: bool) -> None:
    file = three(compress=compress)
    start, end = file.bounds[1]
    content = file.bytes()
    records = read(content[: start + 60] + content[end:])
    assert [record.url[-1:] for record in records if not record.faulty] == ["1", "3"]


@COMPRESSED
def test_a_file_cut_short_is_read_up_to_there_and_goes_on_when_the_rest_has_come(
    compress: bool,
) -> None:
    file = three(compress=compress)
    content = file.bytes()
    start, _ = file.bounds[2]
    records = read(content[: start + 50])
    assert urls(records) == ["1", "2", "cut short"]
    assert records[-1].position == start
    assert urls(read(content, records[-1].position)) == ["3"]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(gzip.compress(b"<p>one</p>"), {"Content_Encoding": "gzip"}, id="gzip"),
        pytest.param(zlib.compress(b"<p>one</p>"), {"Content_Encoding": "deflate"}, id="deflate"),
        pytest.param(b"<p>one</p>", {"Content_Encoding": "br"}, id="decoded, the header kept"),
        pytest.param(
            b"3\r\n<p>\r\n7\r\none</p>\r\n0\r\n\r\n", {"Transfer_Encoding": "chunked"}, id="chunks"
        ),
        pytest.param(b"<p>one</p>", {"Transfer_Encoding": "chunked"}, id="without its chunks"),
    ],
)
def test_a_body_is_decoded_however_it_was_kept(body: bytes, headers: dict[str, str]) -> None:
    [record] = read(WarcFile().holds("https://a.test/1", body, **headers).bytes())
    assert record.body == b"<p>one</p>"


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        pytest.param(WarcFile().holds("https://a.test/", b"", kind="request"), "no page",
                     id="a request"),
        pytest.param(WarcFile().holds("https://a.test/", b"x", kind="metadata"), "no page",
                     id="metadata"),
        pytest.param(WarcFile().holds("https://a.test/", b"x", status="404 Not Found"), "HTTP 404",
                     id="an error"),
        pytest.param(WarcFile().holds("https://a.test/", b"x", Content_Encoding="br"),
                     "FetchError: content encoding 'br', not asked for", id="an encoding unknown"),
    ],
)  # fmt: skip
def test_what_is_no_page_says_so(file: WarcFile, reason: str) -> None:
    [record] = read(file.bytes())
    assert (record.reason, record.body) == (reason, b"")


def test_a_file_that_is_one_gzip_says_how_to_mend_it() -> None:
    content = gzip.compress(three(compress=False).bytes())
    [record] = read(content)
    assert record.faulty
    assert "warcio recompress" in record.reason


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    bomb = gzip.compress(b"WARC/1.0\r\ncontent-length: 99999999\r\n\r\n" + bytes(64 << 20))
    records = read(bomb + three(compress=True).bytes())
    assert records[0].faulty
    assert urls(records[1:]) == ["1", "2", "3"]


def test_a_file_is_known_by_what_it_holds_not_by_its_name(tmp_path: Path) -> None:
    here = WarcArchive(FileSource(three(compress=True).at(tmp_path / "a.warc.gz")))
    there = WarcArchive(FileSource((tmp_path / "a.warc.gz").rename(tmp_path / "b.warc.gz")))
    assert here.identity == there.identity
    assert here.identity != WarcArchive(Memory(b"WARC/1.0")).identity


@settings(deadline=None)
@given(st.data())
def test_whatever_the_damage_reading_ends_and_positions_only_grow(data: st.DataObject) -> None:
    content = bytearray(three(compress=data.draw(st.booleans())).bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(("set", "drop", "insert")))
        junk = data.draw(st.binary(max_size=30))
        stop = min(len(content), start + len(junk))
        content[start : stop if kind != "insert" else start] = b"" if kind == "drop" else junk
    records = read(bytes(content))
    places = [record.position for record in records]
    assert places == sorted(places)
    assert all(record.reason for record in records if record.faulty)
