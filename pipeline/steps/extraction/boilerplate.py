"""Learns what a site repeats on its pages, and takes it out of an article's text.

Pure: the store keeps, for each site, how many of its pages carried a line with a hash
(`line_hashes`, counted once a page); `without_repeated` takes those counts.
"""

import hashlib
from collections.abc import Mapping

# A line on so many pages of a site is the site's. Five, because a correction or an author's
# standing line may well stand under three or four articles of one day.
REPEATED = 5
_LONGEST = 400  # characters; a paragraph longer than this is quoted, not repeated, by a site
_SHORTEST = 12  # a dash or a lone name says too little to be learnt


def line_hashes(text: str) -> frozenset[int]:
    """Return the hashes (signed 64 bit, as SQLite keeps them) of a text's distinct lines.

    Case and digits do not count: "Updated 3 min ago" is the same line a minute later.
    """
    return frozenset(_hash(line) for line in text.splitlines() if _countable(line))


def without_repeated(text: str, pages: Mapping[int, int], *, threshold: int = REPEATED) -> str:
    """Return the text without the lines that at least `threshold` pages of its site carry.

    `pages` maps a line's hash to the number of the site's pages that carry it. Leaves the
    text alone where nothing else would remain. Idempotent.
    """
    lines = text.splitlines()
    kept = [line for line in lines if not _repeated(line, pages, threshold)]
    return "\n".join(kept) if any(kept) and len(kept) < len(lines) else text


def _repeated(line: str, pages: Mapping[int, int], threshold: int) -> bool:
    return _countable(line) and pages.get(_hash(line), 0) >= threshold


def _countable(line: str) -> bool:
    return _SHORTEST <= len(line) <= _LONGEST


def _hash(line: str) -> int:
    spoken = "".join(c for c in line.casefold() if not c.isspace() and not c.isdigit())
    digest = hashlib.blake2b(spoken.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
