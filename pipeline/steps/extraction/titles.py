"""An article's title: what most of the page's claims agree on, without its site's name."""

import html
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from pipeline.steps.extraction.normalising import normalise_line
from pipeline.steps.extraction.structured import Claims

# Each place a page names its title in has a vote. On 132 real pages the best single place is
# right on 114, this vote on 118: OpenGraph is at times written for clicks, <title> carries
# the site, <h1> a kicker.
_HEADLINE, _OPENGRAPH, _H1, _TITLE, _CARD, _FEED = 1.1, 1.0, 1.0, 0.5, 0.1, 0.5
_LONGEST = 400
_BOX = 12  # characters: "Log In", "Nachrichten"
_SEPARATORS = re.compile(r"\s+[|\-–—·•»«:/_~›]+\s+|\s*(?:[|｜＿丨]|--+|_)\s*")
_MARKUP = re.compile(r"<[^<>]{1,200}>")
_WORDS = re.compile(r"\w+")


def choose(claims: Claims, tree: HtmlElement, *, site: str, announced: str) -> str:
    """Return the title, the feed's (`announced`) where the page has none, or ""."""
    titles = [(clean(text, site=site), weight) for text, weight in _claimed(claims, tree)]
    titles = [(title, weight) for title, weight in titles if title]
    if not titles:
        return clean(announced, site=site)
    titles.append((clean(announced, site=site), _FEED))
    votes: dict[str, float] = {}
    spelled: dict[str, str] = {}
    for title, weight in titles:
        meant = _without_common_tail(title, [other for other, _ in titles])
        key = _key(meant)
        votes[key] = votes.get(key, 0.0) + weight
        spelled.setdefault(key, meant)
    return spelled[max(votes, key=lambda key: votes[key] if key else 0.0)]


def _claimed(claims: Claims, tree: HtmlElement) -> Iterator[tuple[str, float]]:
    headlines = (value for value in claims.stated("headline") if isinstance(value, str))
    yield next(headlines, ""), _HEADLINE
    yield claims.said("og:title"), _OPENGRAPH
    yield _heading(tree), _H1
    yield claims.title, _TITLE
    yield claims.said("twitter:title", "title", "dc.title", "parsely-title"), _CARD


def _heading(tree: HtmlElement) -> str:
    """Return the page's <h1>; of several the first that is no menu or log-in box."""
    texts = ["".join(h1.itertext()).strip() for h1 in tree.iter("h1")]
    marked = tree.xpath(".//*[@itemprop='headline'][position() < 3]")
    texts = ["".join(e.itertext()) or e.get("content") or "" for e in marked] or texts
    return next((text for text in texts if len(text) >= _BOX), next(iter(texts), ""))


def clean(title: str, *, site: str) -> str:
    """Return the title on one line, without entities, markup and a tail that names the site."""
    title = normalise_line(_MARKUP.sub("", html.unescape(html.unescape(title))))[:_LONGEST]
    head, tail = _split_tail(title)
    while head and site and _same_name(tail, site):
        title = head
        head, tail = _split_tail(title)
    return title


def _split_tail(title: str) -> tuple[str, str]:
    *_, last = (None, *_SEPARATORS.finditer(title))
    return (title[: last.start()].strip(), title[last.end() :]) if last else ("", "")


def _same_name(tail: str, site: str) -> bool:
    tail, site = (re.sub(r"\.(?:com|org|net)$", "", name.lower()) for name in (tail, site))
    tail, site = _key(tail), _key(site)
    return bool(tail) and (tail in site or site in tail)


def _without_common_tail(title: str, others: list[str]) -> str:
    """Return the title that another claim names alone, where this one goes on after it.

    "Chips on the table – Die Neue Zeitung" and "Chips on the table" are one title.
    """
    for other in sorted(others, key=len):
        goes_on = len(other) < len(title) and title.startswith(other)
        if goes_on and len(_key(other)) >= 8 and _SEPARATORS.match(title[len(other) :]):
            return other
    return title


def _key(title: str) -> str:
    return "".join(_WORDS.findall(title.casefold()))
