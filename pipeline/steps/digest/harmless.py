"""What strangers wrote, made safe to show: one line, no controls, links that only lead to pages."""

import re
import unicodedata
from urllib.parse import urlsplit

# Cc controls, Cf formats (bidi overrides and isolates U+202A–E, U+2066–9, zero-width U+200B–F,
# U+FEFF), Cs lone surrogates, Co private use, Cn unassigned: none belongs in a headline.
# Terminal escape sequences start with ESC, which is Cc.
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# A joiner inside emoji and some scripts changes the letter, and cannot reorder text.
JOINER = "\u200d"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")  # their letters would stay behind
MAX_MARKS = 2  # stacked combining marks ("zalgo") run over the lines above and below


def one_line(text: str, limit: int = 300) -> str:
    """Return the text as one visible line of at most `limit` characters, cut at a word.

    Idempotent. Line breaks and other blanks become single spaces.
    """
    # 5,000 characters of feed title are common in attacks only; look no further than needed
    kept = "".join(visible(ESCAPES.sub("", text[: limit * 8])))
    return cut(" ".join(kept.split()), limit)


def visible(text: str) -> list[str]:
    found: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if character.isspace():
            found.append(" ")
        elif marks <= MAX_MARKS and (category not in HIDDEN or character == JOINER):
            found.append(character)
    return found


def cut(line: str, limit: int) -> str:
    """Return the line, or its beginning up to a word with an ellipsis, within `limit`."""
    if len(line) <= limit:
        return line
    short = line[: limit - 1]
    blank = short.rfind(" ")
    # no blank near the end: Chinese or Japanese, or one endless word
    return (short[:blank] if blank > limit * 2 // 3 else short).rstrip(" ,;:–—-") + "…"


def link(url: str) -> str:
    """Return the address if it leads to a web page and nothing else, else ""."""
    if len(url) > 2_000 or re.search(r"[\s\x00-\x1f\x7f<>\"'`\\]", url):
        return ""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:  # an IPv6 host without its bracket
        return ""
    return url if fine else ""
