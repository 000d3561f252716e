"""Folders of saved pages: HTML files, each with the address it was saved from if that shows."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipeline.models.archives import Captured, Unit
from pipeline.steps.archives.records import broken
from pipeline.steps.archives.saved_pages import address_of

PAGE_NAMES = (".html", ".htm", ".xhtml", ".shtml")
MAX_BODY = 10 << 20


class FolderArchive:
    """The HTML files below a folder, in the order of their paths; `position` counts bytes.

    Files may come and go between runs: each is known by its path and content.
    """

    unit: Unit = "bytes"
    keyed = True

    def __init__(self, root: Path, files: Sequence[Path]) -> None:
        self.name = str(root)
        self.identity = f"folder:{root.resolve()}"
        self._root = root if root.is_dir() else root.parent
        self._files = sorted(files)
        self.size = sum(path.stat().st_size for path in self._files)

    def records(self, _after: int, settled: Collection[str]) -> Iterator[Captured]:
        """Yield every page that is not settled."""
        position = 0
        for path in self._files:
            try:
                stat = path.stat()
                position += stat.st_size
                page = self._page(path, position, stat.st_mtime_ns)
            except OSError as error:
                page = broken(str(path), position, error.strerror or str(error))
            if page.key not in settled:
                yield page

    def _page(self, path: Path, position: int, changed_ns: int) -> Captured:
        relative = path.relative_to(self._root).as_posix()
        with path.open("rb") as file:
            body = file.read(MAX_BODY + 1)
        key = f"{relative} {hashlib.sha256(body).hexdigest()[:16]}"
        if len(body) > MAX_BODY:
            return broken(key, position, f"more than {MAX_BODY >> 20} MiB")
        return Captured(
            key,
            position,
            url=address_of(body, relative),
            captured_at=datetime.fromtimestamp(changed_ns / 1e9, UTC),
            body=body,
        )
