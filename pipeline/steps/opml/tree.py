"""The tree of an OPML file: folders, feeds and comments, as they were written."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.models.feeds import FeedSource


@dataclass(frozen=True, slots=True)
class Outline:
    """One `<outline>` (or a comment, then `comment` is its text): a feed, a folder or neither.

    `attributes` are all of them, in order, as written; `feed` is what they mean.
    """

    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["Outline", ...] = ()
    feed: FeedSource | None = None
    line: int = 0
    comment: str | None = None

    @property
    def name(self) -> str:
        values = {key.lower(): value for key, value in self.attributes}
        return (values.get("title") or values.get("text") or "").strip()


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """A list of feeds: the tree as it was written, and in `notes` what was odd about it."""

    outlines: tuple[Outline, ...] = ()
    head: tuple[tuple[str, str], ...] = ()
    namespaces: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def feeds(self) -> tuple[FeedSource, ...]:
        """Every feed once, in the order of the file; the first mention decides its category."""
        found: dict[str, FeedSource] = {}
        for outline in walk(self.outlines):
            if outline.feed:
                found.setdefault(outline.feed.url, outline.feed)
        return tuple(found.values())


def walk(outlines: tuple[Outline, ...]) -> Iterator[Outline]:
    """Yield every outline, a folder before what it holds."""
    for outline in outlines:
        yield outline
        yield from walk(outline.children)
