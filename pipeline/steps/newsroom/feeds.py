"""Renders an outlet's feed in its form: RSS 2.0, RSS 1.0, Atom or JSON Feed."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from jinja2 import Environment

from pipeline.steps.newsroom.published import Published
from pipeline.steps.newsroom.values import Outlet

CONTENT_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """One entry of a feed; `source` is the publisher an aggregator took it from."""

    guid: str
    url: str
    title: str
    article: Published
    source: Outlet | None = None


def announce(article: Published) -> Announcement:
    """Return how an outlet's own feed names its article."""
    tracking = article.outlet.feed.tracking
    joint = "&" if "?" in article.url else "?"
    return Announcement(
        guid=f"{article.outlet.name}-{article.number}",
        url=article.url + (joint + tracking if tracking else ""),
        title=article.title,
        article=article,
    )


def render_feed(
    environment: Environment,
    outlet: Outlet,
    announcements: tuple[Announcement, ...],
    *,
    updated_at: datetime,
) -> bytes:
    """Return the feed's bytes, entries in the given order."""
    if outlet.feed.form == "json":
        return _json(outlet, announcements)
    template = environment.get_template(f"feeds/{outlet.feed.form}.xml")
    text = template.render(
        outlet=outlet,
        entries=announcements,
        updated_at=updated_at,
        rfc822=lambda moment: rfc822(moment, outlet.feed.zone),
        html=html_body,
    )
    return text.encode()


def rfc822(moment: datetime, zone: str) -> str:
    """Return the moment as RSS dates it, with the zone's name instead of its offset if given."""
    written = format_datetime(moment)
    return f"{written.rsplit(' ', 1)[0]} {zone}" if zone else written


def html_body(article: Published) -> str:
    """Return the article's text as the HTML a feed carries (unescaped)."""
    from html import escape

    tags = {"paragraph": "p", "heading": "h3", "quote": "blockquote", "point": "li"}
    return "\n".join(
        f"<{tags[block.kind]}>{escape(block.text, quote=False)}</{tags[block.kind]}>"
        for block in article.blocks
    )


def _json(outlet: Outlet, announcements: tuple[Announcement, ...]) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "home_page_url": outlet.site_url + "/",
        "feed_url": outlet.feed_url,
        "description": outlet.tagline,
        "language": outlet.language,
        "items": [
            {
                "id": entry.guid,
                "url": entry.url,
                "title": entry.title,
                "summary": entry.article.lead,
                "content_text": entry.article.lead,
                "image": entry.article.image_url,
                "date_published": entry.article.published_at.isoformat(),
                "date_modified": entry.article.modified_at.isoformat(),
                "authors": [{"name": entry.article.draft.author}],
                "tags": list(entry.article.draft.tags),
            }
            for entry in announcements
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def ago(since: datetime, now: datetime) -> str:
    """Return how portals date their cards: "23 minutes ago", "5 hours ago", "2 days ago"."""
    passed = now - since
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1))):
        if passed >= length:
            count = passed // length
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return f"{max(1, passed // timedelta(minutes=1))} minutes ago"
