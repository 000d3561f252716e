"""Makes archives of any size out of the newsroom: its pages, with other things said in its words.

Every page has the look and length of its outlet's pages, a text and an address of its own.

    python -m benchmarks.synthetic 20000 FILE.warc.gz
"""

import random
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from pipeline.adapters.newsroom import load_archive
from pipeline.steps.newsroom.site import render_site
from pipeline.steps.newsroom.values import Archive, Draft
from tests.adapters.archives.warcs import WarcFile

FIRST_DAY = datetime(2023, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """One synthetic page as an archive would hold it."""

    url: str
    captured_at: datetime
    content_type: str
    body: bytes


def pages(count: int) -> Iterator[Page]:
    """Yield so many distinct pages, the same ones every time, an edition of the newsroom a day."""
    archive = load_archive()
    speakers = babblers(archive)
    made = edition = 0
    while made < count:
        day = FIRST_DAY + timedelta(days=edition)
        for page in one_edition(archive, speakers, edition, day):
            if made == count:
                return
            yield page
            made += 1
        edition += 1


def one_edition(
    archive: Archive, babblers: Mapping[str, "Babbler"], edition: int, day: datetime
) -> Iterator[Page]:
    dice = random.Random(edition)
    drafts = tuple(
        draft if draft.passages else retold(draft, babblers[kind_of(archive, draft)], dice)
        for draft in archive.drafts
    )
    site = render_site(replace(archive, drafts=drafts), anchor=day, moment=day)
    for truth in site.truth:
        resource = site.resources[truth.url]
        host = truth.url.split("/")[2]
        own = f"e{edition}-{host}"
        body = resource.body.replace(host.encode(), own.encode())
        yield Page(truth.url.replace(host, own), day, resource.content_type, body)


def kind_of(archive: Archive, draft: Draft) -> str:
    """Return the draft's language and whether it is about anything we watch."""
    language = next(one.language for one in archive.outlets if one.name == draft.outlet)
    return f"{language} {'on' if draft.topics else 'off'}"


def babblers(archive: Archive) -> dict[str, "Babbler"]:
    """Return a babbler for each language, and each for articles on and off our topics."""
    texts: dict[str, list[str]] = {}
    for draft in archive.drafts:
        for version in draft.versions:
            blocks = [block.text for block in version.blocks]
            texts.setdefault(kind_of(archive, draft), []).extend([version.title, *blocks])
    return {kind: Babbler(found) for kind, found in texts.items()}


class Babbler:
    """Says new sentences in the words of old ones: each word has followed the one before it.

    Five words in a row hardly ever stood together before, so no text is a copy of another.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._spaced = sum(" " in text for text in texts) * 2 > len(texts)
        self._after: dict[str, list[str]] = {}
        for text in texts:
            words = self._words(text)
            for word, following in pairwise(["", *words, ""]):
                self._after.setdefault(word, []).append(following)

    def _words(self, text: str) -> list[str]:
        return text.split() if self._spaced else re.findall(r"[A-Za-z0-9.,%-]+ ?|.", text)

    def say(self, dice: random.Random, length: int) -> str:
        """Return about as many characters."""
        joint = " " if self._spaced else ""
        words: list[str] = []
        size, word = 0, ""
        while size < length:
            word = dice.choice(self._after[word])
            words.append(word)
            size += len(word) + len(joint)
        return joint.join(filter(None, words))


def retold(draft: Draft, babbler: Babbler, dice: random.Random) -> Draft:
    """Return the draft with other words, as many as it had."""
    versions = tuple(
        replace(
            version,
            title=babbler.say(dice, len(version.title)),
            blocks=tuple(
                replace(block, text=babbler.say(dice, len(block.text))) for block in version.blocks
            ),
        )
        for version in draft.versions
    )
    return replace(draft, versions=versions)


def write_warc(path: Path, captured: Iterable[Page]) -> None:
    """Write pages as a WARC file: each after the request for it, as crawlers keep them."""
    with path.open("wb") as file:
        for page in captured:
            date = page.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ")
            records = WarcFile().holds(page.url, b"", kind="request", date=date)
            records.holds(page.url, page.body, date=date, Content_Type=page.content_type)
            file.write(records.bytes())


if __name__ == "__main__":
    write_warc(Path(sys.argv[2]), pages(int(sys.argv[1])))
