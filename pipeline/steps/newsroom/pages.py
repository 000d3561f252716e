"""Renders pages: articles, their AMP and mobile twins, the glued seed page, fronts."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from itertools import groupby

from jinja2 import DictLoader, Environment, StrictUndefined

from pipeline.steps.newsroom.feeds import ago
from pipeline.steps.newsroom.published import Published, section_slug
from pipeline.steps.newsroom.values import Outlet, SeedPassage

# What portals of each language write: date formats for strftime, as seen on their pages.
DATES = {
    "en": "%B %d, %Y at %H:%M",
    "zh-Hans": "%Y年%m月%d日 %H:%M",
    "zh-Hant": "%Y/%m/%d %H:%M",
    "ko": "%Y.%m.%d %H:%M",
    "ja": "%Y年%m月%d日 %H時%M分",
}


def environment(templates: Mapping[str, str]) -> Environment:
    """Return a template environment that knows the given sources and escapes everything."""
    found = Environment(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["linked"] = linked
    found.filters["local"] = local_date
    found.globals["section_slug"] = section_slug
    return found


def local_date(moment: datetime, language: str) -> str:
    """Return the date as a page in that language shows it."""
    # strftime is handed ASCII only: other characters need a fitting locale on some systems.
    pattern = DATES[language]
    fields = {token: moment.strftime(token) for token in ("%B", "%Y", "%m", "%d", "%H", "%M")}
    for token, value in fields.items():
        pattern = pattern.replace(token, value)
    return pattern


def linked(text: str, tags: Iterable[str], seen: set[str]) -> str:
    """Return the text as HTML, the first mention of each tag a link to its tag page.

    `seen` holds the tags that earlier paragraphs linked, and grows.
    """
    html = escape(text)
    names = sorted((escape(tag) for tag in tags), key=len, reverse=True)
    if not names:
        return html

    def link(match: re.Match[str]) -> str:
        name = match[0]
        if name in seen:
            return name
        seen.add(name)
        return f'<a href="/tag/{name.lower().replace(" ", "-")}">{name}</a>'

    return re.sub("|".join(map(re.escape, names)), link, html)


def render_article(
    templates: Environment,
    article: Published,
    *,
    neighbours: tuple[Published, ...],
    glued: tuple[Published, ...] = (),
    now: datetime,
    twin: bool = False,
) -> bytes:
    """Return the article's page; `twin` asks for its AMP or mobile form."""
    page = templates.get_template(_template(article, twin=twin))
    return page.render(
        article=article,
        outlet=article.outlet,
        related=[other for other in neighbours if other is not article][:4],
        glued=[(card, ago(card.published_at, now)) for card in glued],
        json_ld=json_ld(article),
        runs=_runs(article),
        seen=set(),
        year=now.year,
    ).encode(article.outlet.charset)


def _template(article: Published, *, twin: bool) -> str:
    if article.draft.passages:
        return "seed.html"
    return f"{article.outlet.twin}.html" if twin else article.outlet.template


def json_ld(article: Published) -> str:
    """Return the NewsArticle that publishers embed for search engines."""
    described = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": article.published_at.isoformat(),
        "dateModified": article.modified_at.isoformat(),
        "author": [{"@type": "Person", "name": article.draft.author}],
        "publisher": {"@type": "Organization", "name": article.outlet.title},
        "image": [article.image_url],
        "mainEntityOfPage": article.url,
        "articleSection": article.draft.section,
        "keywords": list(article.draft.tags),
    }
    # "<" would end the script element that the text stands in.
    return json.dumps(described, ensure_ascii=False, indent=1).replace("<", "\u003c")


def render_front(
    templates: Environment,
    outlet: Outlet,
    articles: tuple[Published, ...],
    *,
    heading: str,
    now: datetime,
) -> bytes:
    """Return a front or section page: headlines, first paragraphs, the feed's address."""
    return (
        templates.get_template("front.html")
        .render(outlet=outlet, articles=articles, heading=heading, year=now.year)
        .encode(outlet.charset)
    )


def _runs(article: Published) -> list[tuple[str, list[SeedPassage]]]:
    """Return a glued page's lines in runs of one kind: "text", "byline" or "boilerplate"."""
    lines = groupby(article.draft.passages, key=lambda line: "text" if line.article else line.kind)
    return [(kind, list(run)) for kind, run in lines]
