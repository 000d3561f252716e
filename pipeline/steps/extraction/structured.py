"""What a page says about itself for machines: JSON-LD, OpenGraph, meta, microdata, links.

Collects claims in the order of trust within each kind; believing them is `metadata`'s part.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

# https://schema.org/Article and below, as news sites use them.
_ARTICLE_TYPES = frozenset({
    "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "blogposting",
    "opinionnewsarticle", "backgroundnewsarticle", "reviewnewsarticle", "liveblogposting",
    "askpublicnewsarticle", "advertisercontentarticle", "satiricalarticle", "scholarlyarticle",
    "techarticle", "report", "socialmediaposting", "medicalscholarlyarticle",
})  # fmt: skip
_MAX_SCRIPT = 400_000  # characters; the longest met on 132 real pages was 118,000
_MAX_NODES = 2_000
_MAX_VALUES = 20  # of one name: authors have a tag each
_MAX_TITLE = 2_000  # characters; a title of 4 MB cost 7 s
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_SALVAGED = re.compile(
    r'"(headline|datePublished|dateModified|articleBody|description)"\s*:\s*"((?:[^"\\]|\\.){1,20000})"'
)
_SALVAGED_AUTHOR = re.compile(
    r'"author"\s*:\s*[\[{][^\]}]{0,300}?"name"\s*:\s*"((?:[^"\\]|\\.){1,200})"'
)


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything a page claims. `nodes` are the JSON-LD objects of article types, first the
    ones that say most; `meta` maps lower-case names and properties to their values in order,
    `properties` microdata's to its elements; `people` names JSON-LD's nodes by their @id.
    """

    nodes: tuple[dict[str, Any], ...] = ()
    publishers: tuple[str, ...] = ()
    meta: dict[str, tuple[str, ...]] = field(default_factory=dict)
    properties: dict[str, tuple[HtmlElement, ...]] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    canonical: str = ""
    language: str = ""
    title: str = ""

    def said(self, *names: str) -> str:
        """Return the first non-empty meta value among `names`."""
        return next((v for name in names for v in self.meta.get(name, ()) if v), "")

    def stated(self, key: str) -> Iterator[Any]:
        """Yield the non-empty values of a JSON-LD property, best node first."""
        return (node[key] for node in self.nodes if node.get(key))


def collect(tree: HtmlElement) -> Claims:
    """Return the claims of a parsed page; broken data is left out, never raised."""
    found = list(_all_nodes(tree))
    nodes = sorted((n for n in found if _is_article(n)), key=_weight)
    publishers = [_name(n) for n in found if _types(n) & {"newsmediaorganization", "website"}]
    title = (next((e.text for e in tree.iter("title")), "") or "")[:_MAX_TITLE]
    return Claims(
        nodes=tuple(nodes),
        publishers=tuple(filter(None, publishers)),
        meta=_meta(tree),
        properties=_properties(tree),
        people={n["@id"]: _name(n) for n in found if isinstance(n.get("@id"), str) and _name(n)},
        canonical=_canonical(tree),
        language=tree.get("lang") or tree.get("xml:lang") or "",
        title=title.strip(),
    )


def _all_nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    budget = _MAX_NODES
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for node in _walk(_parsed(script.text or "")):
            budget -= 1
            if budget < 0:
                return
            yield node


def _parsed(text: str) -> Any:
    if len(text) > _MAX_SCRIPT:
        return None
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", _WRAPPING.sub("", text))):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvaged(text)


def _salvaged(text: str) -> dict[str, Any]:
    """Return what can be read of JSON that is broken elsewhere."""
    node: dict[str, Any] = {}
    for key, value in _SALVAGED.findall(text):
        node.setdefault(key, _unescaped(value))
    if author := _SALVAGED_AUTHOR.search(text):
        node["author"] = {"name": _unescaped(author.group(1))}
    return {"@type": "NewsArticle", **node} if "headline" in node else {}


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value


def _walk(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for part in value[:500]:
            yield from _walk(part, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart"):
            if isinstance(value.get(key), list | dict) and not (
                key == "itemListElement" and "@graph" not in value and _types(value) != {"itemlist"}
            ):
                yield from _walk(value[key], depth + 1)


def _types(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rsplit("/", 1)[-1].lower() for kind in kinds if isinstance(kind, str)}


def _is_article(node: dict[str, Any]) -> bool:
    return bool(_types(node) & _ARTICLE_TYPES)


def _weight(node: dict[str, Any]) -> int:
    """Sort a full article before the stubs that lists of further articles are made of."""
    return -sum(bool(node.get(key)) for key in ("headline", "datePublished", "author", "publisher"))


def _name(node: dict[str, Any]) -> str:
    name = node.get("name")
    return html.unescape(name).strip() if isinstance(name, str) else ""


def _meta(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content and len(content) < 5_000:
            values = found.setdefault(name.strip().lower(), [])
            if len(values) < _MAX_VALUES:
                values.append(html.unescape(content))
    return {name: tuple(values) for name, values in found.items()}


def _properties(tree: HtmlElement) -> dict[str, tuple[HtmlElement, ...]]:
    found: dict[str, list[HtmlElement]] = {}
    for element in tree.xpath(".//*[@itemprop]"):
        for name in element.get("itemprop").lower().split():
            found.setdefault(name, []).append(element)
    return {name: tuple(elements) for name, elements in found.items()}


def _canonical(tree: HtmlElement) -> str:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return (link.get("href") or "").strip()
    return ""
