"""Finds the feeds a site offers: the ones its page names, then the usual places."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.steps.feeds.links import clean_link
from pipeline.steps.feeds.titles import clean_title

_READ_AT_MOST = 524_288  # bytes; the head of a page is in front
_MAX_LINKS = 50
_TAG = re.compile(r"<(link|base|a)\b([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([A-Za-z-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_FEED_TYPES = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/rdf+xml": "rdf",
    "application/feed+json": "json",
    "application/json": "json",
    "application/x-rss+xml": "rss",
    "text/xml": "xml",
    "application/xml": "xml",
}
# Where content systems put their feeds: WordPress, Ghost, Jekyll, Hugo, Drupal, Substack.
_USUAL_PATHS = (
    "/feed/",
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed a page points to; `kind` is rss, atom, rdf, json or xml."""

    url: str
    title: str = ""
    kind: str = "rss"


def find_feeds(page: bytes, url: str) -> tuple[FeedLink, ...]:
    """Return the feeds a page declares by `<link rel=alternate>`, in its order, each once.

    Comment feeds come last: a newsroom's first answer should be its news.
    """
    text = page[:_READ_AT_MOST].decode("utf-8", "replace")
    base = url
    found: dict[str, FeedLink] = {}
    for tag, attributes in _TAG.findall(text):
        values = _attributes(attributes)
        if tag.lower() == "base":
            base = clean_link(values.get("href", ""), url) or base
        elif tag.lower() == "link" and len(found) < _MAX_LINKS:
            link = _feed_link(values, base)
            if link:
                found.setdefault(link.url, link)
    return tuple(sorted(found.values(), key=_is_comments))


def usual_places(url: str) -> tuple[str, ...]:
    """Return where a feed usually lies on the site of `url`, most common first."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ()
    section = parts.path.rstrip("/")
    origin = f"{parts.scheme}://{parts.netloc}"
    folders = [section, ""] if section and "." not in section.rsplit("/", 1)[-1] else [""]
    return tuple(
        dict.fromkeys(f"{origin}{folder}{path}" for folder in folders for path in _USUAL_PATHS)
    )


def _attributes(text: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(double or single or bare)
        for name, double, single, bare in _ATTRIBUTE.findall(text)
    }


def _feed_link(values: dict[str, str], base: str) -> FeedLink | None:
    rel = values.get("rel", "").lower().split()
    kind = _FEED_TYPES.get(values.get("type", "").lower().split(";")[0].strip())
    if kind is None or not {"alternate", "feed"} & set(rel) or "hreflang" in values:
        return None
    address = clean_link(values.get("href", ""), base)
    # WordPress and oEmbed announce JSON of other kinds under the same relation.
    if not address or (kind == "json" and ("/wp-json/" in address or "oembed" in address)):
        return None
    return FeedLink(address, clean_title(values.get("title", ""), 200), kind)


def _is_comments(link: FeedLink) -> bool:
    return "/comments/" in link.url or "comments" in link.title.lower()
