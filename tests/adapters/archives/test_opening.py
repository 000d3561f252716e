"""What a person names is opened as what it holds, or refused with what to do."""

from pathlib import Path

import pytest

from pipeline.adapters.archives.opening import open_path
from pipeline.errors import ConfigError
from tests.adapters.archives.warcs import WarcFile


@pytest.fixture
def place(tmp_path: Path) -> Path:
    WarcFile().holds("https://a.test/", b"<p>x").at(tmp_path / "b.warc.gz")
    WarcFile(compress=False).holds("https://a.test/", b"<p>x").at(tmp_path / "a.WARC")
    WarcFile().holds("https://a.test/", b"<p>x").at(tmp_path / "renamed")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "x.html").write_text("<p>x")
    (tmp_path / "pages" / "y.HTM").write_text("<p>y")
    (tmp_path / "note.txt").write_text("nothing")
    (tmp_path / "empty").mkdir()
    (tmp_path / "none.warc").write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param("b.warc.gz", ["WarcArchive"], id="a WARC file"),
        pytest.param("a.WARC", ["WarcArchive"], id="an uncompressed one"),
        pytest.param("renamed", ["WarcArchive"], id="one by another name"),
        pytest.param("pages/x.html", ["FolderArchive"], id="a page"),
        pytest.param("pages", ["FolderArchive"], id="a folder of pages is one archive"),
        pytest.param(
            ".", ["WarcArchive", "WarcArchive", "WarcArchive", "FolderArchive"],
            id="a folder of everything",
        ),
    ],
)  # fmt: skip
def test_what_is_found_at_a_path(place: Path, path: str, found: list[str]) -> None:
    assert [type(archive).__name__ for archive in open_path(place / path)] == found


@pytest.mark.parametrize(
    ("path", "why"),
    [
        pytest.param("missing.warc", "No such file", id="nothing there"),
        pytest.param("note.txt", "neither a WARC file nor an HTML page", id="another file"),
        pytest.param("empty", "no .warc, .warc.gz or HTML file", id="an empty folder"),
    ],
)
def test_what_is_no_archive_is_refused(place: Path, path: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        list(open_path(place / path))
