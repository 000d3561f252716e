"""An article's title, without the name of its site."""

import html
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from pipeline.steps.extraction.normalising import normalise_line
from pipeline.steps.extraction.structured import Claims

_LONGEST = 400
_SEPARATORS = re.compile(r"\s+[|\-–—·•»«:/_~›]+\s+|\s*[|｜＿丨]\s*")
_MARKUP = re.compile(r"<[^<>]{1,200}>")


def choose(claims: Claims, tree: HtmlElement, *, site: str, announced: str) -> str:
    """Return the title, the feed's (`announced`) where the page has none, or ""."""
    for candidate in _candidates(claims, tree):
        title = clean(candidate, site=site)
        if title:
            return title
    return clean(announced, site=site)


def _candidates(claims: Claims, tree: HtmlElement) -> Iterator[str]:
    yield from (value for value in claims.stated("headline") if isinstance(value, str))
    yield claims.said("og:title")
    yield claims.said("twitter:title", "title", "dc.title", "parsely-title", "sailthru.title")
    yield from ("".join(h1.itertext()) for h1 in tree.iter("h1"))
    yield claims.title


def clean(title: str, *, site: str) -> str:
    """Return the title on one line, without entities, markup and a tail that names the site."""
    title = normalise_line(_MARKUP.sub("", html.unescape(html.unescape(title))))[:_LONGEST]
    head, tail = _split_tail(title)
    if head and site and _same_name(tail, site):
        return head
    return title


def _split_tail(title: str) -> tuple[str, str]:
    *_, last = (None, *_SEPARATORS.finditer(title))
    return (title[: last.start()].strip(), title[last.end() :]) if last else ("", "")


def _same_name(tail: str, site: str) -> bool:
    tail, site = (re.sub(r"\W+|\.(com|org|net)$", "", name.lower()) for name in (tail, site))
    return bool(tail) and (tail in site or site in tail)
