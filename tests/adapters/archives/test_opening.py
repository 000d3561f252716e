"""What a person names is opened as what it holds, or refused with what to do."""

from pathlib import Path

import pytest

from pipeline.adapters.archives.opening import Opener
from pipeline.adapters.workers import InlineWorkers
from pipeline.errors import ConfigError
from pipeline.ports import Archive
from tests.adapters.archives.warcs import WarcFile
from tests.fakes import ScriptedFetcher


def opened(place: Path) -> list[Archive]:
    opener = Opener(ScriptedFetcher(), InlineWorkers(), lambda _url: True)
    return list(opener.open(str(place)))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    WarcFile().holds("https://a.test/", b"<p>x").at(tmp_path / "b.warc.gz")
    WarcFile(compress=False).holds("https://a.test/", b"<p>x").at(tmp_path / "a.WARC")
    WarcFile().holds("https://a.test/", b"<p>x").at(tmp_path / "renamed")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "x.html").write_text("<p>x")
    (tmp_path / "pages" / "y.HTM").write_text("<p>y")
    (tmp_path / "note.txt").write_text("nothing")
    (tmp_path / "urls.txt").write_text("# mine\nhttps://a.test/1\n\nhttps://a.test/2\n")
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "one.xml").write_text("<rss/>")
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param("b.warc.gz", ["WarcArchive"], id="a WARC file"),
        pytest.param("a.WARC", ["WarcArchive"], id="an uncompressed one"),
        pytest.param("renamed", ["WarcArchive"], id="one by another name"),
        pytest.param("pages/x.html", ["FolderArchive"], id="a page"),
        pytest.param("urls.txt", ["AddressArchive"], id="a list of addresses"),
        pytest.param("feeds/one.xml", ["FeedArchive"], id="a stored feed"),
        pytest.param("feeds", ["FeedArchive"], id="a folder of feeds is one archive"),
        pytest.param("pages", ["FolderArchive"], id="a folder of pages is one archive"),
        pytest.param(
            ".", ["WarcArchive", "WarcArchive", "FolderArchive", "FeedArchive"],
            id="a folder of everything",
        ),
    ],
)  # fmt: skip
def test_what_is_found_at_a_path(place: Path, path: str, found: list[str]) -> None:
    assert [type(archive).__name__ for archive in opened(place / path)] == found


@pytest.mark.parametrize(
    ("path", "why"),
    [
        pytest.param("missing.warc", "No such file", id="nothing there"),
        pytest.param("note.txt", "none of what can be read", id="another file"),
        pytest.param("empty", "no WARC file, HTML page or feed", id="an empty folder"),
    ],
)
def test_what_is_no_archive_is_refused(place: Path, path: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        opened(place / path)
