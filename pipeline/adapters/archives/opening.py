"""Which archives lie at the places a person names."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.adapters.archives.folder import PAGE_NAMES, FolderArchive
from pipeline.adapters.archives.frames import BEGIN, GZIP, FileSource, begins
from pipeline.adapters.archives.warc import WarcArchive
from pipeline.errors import ConfigError
from pipeline.ports import Archive

WARC_NAMES = (".warc", ".warc.gz")


def open_path(path: Path) -> Iterator[Archive]:
    """Yield the archives at a path: a WARC file, a page, or all that lies below a folder.

    Raises:
        ConfigError: nothing there can be read as an archive.
    """
    try:
        found = list(in_folder(path) if path.is_dir() else [in_file(path)])
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read", why=error.strerror or str(error), fix="check the path"
        ) from error
    if not found:
        raise ConfigError(
            f"{path} holds no archive", why="no .warc, .warc.gz or HTML file lies in it", fix=FIX
        )
    yield from found


FIX = "give WARC files, or a folder of HTML files"


def in_folder(folder: Path) -> Iterator[Archive]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        if path.name.lower().endswith(WARC_NAMES):
            yield WarcArchive(FileSource(path))
    pages = [path for path in files if path.suffix.lower() in PAGE_NAMES]
    if pages:
        yield FolderArchive(folder, pages)


def in_file(path: Path) -> Archive:
    source = FileSource(path)
    head = source.read(0, len(BEGIN))
    named = path.name.lower().endswith(WARC_NAMES)
    if head.startswith((BEGIN, GZIP)) and (named or begins(source, 0)):
        return WarcArchive(source)
    if path.suffix.lower() in PAGE_NAMES:
        return FolderArchive(path, [path])
    raise ConfigError(
        f"{path} is no archive",
        why="it is empty" if not head else "it is neither a WARC file nor an HTML page",
        fix=FIX,
    )
