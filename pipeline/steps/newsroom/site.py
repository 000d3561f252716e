"""Puts every page, feed, picture and robots.txt of the newsroom at its address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from jinja2 import Environment

from pipeline.models.feeds import FeedSource
from pipeline.steps.newsroom.feeds import CONTENT_TYPES, Announcement, announce, render_feed
from pipeline.steps.newsroom.pages import environment, render_article, render_front
from pipeline.steps.newsroom.published import Published, published
from pipeline.steps.newsroom.truth import truth_of
from pipeline.steps.newsroom.values import Archive, Outlet, Resource, Site


@dataclass(frozen=True, slots=True)
class _Room:
    """Everything that is out at one moment."""

    archive: Archive
    templates: Environment
    anchor: datetime
    now: datetime
    articles: dict[str, tuple[Published, ...]]

    @property
    def founded_at(self) -> datetime:
        """When pages without an article were last changed: before all of them."""
        return self.anchor - timedelta(days=30)

    def find(self, article_id: str) -> Published | None:
        own = self.articles[article_id.split("/", maxsplit=1)[0]]
        return next((article for article in own if article.draft.id == article_id), None)

    def glued(self, article: Published) -> tuple[Published, ...]:
        found = (self.find(reference) for reference in article.draft.glued)
        return tuple(card for card in found if card)


def render_site(archive: Archive, *, anchor: datetime, moment: datetime) -> Site:
    """Return the whole newsroom as it stands at `moment`.

    Articles are dated from `anchor`; those (and edits) later than `moment` are not out yet.
    The same arguments give the same bytes.
    """
    anchor = anchor.astimezone(UTC).replace(microsecond=0)
    moment = moment.astimezone(UTC).replace(microsecond=0)
    room = _Room(
        archive,
        environment(archive.templates),
        anchor,
        moment,
        {
            outlet.name: published(archive.drafts, outlet, anchor=anchor, moment=moment)
            for outlet in archive.outlets
        },
    )
    resources: dict[str, Resource] = {}
    for outlet in archive.outlets:
        resources.update(_outlet(room, outlet))
    shown = (article for articles in room.articles.values() for article in articles)
    truth = tuple(truth_of(article, glued=room.glued(article)) for article in shown)
    return Site(resources, tuple(_feed_sources(archive)), truth)


def _feed_sources(archive: Archive) -> Iterator[FeedSource]:
    for outlet in archive.outlets:
        yield FeedSource(
            url=outlet.feed_url,
            title=outlet.title,
            site_url=outlet.site_url + "/",
            category="aggregator" if outlet.links else "sample",
        )


def _outlet(room: _Room, outlet: Outlet) -> Iterator[tuple[str, Resource]]:
    articles = room.articles[outlet.name]
    for article in articles:
        yield from _article(room, article)
    yield from _fronts(room, outlet)
    announcements = tuple(_announcements(room, outlet))
    updated_at = max(
        (entry.article.modified_at for entry in announcements), default=room.founded_at
    )
    body = render_feed(room.templates, outlet, announcements, updated_at=updated_at)
    yield (
        outlet.feed_url,
        Resource(
            body,
            CONTENT_TYPES[outlet.feed.form],
            updated_at,
            validators=outlet.validators,
            cache_control=outlet.cache_control,
        ),
    )


def _article(room: _Room, article: Published) -> Iterator[tuple[str, Resource]]:
    neighbours = room.articles[article.outlet.name]
    resource = Resource(
        render_article(
            room.templates, article, neighbours=neighbours, glued=room.glued(article), now=room.now
        ),
        _html(article.outlet),
        article.modified_at,
    )
    yield article.url, resource
    if article.twin_url:
        body = render_article(
            room.templates, article, neighbours=neighbours, now=room.now, twin=True
        )
        yield article.twin_url, replace(resource, body=body)
    picture = room.templates.get_template("picture.svg").render(number=article.number)
    yield article.image_url, Resource(picture.encode(), "image/svg+xml", article.published_at)


def _html(outlet: Outlet) -> str:
    # Publishers that keep an older charset often name it in the page alone.
    return "text/html; charset=utf-8" if outlet.charset == "utf-8" else "text/html"


def _fronts(room: _Room, outlet: Outlet) -> Iterator[tuple[str, Resource]]:
    articles = room.articles[outlet.name]
    modified_at = max((article.modified_at for article in articles), default=room.founded_at)
    by_section = sorted(articles, key=lambda article: article.section_slug)
    pages = {"/": (outlet.title, articles)} | {
        f"/{slug}/": (slug, tuple(group))
        for slug, group in groupby(by_section, key=lambda article: article.section_slug)
    }
    for path, (heading, shown) in pages.items():
        body = render_front(room.templates, outlet, shown, heading=heading, now=room.now)
        yield outlet.site_url + path, Resource(body, _html(outlet), modified_at)
    for host in filter(None, (outlet.host, outlet.mobile_host)):
        robots = room.templates.get_template("robots.txt").render(outlet=outlet)
        yield f"http://{host}/robots.txt", Resource(robots.encode(), "text/plain", modified_at)
    sitemap = room.templates.get_template("feeds/sitemap.xml").render(
        outlet=outlet, articles=articles
    )
    yield (
        outlet.site_url + "/news-sitemap.xml",
        Resource(sitemap.encode(), "application/xml; charset=utf-8", modified_at),
    )


def _announcements(room: _Room, outlet: Outlet) -> Iterable[Announcement]:
    own = [announce(article) for article in room.articles[outlet.name]]
    found = [
        replace(entry, source=_source(room, entry.article)) if outlet.links else entry
        for entry in own
    ]
    found += [entry for link in outlet.links if (entry := _pointer(room, link))]
    return sorted(found, key=lambda entry: entry.article.published_at, reverse=True)


def _source(room: _Room, article: Published) -> Outlet | None:
    if not article.draft.relation:
        return None
    name = article.draft.relation.of.split("/")[0]
    return next(outlet for outlet in room.archive.outlets if outlet.name == name)


def _pointer(room: _Room, link: str) -> Announcement | None:
    """Return an aggregator's entry that leads to another publisher's page."""
    article_id, _, form = link.partition("#")
    article = room.find(article_id)
    if article is None:
        return None
    url = article.twin_url if form else article.url
    joint = "&" if "?" in url else "?"
    return Announcement(
        guid=f"dailycircuit-to-{article.number}",
        url=f"{url}{joint}utm_source=dailycircuit&utm_medium=referral",
        title=f"{article.title} - {article.outlet.title}",
        article=article,
        source=article.outlet,
    )
