"""Learns what a site repeats on its pages, and takes it out of an article's text.

Pure: the store keeps, for each site, how many of its pages carried a line with a hash (once
a page); `study` says what a page teaches, `without_repeated` takes the counts.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# A line on so many pages of a site is the site's. Five, because a correction or an author's
# standing line may well stand under three or four articles of one day.
REPEATED = 5
SHARE = 10  # and on at least one in so many: a big site says anything five times
PAGE = 0  # stands for the page itself among its lines: how many pages the site has shown
_SHORTEST = 12  # characters; a dash or a lone name says too little to be learnt
# At an article's ends a site puts whole paragraphs, between its paragraphs only short boxes.
_LONGEST_AT_ENDS = 600
_LONGEST_BETWEEN = 160
_HEAD, _TAIL = 3, 8  # lines
_IDENTITY = 3  # of its longest lines tell an article
_MOST_REMOVED = 2  # of its characters a text keeps at least one in so many


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a page may teach: the hashes of its countable lines, and of its longest lines.

    Hashes have 64 bits and a sign, as SQLite keeps integers.
    """

    lines: frozenset[int]
    longest: frozenset[int]

    @property
    def hashes(self) -> frozenset[int]:
        return self.lines | self.longest | {PAGE}


def study(text: str) -> Lesson:
    """Return what a page with this text may teach of its site.

    Digits count: "The index rose 2 % to 31,400." is news again the next day.
    """
    lines = frozenset(_hash(line) for _, line in _countable(text))
    longest = sorted(text.splitlines(), key=len)[-_IDENTITY:]
    return Lesson(lines, frozenset(map(_hash, longest)))


def teaches(lesson: Lesson, pages: Mapping[int, int]) -> bool:
    """Tell whether a page counts: not the copy or update of another, which repeats its news.

    Of its longest lines one may be the site's own ("About us"), most of them are not.
    """
    known = sum(line in pages for line in lesson.longest)
    return 2 * known <= len(lesson.longest)


def without_repeated(text: str, pages: Mapping[int, int]) -> str:
    """Return the text without the lines that are the site's own.

    `pages` maps a line's hash to the number of the site's pages that carried it, `PAGE` to
    the number of all. Leaves the text alone where less than half of it would remain.
    """
    enough = max(REPEATED, pages.get(PAGE, 0) / SHARE)
    own = {line for line, seen in pages.items() if line != PAGE and seen >= enough}
    if not own:  # most sites: no line need be hashed
        return text
    gone = {at for at, line in _countable(text) if _hash(line) in own}
    kept = "\n".join(line for at, line in enumerate(text.splitlines()) if at not in gone)
    return kept if gone and len(kept) * _MOST_REMOVED >= len(text) else text


def _countable(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines, with their places, that a site rather than an article may have written."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        at_end = at < _HEAD or at >= len(lines) - _TAIL
        if _SHORTEST <= len(line) <= (_LONGEST_AT_ENDS if at_end else _LONGEST_BETWEEN):
            yield at, line


def _hash(line: str) -> int:
    spoken = "".join(line.casefold().split())
    digest = hashlib.blake2b(spoken.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
