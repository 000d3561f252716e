"""Drafts at a moment: which articles are out, in which version, at which address."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from pipeline.steps.newsroom.values import Block, Draft, Outlet


@dataclass(frozen=True, slots=True)
class Published:
    """An article as its outlet shows it. Times are aware, in the outlet's own zone."""

    draft: Draft
    outlet: Outlet
    title: str
    blocks: tuple[Block, ...]
    published_at: datetime
    modified_at: datetime
    edited: bool

    @property
    def number(self) -> int:
        """Return a six-digit number that is the same in every run."""
        return 100_000 + zlib.crc32(self.draft.id.encode()) % 900_000

    @property
    def path(self) -> str:
        return self.outlet.path.format(
            number=self.number, slug=self.draft.slug, section=self.section_slug
        )

    @property
    def section_slug(self) -> str:
        return section_slug(self.outlet, self.draft.section)

    @property
    def url(self) -> str:
        return self.outlet.site_url + self.path

    @property
    def twin_url(self) -> str:
        """Return the address of the AMP or mobile form, or "" if the outlet has none."""
        if self.outlet.twin == "amp":
            return f"{self.outlet.site_url}/amp{self.path}"
        if self.outlet.twin == "mobile":
            return f"http://{self.outlet.mobile_host}{self.path}"
        return ""

    @property
    def image_url(self) -> str:
        return f"{self.outlet.site_url}/images/{self.number}.svg"

    @property
    def lead(self) -> str:
        return self.blocks[0].text

    @property
    def teaser(self) -> str:
        """Return what a portal's card shows: the opening, in one line."""
        return " ".join(block.text for block in self.blocks[:3])

    @property
    def text(self) -> str:
        """Return the whole text, one paragraph a line."""
        return "\n".join(block.text for block in self.blocks)


def section_slug(outlet: Outlet, section: str) -> str:
    """Return the section as it stands in addresses: itself in English, else its place."""
    return section if section.isascii() else f"s{outlet.sections.index(section) + 1}"


def published(
    drafts: Iterable[Draft], outlet: Outlet, *, anchor: datetime, moment: datetime
) -> tuple[Published, ...]:
    """Return the outlet's articles that are out at `moment`, newest first."""
    zone = timezone(timedelta(hours=outlet.utc_offset_hours))
    shown = (
        _shown(draft, outlet, anchor=anchor.astimezone(zone), moment=moment)
        for draft in drafts
        if draft.outlet == outlet.name and anchor - draft.age <= moment
    )
    return tuple(sorted(shown, key=lambda article: article.published_at, reverse=True))


def _shown(draft: Draft, outlet: Outlet, *, anchor: datetime, moment: datetime) -> Published:
    times = [anchor - timedelta(hours=version.age_hours) for version in draft.versions]
    latest = max(index for index, time in enumerate(times) if time <= moment)
    return Published(
        draft=draft,
        outlet=outlet,
        title=draft.versions[latest].title,
        blocks=draft.versions[latest].blocks,
        published_at=times[0],
        modified_at=times[latest],
        edited=latest > 0,
    )
