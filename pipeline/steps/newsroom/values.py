"""What the newsroom is made of: outlets, drafts, resources and the truth about them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pipeline.models.feeds import FeedSource

FeedForm = Literal["rss", "rdf", "atom", "json"]
Validators = Literal["both", "weak", "modified"]
Kind = Literal["news", "near_miss", "off_topic"]
BlockKind = Literal["paragraph", "heading", "quote", "point"]


@dataclass(frozen=True, slots=True)
class OutletFeed:
    """How an outlet announces its articles; see `seeds/newsroom/outlets.toml`."""

    path: str
    form: FeedForm
    full_text: bool = False
    caption: bool = False
    tracking: str = ""
    ttl_minutes: int = 0
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher of the newsroom; see `seeds/newsroom/outlets.toml`."""

    name: str
    title: str
    tagline: str
    host: str
    language: str
    owner: str
    template: str
    path: str
    utc_offset_hours: float
    sections: tuple[str, ...]
    feed: OutletFeed
    charset: str = "utf-8"
    validators: Validators = "both"
    cache_control: str = ""
    twin: Literal["", "amp", "mobile"] = ""
    links: tuple[str, ...] = ()

    @property
    def site_url(self) -> str:
        return f"http://{self.host}"

    @property
    def feed_url(self) -> str:
        return self.site_url + self.feed.path

    @property
    def mobile_host(self) -> str:
        return "m." + self.host.split(".", 1)[1] if self.twin == "mobile" else ""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, sub-heading, quotation or list point of an article."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """What an article says from `age_hours` before the anchor on."""

    age_hours: float
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """How an article came from another one of the newsroom (its id)."""

    kind: Literal["syndication", "rewrite", "update", "translation"]
    of: str


@dataclass(frozen=True, slots=True)
class SeedPassage:
    """One line of the seed page: its `article` ("" for the portal's own lines)."""

    article: str
    kind: Literal["title", "paragraph", "byline", "boilerplate"]
    topics: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as its file tells it: `id` is "outlet/slug", `versions` oldest first.

    `topics` is what it is about, `optional` what may be argued; `story` names the event
    it tells; `baseline` are the lines of seeds/article.txt it brings news about. `glued`
    are the ids whose teasers a portal sets under it; `passages` are all lines of a page
    that came to us in one piece, as the seed did.
    """

    id: str
    author: str
    section: str
    topics: frozenset[str]
    optional: frozenset[str]
    story: str
    kind: Kind
    versions: tuple[Version, ...]
    tags: tuple[str, ...] = ()
    caption: str = ""
    relation: Relation | None = None
    glued: tuple[str, ...] = ()
    baseline: tuple[int, ...] = ()
    passages: tuple[SeedPassage, ...] = ()

    @property
    def outlet(self) -> str:
        return self.id.split("/")[0]

    @property
    def slug(self) -> str:
        return self.id.split("/")[1]

    @property
    def age(self) -> timedelta:
        return timedelta(hours=self.versions[0].age_hours)


@dataclass(frozen=True, slots=True)
class Archive:
    """All that the newsroom is rendered from. `templates` maps a file name to its source."""

    outlets: tuple[Outlet, ...]
    drafts: tuple[Draft, ...]
    templates: dict[str, str]


@dataclass(frozen=True, slots=True)
class Truth:
    """What the pipeline should find in one article, written down beside it.

    `text` has one paragraph a line, as `Extracted.text`. `twins` are further addresses of
    the same page. `baseline` are the lines of the seed it brings news about. `parts` are
    the further articles of a glued page.
    """

    id: str
    url: str
    outlet: str
    owner: str
    title: str
    author: str
    language: str
    published_at: datetime
    text: str
    topics: frozenset[str]
    optional: frozenset[str]
    story: str
    kind: Kind
    relation: Relation | None = None
    baseline: tuple[int, ...] = ()
    edited_at: datetime | None = None
    twins: tuple[str, ...] = ()
    parts: tuple["Truth", ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """What lies at one address, and what a server says about it."""

    body: bytes
    content_type: str
    modified_at: datetime
    validators: Validators = "both"
    cache_control: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Site:
    """The newsroom at one moment: resources by address ("http://host/path?query")."""

    resources: dict[str, Resource]
    feeds: tuple[FeedSource, ...]
    truth: tuple[Truth, ...]
