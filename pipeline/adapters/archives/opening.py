"""Which archives lie at the places a person names."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.adapters.archives.addresses import AddressArchive, Worth, addresses_in
from pipeline.adapters.archives.feeds import FEED_NAMES, FeedArchive
from pipeline.adapters.archives.folder import PAGE_NAMES, FolderArchive
from pipeline.adapters.archives.frames import BEGIN, GZIP, FileSource, begins
from pipeline.adapters.archives.ranges import RangeSource
from pipeline.adapters.archives.warc import WarcArchive
from pipeline.errors import ConfigError
from pipeline.ports import Archive, Fetcher, Workers

WARC_NAMES = (".warc", ".warc.gz")
LIST_NAMES = (".txt", ".list", ".urls", ".csv", "")
LONGEST_LIST = 64 << 20
FIX = (
    "give WARC files or their addresses, HTML files, lists of addresses, feeds, or folders of them"
)


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens archives; `worth` tells which addresses of a list are worth a request."""

    fetcher: Fetcher
    workers: Workers
    worth: Worth

    def open(self, place: str) -> Iterator[Archive]:
        """Yield the archives at a place: an address, a file, or all that lies below a folder.

        Raises:
            ConfigError: nothing there can be read as an archive.
        """
        if place.startswith(("http://", "https://")):
            yield WarcArchive(RangeSource(place, self.fetcher))
            return
        path = Path(place)
        try:
            found = list(self.in_folder(path) if path.is_dir() else self.in_file(path))
        except OSError as error:
            raise ConfigError(
                f"{path} cannot be read", why=error.strerror or str(error), fix="check the path"
            ) from error
        if not found:
            raise ConfigError(
                f"{path} holds no archive",
                why="no WARC file, HTML page or feed lies in it",
                fix=FIX,
            )
        yield from found

    def in_folder(self, folder: Path) -> Iterator[Archive]:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        for path in files:
            if path.name.lower().endswith(WARC_NAMES):
                yield WarcArchive(FileSource(path))
        pages = [path for path in files if path.suffix.lower() in PAGE_NAMES]
        if pages:
            yield FolderArchive(folder, pages)
        feeds = [path for path in files if path.suffix.lower() in FEED_NAMES]
        if feeds:
            yield FeedArchive(folder, feeds, self.workers)

    def in_file(self, path: Path) -> Iterator[Archive]:
        source = FileSource(path)
        head = source.read(0, len(BEGIN))
        suffix = path.suffix.lower()
        named = path.name.lower().endswith(WARC_NAMES)
        if head.startswith((BEGIN, GZIP)) and (named or begins(source, 0)):
            yield WarcArchive(source)
        elif suffix in PAGE_NAMES:
            yield FolderArchive(path, [path])
        elif suffix in FEED_NAMES:
            yield FeedArchive(path, [path], self.workers)
        elif suffix in LIST_NAMES and (urls := self.listed(path, source.size)):
            yield from self.of_list(path, urls)
        else:
            raise ConfigError(
                f"{path} is no archive",
                why="it is empty" if not head else "it is none of what can be read",
                fix=FIX,
            )

    def listed(self, path: Path, size: int) -> list[str]:
        if size > LONGEST_LIST:
            return []
        return addresses_in(path.read_text(encoding="utf-8", errors="replace"))

    def of_list(self, path: Path, urls: list[str]) -> Iterator[Archive]:
        """Yield the WARC files a list names, each by itself, then its pages."""
        pages = []
        for url in urls:
            if url.lower().endswith(WARC_NAMES):
                yield WarcArchive(RangeSource(url, self.fetcher))
            else:
                pages.append(url)
        if pages:
            yield AddressArchive(str(path.resolve()), pages, self.fetcher, worth=self.worth)
