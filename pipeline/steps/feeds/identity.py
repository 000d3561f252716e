"""Tells new entries from edited and known ones, however a feed treats its guids.

C-35: guid within the feed; a repeated guid is told apart by link; without a guid the
address, then a hash of title and date; a feed that rewrites its guids announces nothing
old again; a title edited under a new guid is no second article.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from pipeline.models.feeds import Entry

Outcome = Literal["new", "updated", "known"]
_SIMILAR = 0.5  # share of common character pairs from which two titles of one moment are one entry


@dataclass(frozen=True, slots=True)
class KnownSighting:
    """What one row of `sightings` says; `article_id` is None where the article was deleted."""

    guid: str
    url: str
    title: str
    summary: str = ""
    published_at: datetime | None = None
    article_id: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with one entry.

    `by` says what recognised it: guid, url (in this feed), elsewhere (the address is known
    from another feed), title, or "" for new. `known` is the sighting it renews; `changed`
    names the fields that differ from it.
    """

    entry: Entry
    outcome: Outcome
    by: Literal["guid", "url", "elsewhere", "title", ""] = ""
    known: KnownSighting | None = None
    article_id: int | None = None
    changed: frozenset[str] = frozenset()


def with_guids(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Give every entry a guid of its own; an entry announced twice in the same way stays once."""
    links: dict[str, set[str]] = {}
    for entry in entries:
        links.setdefault(entry.guid, set()).add(entry.url)
    unique: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        guid = entry.guid or entry.url or _hashed(entry)
        if entry.guid and len(links[entry.guid]) > 1:
            guid = f"{entry.guid} {entry.url}"
        key = (guid, "" if entry.guid else entry.title)
        unique.setdefault(key, replace(entry, guid=guid))
    counted = Counter(entry.guid for entry in unique.values())
    return tuple(
        entry if counted[entry.guid] == 1 else replace(entry, guid=f"{entry.guid} {_hashed(entry)}")
        for entry in unique.values()
    )


def _hashed(entry: Entry) -> str:
    text = (
        f"{entry.title}\n{entry.raw_date}" if entry.title else f"{entry.summary}\n{entry.raw_date}"
    )
    return "hash:" + hashlib.sha256(text.encode()).hexdigest()[:32]


def decide(
    entries: Iterable[Entry],
    known: Iterable[KnownSighting],
    *,
    elsewhere: Mapping[str, int] | None = None,
    canonical: Callable[[str], str] = str,
) -> tuple[Decision, ...]:
    """Return for each entry whether it is new, updated or known, in the entries' order.

    `known` are the sightings of this feed, newest last. `elsewhere` maps canonical addresses
    known from any feed to their article. `canonical` says when two addresses are one page.
    """
    index = _Index(canonical)
    for sighting in known:
        index.add(sighting)
    return tuple(_decide_one(entry, index, elsewhere or {}) for entry in entries)


def _decide_one(entry: Entry, index: "_Index", elsewhere: Mapping[str, int]) -> Decision:
    for by, sighting in index.candidates(entry):
        if sighting:
            changed = _changes(entry, sighting, index.canonical)
            outcome: Outcome = "updated" if changed & {"title", "summary"} else "known"
            index.claim(entry, sighting)
            return Decision(entry, outcome, by, sighting, sighting.article_id, changed)
    address = index.canonical(entry.url) if entry.url else ""
    index.claim(entry, _sighting(entry))
    if address in elsewhere:
        return Decision(entry, "new", "elsewhere", article_id=elsewhere[address])
    return Decision(entry, "new")


def _sighting(entry: Entry) -> KnownSighting:
    return KnownSighting(entry.guid, entry.url, entry.title, entry.summary, entry.published_at)


def _changes(
    entry: Entry, sighting: KnownSighting, canonical: Callable[[str], str]
) -> frozenset[str]:
    pairs = {
        "title": (entry.title, sighting.title),
        "summary": (entry.summary, sighting.summary),
        "url": (canonical(entry.url), canonical(sighting.url)),
        "published_at": (entry.published_at, sighting.published_at),
    }
    return frozenset(name for name, (now, before) in pairs.items() if now and now != before)


@dataclass(slots=True)
class _Index:
    """The sightings of one feed by guid, by address and by moment."""

    canonical: Callable[[str], str]
    by_guid: dict[str, KnownSighting] = field(default_factory=dict)
    by_url: dict[str, KnownSighting] = field(default_factory=dict)
    by_moment: dict[datetime, list[KnownSighting]] = field(default_factory=dict)

    def add(self, sighting: KnownSighting) -> None:
        self.by_guid[sighting.guid] = sighting
        if sighting.url:
            self.by_url[self.canonical(sighting.url)] = sighting
        if sighting.published_at:
            self.by_moment.setdefault(sighting.published_at, []).append(sighting)

    def candidates(
        self, entry: Entry
    ) -> Iterable[tuple[Literal["guid", "url", "title"], KnownSighting | None]]:
        yield "guid", self._same_guid(entry)
        yield "url", self.by_url.get(self.canonical(entry.url)) if entry.url else None
        yield "title", self._same_moment(entry)

    def claim(self, entry: Entry, sighting: KnownSighting) -> None:
        """Let later entries of this document find the sighting under this entry's names too."""
        self.by_guid.setdefault(entry.guid, sighting)
        if entry.url:
            self.by_url.setdefault(self.canonical(entry.url), sighting)

    def _same_guid(self, entry: Entry) -> KnownSighting | None:
        """Return the sighting of this guid unless the feed reused it for another page."""
        found = self.by_guid.get(entry.guid)
        if found is None or not entry.url or not found.url:
            return found
        same_page = self.canonical(entry.url) == self.canonical(found.url)
        same_moment = entry.published_at is not None and entry.published_at == found.published_at
        return found if same_page or same_moment or similar(entry.title, found.title) else None

    def _same_moment(self, entry: Entry) -> KnownSighting | None:
        """Return the sighting of the same moment under a title that was edited at most."""
        if entry.published_at is None or not entry.title:
            return None
        for sighting in self.by_moment.get(entry.published_at, ()):
            if similar(entry.title, sighting.title):
                return sighting
        return None


def similar(title: str, other: str) -> bool:
    """Return whether one headline can be an edit of the other; symmetric.

    Character pairs, so that it works without spaces; other numbers are other news ("Q1"
    and "Q2" results).
    """
    if title == other:
        return True
    if set(re.findall(r"\d+", title)) != set(re.findall(r"\d+", other)):
        return False
    pairs, others = _pairs(title), _pairs(other)
    union = len(pairs | others)
    return union > 0 and len(pairs & others) / union >= _SIMILAR


def _pairs(title: str) -> set[str]:
    text = title.casefold()
    return {text[at : at + 2] for at in range(len(text) - 1)}
