"""Writes OPML 2.0 and edits it: what was read comes out as it was, plus the change."""

import difflib
import re
from dataclasses import replace
from xml.sax.saxutils import escape

from pipeline.errors import ConfigError
from pipeline.models.feeds import FeedSource
from pipeline.steps.opml.options import NAMESPACE, write_options
from pipeline.steps.opml.tree import Outline, Subscriptions

_ATTRIBUTE_ESCAPES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def write(subscriptions: Subscriptions) -> bytes:
    """Return the file as UTF-8: folders, unknown attributes and comments as they were read."""
    prefixes = _prefixes(subscriptions)
    declared = "".join(f' xmlns:{prefix}="{escape(uri)}"' for uri, prefix in prefixes.items())
    head = subscriptions.head or (("title", "chipwire feeds"),)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0"{declared}>',
        "  <head>",
        *(_field(tag, text, prefixes) for tag, text in head),
        "  </head>",
        "  <body>",
    ]
    for outline in subscriptions.outlines:
        lines.extend(_lines(outline, prefixes, depth=2))
    return "\n".join([*lines, "  </body>", "</opml>", ""]).encode("utf-8")


def add(subscriptions: Subscriptions, source: FeedSource) -> Subscriptions:
    """Return the subscriptions with the feed filed under its category, a path of folders.

    Raises ConfigError where the address is there already.
    """
    for feed in subscriptions.feeds:
        if feed.url == source.url:
            raise ConfigError(
                f"{source.url} is in the list already",
                why=f"in {feed.category or 'no folder'}",
                fix="edit its line, or remove it first",
            )
    path = [folder for folder in source.category.split("/") if folder]
    return replace(subscriptions, outlines=_filed(subscriptions.outlines, path, outline_of(source)))


def remove(subscriptions: Subscriptions, url: str) -> Subscriptions:
    """Return the list without the feed; its folder stays. Raises ConfigError if unknown."""
    known = [feed.url for feed in subscriptions.feeds]
    if url not in known:
        near = difflib.get_close_matches(url, known, n=1, cutoff=0.5)
        fix = f"did you mean {near[0]}?" if near else "chipwire feeds list"
        raise ConfigError(f"{url} is not in the list", fix=fix)
    return replace(subscriptions, outlines=_without(subscriptions.outlines, url))


def outline_of(source: FeedSource) -> Outline:
    """Return the line that says what `source` says."""
    attributes = [("type", "rss"), ("text", source.title or source.url), ("xmlUrl", source.url)]
    if source.site_url:
        attributes.append(("htmlUrl", source.site_url))
    return Outline((*attributes, *write_options(source.options)), feed=source)


def _filed(outlines: tuple[Outline, ...], path: list[str], leaf: Outline) -> tuple[Outline, ...]:
    if not path:
        return (*outlines, leaf)
    for at, outline in enumerate(outlines):
        if not outline.feed and outline.name == path[0]:
            folder = replace(outline, children=_filed(outline.children, path[1:], leaf))
            return (*outlines[:at], folder, *outlines[at + 1 :])
    return (*outlines, Outline((("text", path[0]),), children=_filed((), path[1:], leaf)))


def _without(outlines: tuple[Outline, ...], url: str) -> tuple[Outline, ...]:
    return tuple(
        replace(outline, children=_without(outline.children, url))
        for outline in outlines
        if not (outline.feed and outline.feed.url == url)
    )


def _prefixes(subscriptions: Subscriptions) -> dict[str, str]:
    prefixes = {uri: prefix for prefix, uri in subscriptions.namespaces}
    prefixes.setdefault(NAMESPACE, "cw")
    return prefixes


def _field(tag: str, text: str, prefixes: dict[str, str]) -> str:
    name = _qualified(tag, prefixes)
    return f"    <{name}>{escape(text)}</{name}>"


def _lines(outline: Outline, prefixes: dict[str, str], *, depth: int) -> list[str]:
    indent = "  " * depth
    if outline.comment is not None:
        return [f"{indent}<!--{outline.comment}-->"]
    attributes = "".join(
        f' {_qualified(key, prefixes)}="{escape(value, _ATTRIBUTE_ESCAPES)}"'
        for key, value in outline.attributes
    )
    if not outline.children:
        return [f"{indent}<outline{attributes}/>"]
    inner = [
        line for child in outline.children for line in _lines(child, prefixes, depth=depth + 1)
    ]
    return [f"{indent}<outline{attributes}>", *inner, f"{indent}</outline>"]


def _qualified(name: str, prefixes: dict[str, str]) -> str:
    """Return the name with its prefix; one declared below the root keeps its local name only."""
    found = re.fullmatch(r"\{([^}]*)\}(.*)", name)
    if not found:
        return name
    prefix = prefixes.get(found[1])
    return f"{prefix}:{found[2]}" if prefix else found[2]
