"""Reads OPML as any reader exports it, and says by line what cannot be meant."""

import re
from dataclasses import replace
from typing import Any

from pipeline.errors import ConfigError
from pipeline.models.feeds import FeedSource
from pipeline.steps.opml.options import read_options
from pipeline.steps.opml.tree import Outline, Subscriptions, walk

_DEEPEST = 20
_EXAMPLE = (
    '<opml version="2.0"><body><outline type="rss" text="Name" xmlUrl="https://…"/></body></opml>'
)


def read(data: bytes, *, name: str) -> Subscriptions:
    """Return the subscriptions in an OPML file of any reader.

    Accepts nested folders, missing `type`, `title` or `text`, attributes in any case, and
    `feed:` addresses. Raises ConfigError that lists every mistake as `name:line: reason`.
    """
    root = _root(data, name)
    faults: list[str] = []
    body = next((child for child in root if _local(child) == "body"), None)
    if body is None:
        raise ConfigError(
            f"{name}:{root.sourceline}: no <body>", why="not an OPML list of feeds", fix=_EXAMPLE
        )
    outlines = tuple(_outline(child, (), name, faults) for child in body if _is_kept(child))
    notes = _duplicates(outlines, name, faults)
    if faults:
        raise ConfigError("\n".join(faults), fix=f"correct {name}; nothing was started")
    head = next((child for child in root if _local(child) == "head"), None)
    fields = [] if head is None else [child for child in head if isinstance(child.tag, str)]
    return Subscriptions(
        outlines=outlines,
        head=tuple((child.tag, (child.text or "").strip()) for child in fields),
        namespaces=tuple((prefix, uri) for prefix, uri in root.nsmap.items() if prefix),
        notes=notes,
    )


def _root(data: bytes, name: str) -> Any:
    from lxml import etree

    if not data.strip():
        raise ConfigError(f"{name}:1: the file is empty", fix=f"write at least {_EXAMPLE}")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        raise ConfigError(
            f"{name}:{error.lineno or 1}: not well-formed XML",
            why=str(error.msg or error),
            fix=_mend(error),
        ) from error
    if _local(root) != "opml":
        raise ConfigError(
            f"{name}:{root.sourceline}: <{_local(root)}> instead of <opml>",
            why="not an OPML list of feeds",
            fix="export the feeds of your reader as OPML",
        )
    return root


def _mend(error: Any) -> str:
    from lxml.etree import ErrorTypes

    # libxml2 stops at 256 levels, before our own count of folders sees them.
    if "depth" in str(error.msg):
        return f"nest folders at most {_DEEPEST} deep"
    if error.code == ErrorTypes.ERR_DOCUMENT_EMPTY:
        return "export the feeds of your reader as OPML"
    return "in addresses and names & is written &amp; and < is written &lt;"


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _is_kept(element: Any) -> bool:
    return _local(element) == "outline" or _is_comment(element)


def _is_comment(element: Any) -> bool:
    from lxml import etree

    return element.tag is etree.Comment


def _outline(element: Any, path: tuple[str, ...], name: str, faults: list[str]) -> Outline:
    if _is_comment(element):
        return Outline(comment=element.text or "", line=element.sourceline or 0)
    line = element.sourceline or 0
    outline = Outline(attributes=tuple(element.attrib.items()), line=line)
    where = f"{name}:{line}"
    feed = _feed(outline, "/".join(path), where, faults)
    inner = path if feed else (*path, outline.name or "untitled")
    if len(inner) > _DEEPEST:
        faults.append(f"{where}: folders nested deeper than {_DEEPEST}")
        return outline
    children = tuple(_outline(child, inner, name, faults) for child in element if _is_kept(child))
    return replace(outline, feed=feed, children=children)


def _feed(outline: Outline, category: str, where: str, faults: list[str]) -> FeedSource | None:
    values = {key.lower(): value.strip() for key, value in outline.attributes}
    address = values.get("xmlurl", "")
    options, wrong = read_options(outline.attributes)
    faults.extend(f"{where}: {reason}" for reason in wrong)
    if not address:
        if "xmlurl" in values:
            faults.append(f"{where}: xmlUrl is empty ({outline.name or 'no name'})")
        return None
    url = re.sub(r"^feed:(?://)?(?=https?:)", "", address, flags=re.IGNORECASE)
    url = re.sub(r"^feed://", "https://", url, flags=re.IGNORECASE)
    if not re.match(r"https?://[^\s/?#@]+[^\s]*$", url, re.IGNORECASE):
        faults.append(f"{where}: xmlUrl {address[:80]!r} is no http or https address")
        return None
    return FeedSource(
        url=url,
        title=outline.name,
        site_url=values.get("htmlurl", ""),
        category=category or values.get("category", "").split(",")[0].strip("/ "),
        options=options,
    )


def _duplicates(outlines: tuple[Outline, ...], name: str, faults: list[str]) -> tuple[str, ...]:
    """Note a feed filed in two folders, as readers export it; twice in one is a mistake."""
    first: dict[str, Outline] = {}
    notes: list[str] = []
    for outline in walk(outlines):
        if not outline.feed:
            continue
        before = first.setdefault(outline.feed.url, outline)
        if before is outline or not before.feed:
            continue
        told = f"{name}:{outline.line}: {outline.feed.url} stands already in line {before.line}"
        if before.feed.category == outline.feed.category:
            faults.append(told)
        elif before.feed.options != outline.feed.options:
            faults.append(f"{told} with other settings")
        else:
            notes.append(f"{told}, in {before.feed.category or 'no folder'}, which counts")
    return tuple(notes)
