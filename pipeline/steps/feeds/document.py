"""Makes a feed's text fit for a parser: root found, entities disarmed, length bounded, cut mended.

Everything here is linear in the length of the text; no regular expression with a lazy
wildcard runs over the whole of it.
"""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_ENTRIES = 2_000
_HEAD = 65_536  # where the root must appear; garbage in front of it is dropped

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:0*(\d{1,8})|[xX]0*([0-9a-fA-F]{1,7}));")
_SURROGATE_PAIR = re.compile(
    r"&#(?:[xX](?P<h>[dD][89abAB][0-9a-fA-F]{2})|(?P<dh>5[56][0-9]{3}));"
    r"&#(?:[xX](?P<l>[dD][c-fC-F][0-9a-fA-F]{2})|(?P<dl>5[67][0-9]{3}));"
)
_SUBSET_END = re.compile(r"\]\s{0,8}>")
_ELEMENT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_FEED_ROOT = re.compile(
    r"<([A-Za-z_][\w.-]*:)?(rss|rdf|feed|urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE
)
_ENTITY = re.compile(
    r"<!ENTITY\s+(\w{1,32})\s+(?:\"([^\"<%&]{0,16}|&#\w{1,7};)\"|'([^'<%&]{0,16}|&#\w{1,7};)')\s*>"
)
_ENTRY_OF = {"rss": "item", "rdf": "item", "feed": "entry", "urlset": "url"}

DROPPED = "entity declarations dropped"  # the note of a document type that could have hurt


@dataclass(frozen=True, slots=True)
class Document:
    """A text that starts at its root element.

    `root` is the lower-case local name of that element; `entities` are the harmless ones it
    declares. `truncated` is True where the end was missing.
    """

    text: str
    root: str
    entities: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    truncated: bool = False


def prepare(text: str) -> Document:
    """Return the document from its root on, bounded and closed; root "" where there is none."""
    notes: list[str] = []
    text, repaired = _printable(text)
    if repaired:
        notes.append(f"{repaired} characters that XML forbids removed")
    start, doctype = _skip_prolog(text)
    found = _ELEMENT.match(text, start)
    if not found or found.group(2).lower() not in {*_ENTRY_OF, "html", "sitemapindex", "opml"}:
        later = _FEED_ROOT.search(text, start, start + _HEAD)
        if later:
            notes.append("text before the feed dropped")
            found = later
    if not found:
        return Document(text="", root="", notes=tuple(notes))
    entities, dropped = _entities(doctype)
    if dropped:
        notes.append(DROPPED)
    root, text = found.group(2).lower(), text[found.start() :]
    if root not in _ENTRY_OF:
        return Document(text=text, root=root, notes=tuple(notes))
    text, truncated, more = _bounded(text, root, found.group(1) or "", found.group(2))
    return Document(text, root, entities, (*notes, *more), truncated)


def _printable(text: str) -> tuple[str, int]:
    """Remove what no XML document may contain, also as a character reference."""
    text, count = _FORBIDDEN.subn("", text)
    if "&#" in text:
        text = _SURROGATE_PAIR.sub(_join_surrogates, text)
        before = text.count("&#")
        text = _REFERENCE.sub(_allowed_reference, text)
        count += before - text.count("&#")
    return text, count


def _allowed_reference(found: re.Match[str]) -> str:
    point = int(found[1]) if found[1] else int(found[2], 16)
    allowed = point < 0x110000 and not _FORBIDDEN.match(chr(point))
    return found.group() if allowed else ""


def without_forbidden(text: str) -> str:
    """Return the text without controls and lone surrogates, which neither XML nor SQLite take."""
    return _FORBIDDEN.sub("", text)


def _join_surrogates(found: re.Match[str]) -> str:
    high = int(found["h"], 16) if found["h"] else int(found["dh"])
    low = int(found["l"], 16) if found["l"] else int(found["dl"])
    if not (0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF):
        return found.group()
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _skip_prolog(text: str) -> tuple[int, str]:
    """Return where the first element (or garbage) starts, and the DOCTYPE before it."""
    position, doctype = 0, ""
    while True:
        while position < len(text) and text[position] in " \t\r\n\ufeff":
            position += 1
        if text.startswith("<?", position):
            end = text.find("?>", position)
            step = 2
        elif text.startswith("<!--", position):
            end = text.find("-->", position)
            step = 3
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            end, step = _doctype_end(text, position), 0
            doctype = text[position : max(end, position)]
        else:
            return position, doctype
        if end < 0:
            return position, doctype
        position = end + step


def _doctype_end(text: str, start: int) -> int:
    """Return the offset after the DOCTYPE, or -1; one that is longer than the head has none."""
    stop = start + _HEAD
    close, subset = text.find(">", start, stop), text.find("[", start, stop)
    if subset < 0 or close < subset:
        return close + 1 or -1
    found = _SUBSET_END.search(text, subset, stop)
    return found.end() if found else -1


def _entities(doctype: str) -> tuple[dict[str, str], bool]:
    """Return the declarations of short texts; what nests, includes or is long is dropped.

    So a reference grows to 16 characters at most, and no external identifier survives.
    """
    declared = doctype.upper().count("<!ENTITY")
    kept = {
        found[1]: found[2] or found[3] or ""
        for found in itertools.islice(_ENTITY.finditer(doctype[:_HEAD]), 300)
    }
    return kept, len(kept) < declared


def _bounded(text: str, root: str, prefix: str, name: str) -> tuple[str, bool, list[str]]:
    """Cut after the last whole entry where the end is missing or there are too many."""
    notes: list[str] = []
    entry = _ENTRY_OF[root]
    end = _root_end(text, prefix + name)
    truncated = end < 0 and not re.match(r"<[^<>]*/>\s*$", text)
    many = text.count(entry) > 2 * MAX_ENTRIES
    if not truncated and not many:
        return text if end < 0 else text[:end], False, notes
    ends = _entry_ends(text, entry)
    if many and len(ends) > MAX_ENTRIES:
        notes.append(f"only the first {MAX_ENTRIES} entries read")
        truncated = False
    elif not truncated:
        return text[:end], False, notes
    if truncated:
        notes.append("cut off: the entries before the cut were kept")
        if not ends:
            return text, True, notes
    text = text[: ends[: MAX_ENTRIES + 1][-1] if truncated else ends[MAX_ENTRIES - 1]]
    channel = "</channel>" if "<channel" in text and "</channel>" not in text else ""
    return f"{text}{channel}</{prefix}{name}>", truncated, notes


def _root_end(text: str, name: str) -> int:
    """Return the offset after the closing tag of the root, or -1."""
    close = text.rfind(f"</{name}")
    end = text.find(">", close) if close >= 0 else -1
    return end + 1 if end >= 0 else -1


def _entry_ends(text: str, entry: str) -> list[int]:
    """Return the offsets after the closing tags of entries, outside CDATA and comments."""
    pattern = re.compile(
        rf"<!\[CDATA\[|<!--|</(?:[A-Za-z_][\w.-]{{0,20}}:)?{entry}\s*>", re.IGNORECASE
    )
    ends: list[int] = []
    position = 0
    while len(ends) <= MAX_ENTRIES and (found := pattern.search(text, position)):
        position = found.end()
        opened = found.group()
        if opened.startswith("<!"):
            position = text.find("]]>" if "[" in opened else "-->", position)
            if position < 0:
                break
        else:
            ends.append(position)
    return ends
