"""Tells new entries from edited and known ones, however a feed treats its guids.

C-35: guid within the feed; a repeated guid is told apart by link; without a guid the
address, then a hash of title and date; a feed that rewrites its guids announces nothing
old again; a title edited under a new guid is no second article.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pipeline.models.feeds import Entry
from pipeline.steps.urls import key

Outcome = Literal["new", "updated", "known"]
Canonical = Callable[[str], str]
_MAX_GUID = 1_000
_VAGUE = 3  # titles under one address in one document; a story in two sections has two
_NUMBER = re.compile(r"\d+")
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
    names the fields that differ from it. `has_page` is False where the entry has no address
    of its own: none at all, or one under which the feed announces everything (its homepage).
    """

    entry: Entry
    outcome: Outcome
    by: Literal["guid", "url", "elsewhere", "title", ""] = ""
    known: KnownSighting | None = None
    article_id: int | None = None
    changed: frozenset[str] = frozenset()
    has_page: bool = True


def short_guid(raw: str) -> str:
    """Return the guid without surrounding space; one of over 1,000 characters ends in its hash."""
    guid = raw.strip()
    if len(guid) <= _MAX_GUID:
        return guid
    return f"{guid[: _MAX_GUID - 40]} {hashlib.sha256(guid.encode()).hexdigest()[:32]}"


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
        title = "" if entry.guid and entry.url else entry.title
        unique.setdefault((guid, title), replace(entry, guid=guid))
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
    canonical: Canonical = key,
) -> tuple[Decision, ...]:
    """Return for each entry whether it is new, updated or known, in the entries' order.

    `known` are the sightings of this feed, newest last. `elsewhere` maps canonical addresses
    known from any feed to their article. `canonical` says when two addresses are one page.
    A recognised entry comes back under the guid it is known by, so that one sighting stays
    one row.
    """
    listed = list(entries)
    index = _Index(listed, known, canonical)
    # Same guid and page first: an entry that is itself there must not lose its sighting to a
    # second copy of it under another guid.
    order = sorted(range(len(listed)), key=lambda at: not index.is_itself(listed[at]))
    decided = {at: _decide_one(listed[at], index, elsewhere or {}) for at in order}
    return tuple(decided[at] for at in range(len(listed)))


def _decide_one(entry: Entry, index: "_Index", elsewhere: Mapping[str, int]) -> Decision:
    for by, sighting in index.candidates(entry):
        if sighting is None:
            continue
        changed = _changes(entry, sighting, index.canonical)
        renewed = not index.claim(entry, sighting)
        updated = not renewed and bool(changed & {"title", "summary"})
        return Decision(
            replace(entry, guid=sighting.guid),
            "updated" if updated else "known",
            by,
            known=sighting,
            article_id=sighting.article_id,
            changed=changed,
            has_page=bool(index.address(entry)),
        )
    entry = index.with_free_guid(entry)
    address = index.address(entry)
    index.claim(entry, _sighting(entry))
    article_id = elsewhere.get(address)
    return Decision(
        entry,
        "new",
        "" if article_id is None else "elsewhere",
        article_id=article_id,
        has_page=bool(address),
    )


def _sighting(entry: Entry) -> KnownSighting:
    return KnownSighting(entry.guid, entry.url, entry.title, entry.summary, entry.published_at)


def _changes(entry: Entry, sighting: KnownSighting, canonical: Canonical) -> frozenset[str]:
    pairs = {
        "title": (entry.title, sighting.title),
        "summary": (entry.summary, sighting.summary),
        "url": (canonical(entry.url), canonical(sighting.url)),
        "published_at": (entry.published_at, sighting.published_at),
    }
    changed = {name for name, (now, before) in pairs.items() if now and now != before}
    if _NUMBER.sub("", entry.summary) == _NUMBER.sub("", sighting.summary):
        changed.discard("summary")  # "12 comments" is no edit
    return frozenset(changed)


