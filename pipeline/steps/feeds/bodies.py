"""Chooses which of an entry's texts is the article's body, not a photo's caption."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_TEXT = 1 << 20  # characters of one entry

# feedparser files media:description under `content` or `summary`, whichever is free, and
# media:title under `title`: in 5 of 29 news feeds content[0] was the photo's caption. Renamed
# before parsing they arrive under keys of their own.
_MEDIA = re.compile(r"(</?media:)(title|description|text)(?=[\s/>])", re.IGNORECASE)
CAPTION_KEY = "media_cw_description"


@dataclass(frozen=True, slots=True)
class Part:
    """One text of an entry; `kind` is a media type ("text/html", "text/plain", …)."""

    kind: str
    text: str


def set_captions_apart(text: str) -> str:
    """Rename Media RSS texts so that they cannot be taken for the entry's own."""
    return _MEDIA.sub(r"\1cw_\2", text) if "media:" in text or "MEDIA:" in text else text


def choose_body(parts: Iterable[Part], summary: str, *, is_rss: bool) -> str:
    """Return the longest part that can be the article, as HTML; else the summary.

    In RSS a `text/plain` part is a caption; in Atom it is text and gets escaped.
    """
    bodies = [
        html.escape(part.text, quote=False) if part.kind == "text/plain" else part.text
        for part in parts
        if not (is_rss and part.kind == "text/plain")
    ]
    return max(bodies, key=len, default="") or summary
