"""Atom feeds: one of a digest's issues, and one per topic with its stories (RFC 4287)."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from pipeline.models.digests import Digest, DigestStory
from pipeline.steps.digest import words

ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MAX_ENTRIES = 200


def render_issues(name: str, issues: Sequence[tuple[Digest, str]], *, url: str = "") -> bytes:
    """Return the feed of a digest: an entry per issue with its HTML, the newest first.

    `url` is where the folder of the feed is served; without it the feed has no link to
    itself, for which it would need an address (RFC 4287 4.1.1 says SHOULD).
    """
    feed = feed_element(f"chipwire: {name}", issues[0][0].created_at, identity=f"digest:{name}")
    add_links(feed, url, own="feed.xml", page="latest.html")
    for digest, html in issues:
        identity = f"digest:{name}:{digest.period}:{digest.created_at.isoformat()}"
        entry = entry_element(feed, digest.subject, digest.created_at, identity=identity)
        add_links(entry, url, page=f"{file_stem(digest)}.html")
        # An entry needs content or an alternate link (RFC 4287 4.1.2).
        ET.SubElement(entry, tag("content"), {"type": "html"}).text = html
    return serialised(feed)


def file_stem(digest: Digest) -> str:
    """Return what the files of one digest are called."""
    return digest.period.replace(":", "")  # no colon in a file's name on Windows


def topic_stem(topic: str) -> str:
    """Return what the feed of a topic is called."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", topic)


def render_topic(name: str, topic: str, digests: Sequence[Digest], *, url: str = "") -> bytes:
    """Return the feed of one topic: an entry per story and digest that told it, newest first.

    An update is an entry of its own: readers do not show an old entry again.
    """
    titles = dict(digests[0].titles)
    newest = digests[0].created_at
    title = f"chipwire: {titles.get(topic, topic)}"
    feed = feed_element(title, newest, identity=f"topic:{name}:{topic}")
    add_links(feed, url, own=f"topics/{topic_stem(topic)}.xml", page="latest.html")
    told = [
        (story, digest, place)
        for digest in digests
        for place, story in enumerate(stories(digest))
        if topic in story.topics
    ]
    for story, digest, place in told[:MAX_ENTRIES]:
        add_story(feed, story, digest, place=place)
    return serialised(feed)


def topics(digests: Iterable[Digest]) -> list[str]:
    """Return every topic the digests have stories of."""
    return sorted(
        {name for digest in digests for story in stories(digest) for name in story.topics}
    )


def stories(digest: Digest) -> list[DigestStory]:
    return [story for section in digest.sections for story in section.stories]


def add_story(feed: ET.Element, story: DigestStory, digest: Digest, *, place: int) -> None:
    """Add a story; a millisecond apart each, for readers sort by that time and feed validators
    warn of two entries with the same."""
    moment = digest.created_at - timedelta(milliseconds=place)
    identity = f"story:{digest.name}:{digest.period}:{story.key}:{story.url or story.title}"
    mark = "Updated: " if story.kind == "updated" else ""
    entry = entry_element(feed, mark + story.title, moment, identity=identity)
    if story.language:
        entry.set(LANG, story.language)
    if story.url:
        ET.SubElement(entry, tag("link"), {"rel": "alternate", "href": story.url})
    ET.SubElement(entry, tag("published")).text = stamp(story.when)
    for topic in story.topics:
        ET.SubElement(entry, tag("category"), {"term": topic})
    lines = [story.news or story.lead, words.latest(story, digest), words.baseline(story)]
    lines.append(", ".join(voice.outlet for voice in story.voices))
    content = ET.SubElement(entry, tag("content"), {"type": "text"})
    content.text = "\n".join(filter(None, lines)) or story.title


def feed_element(title: str, updated: datetime, *, identity: str) -> ET.Element:
    feed = ET.Element(tag("feed"), {LANG: "en"})
    ET.SubElement(feed, tag("id")).text = urn(identity)
    ET.SubElement(feed, tag("title")).text = title
    ET.SubElement(feed, tag("updated")).text = stamp(updated)
    author = ET.SubElement(feed, tag("author"))
    ET.SubElement(author, tag("name")).text = "chipwire"
    ET.SubElement(feed, tag("generator")).text = "chipwire"
    return feed


def add_links(element: ET.Element, url: str, *, page: str, own: str = "") -> None:
    """Link to the page, and a feed to itself; no relative addresses, which readers that take
    a feed out of its place resolve against their own."""
    if url and own:
        link = {"rel": "self", "type": "application/atom+xml", "href": f"{url}/{own}"}
        ET.SubElement(element, tag("link"), link)
    if url:
        link = {"rel": "alternate", "type": "text/html", "href": f"{url}/{page}"}
        ET.SubElement(element, tag("link"), link)


def entry_element(feed: ET.Element, title: str, updated: datetime, *, identity: str) -> ET.Element:
    entry = ET.SubElement(feed, tag("entry"))
    ET.SubElement(entry, tag("id")).text = urn(identity)
    ET.SubElement(entry, tag("title"), {"type": "text"}).text = title
    ET.SubElement(entry, tag("updated")).text = stamp(updated)
    return entry


def urn(identity: str) -> str:
    """Return a permanent id that is the same on every run (RFC 4287 4.2.6)."""
    return uuid5(NAMESPACE_URL, f"chipwire:{identity}").urn


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def serialised(feed: ET.Element) -> bytes:
    ET.register_namespace("", ATOM)
    ET.indent(feed)
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