class _Index:
    """The sightings of one feed by guid, by address and by moment, and which are taken."""

    def __init__(
        self, entries: Sequence[Entry], known: Iterable[KnownSighting], canonical: Canonical
    ) -> None:
        self.canonical = canonical
        self._known = list(known)
        self._by_guid = {sighting.guid: sighting for sighting in self._known}
        self._by_url: dict[str, KnownSighting] | None = None
        self._by_moment: dict[datetime, list[KnownSighting]] = {}
        for sighting in self._known:
            if sighting.published_at:
                self._by_moment.setdefault(sighting.published_at, []).append(sighting)
        self._claimed: set[str] = set()
        self._vague = _vague_addresses(entries)

    def candidates(
        self, entry: Entry
    ) -> Iterator[tuple[Literal["guid", "url", "title"], KnownSighting | None]]:
        """Yield what may be this entry, surest first."""
        yield "guid", self._same_guid(entry)
        if address := self.address(entry):
            yield "url", self._urls().get(address)
        yield "title", self._same_moment(entry)

    def address(self, entry: Entry) -> str:
        """Return the canonical address if it names this entry alone, else ""."""
        return "" if entry.url in self._vague or not entry.url else self.canonical(entry.url)

    def is_itself(self, entry: Entry) -> bool:
        """Return whether guid and page are both known as one sighting."""
        found = self._by_guid.get(entry.guid)
        return found is not None and self.canonical(entry.url) == self.canonical(found.url)

    def with_free_guid(self, entry: Entry) -> Entry:
        """Return the entry under a guid no other sighting has, where the feed reused one."""
        if entry.guid not in self._by_guid:
            return entry
        return replace(entry, guid=f"{entry.guid} {self.address(entry) or _hashed(entry)}")

    def claim(self, entry: Entry, sighting: KnownSighting) -> bool:
        """Note that an entry of this document stands for the sighting; True for the first one.

        A feed that lists a page twice under two titles must not edit it to and fro. Later
        entries find the sighting under this entry's names too.
        """
        self._by_guid.setdefault(entry.guid, sighting)
        if address := self.address(entry):
            self._urls().setdefault(address, sighting)
        first = sighting.guid not in self._claimed
        self._claimed.add(sighting.guid)
        return first

    def _urls(self) -> dict[str, KnownSighting]:
        # Built when first asked for: most polls bring nothing that its guid does not settle.
        if self._by_url is None:
            self._by_url = {self.canonical(one.url): one for one in self._known if one.url}
        return self._by_url

    def _same_guid(self, entry: Entry) -> KnownSighting | None:
        """Return the sighting of this guid unless the feed reused it for another page."""
        found = self._by_guid.get(entry.guid)
        if found is None or not entry.url or not found.url:
            return found
        same_page = self.canonical(entry.url) == self.canonical(found.url)
        same_moment = entry.published_at is not None and entry.published_at == found.published_at
        return found if same_page or same_moment or similar(entry.title, found.title) else None

    def _same_moment(self, entry: Entry) -> KnownSighting | None:
        """Return the sighting of the same moment under a title that was edited at most.

        On the full hour, which is also what a date without a time looks like, only the very
        same title counts: two series of one day must not become one entry.
        """
        moment = entry.published_at
        if moment is None or not entry.title:
            return None
        exact = moment.minute == moment.second == 0
        for sighting in self._by_moment.get(moment, ()):
            same = sighting.title == entry.title
            if sighting.guid not in self._claimed and (
                same or (not exact and similar(entry.title, sighting.title))
            ):
                return sighting
        return None


def _vague_addresses(entries: Sequence[Entry]) -> frozenset[str]:
    """Return the addresses under which a feed announces several things at once (its homepage)."""
    titles: dict[str, set[str]] = {}
    for entry in entries:
        titles.setdefault(entry.url, set()).add(entry.title)
    return frozenset(url for url, found in titles.items() if len(found) >= _VAGUE)


def similar(title: str, other: str) -> bool:
    """Return whether one headline can be an edit of the other; symmetric.

    Character pairs, so that it works without spaces; other numbers are other news ("Q1"
    and "Q2" results).
    """
    if title == other:
        return True
    if set(_NUMBER.findall(title)) != set(_NUMBER.findall(other)):
        return False
    pairs, others = _pairs(title), _pairs(other)
    union = len(pairs | others)
    return union > 0 and len(pairs & others) / union >= _SIMILAR


def _pairs(title: str) -> set[str]:
    text = title.casefold()
    return {text[at : at + 2] for at in range(len(text) - 1)}
