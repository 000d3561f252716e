"""Turns untrusted markup into one clean line of text."""

import html
import re
import unicodedata

MAX_TITLE = 1_000
MAX_SUMMARY = 2_000
_READ_AT_MOST = 65_536  # characters of markup looked at for one line of text

_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_AMPERSANDS = re.compile(r"&(?:(?:amp|#38|#[xX]26);)+")
_BLOCK = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th|table|section|article|blockquote|hr|dd|dt|figure|"
    r"figcaption|pre)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?:/?[A-Za-z]|[!?])[^<>]*(?:>|$)")
_DROPPED = (
    ("<!--", "-->"),
    ("<script", "</script"),
    ("<style", "</style"),
    ("<template", "</template"),
)
# Controls, zero-width and bidirectional marks, interlinear and tag characters, lone surrogates:
# they hide or reorder what a person reads (Unicode TR 36, section 2).
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_SPACE = re.compile(r"\s+")


def clean_title(raw: str, limit: int = MAX_TITLE) -> str:
    """Return one line without markup, hidden characters and doubled escapes; idempotent.

    "R&D", "5 < 7 nm" and "C++" survive; longer than `limit` ends in "…".
    """
    text = raw[:_READ_AT_MOST]
    # Publishers escape up to three times; what is left after eight rounds is an attack.
    for _ in range(8):
        before = text
        text = _without_markup(_unescape(_AMPERSANDS.sub("&", _HIDDEN.sub("", text))))
        if text == before:
            break
    text = unicodedata.normalize("NFC", text)
    return shorten(_SPACE.sub(" ", text).strip(), limit)


def plain_text(markup: str, limit: int = MAX_SUMMARY) -> str:
    """Return what a person would read of a piece of HTML, as one line."""
    return clean_title(markup, limit)


def shorten(text: str, limit: int) -> str:
    """Cut at the last word that fits, marked with "…"."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit * 3 // 4 else cut).rstrip() + "…"


def without_suffix(title: str, outlet: str) -> str:
    """Drop the " - Outlet" that aggregators append to a headline."""
    for dash in (" - ", " – ", " | "):
        if outlet and title.endswith(dash + outlet):
            return title[: -len(dash + outlet)].rstrip()
    return title


def _unescape(text: str) -> str:
    # Not html.unescape on the whole: it also reads "&copy" in "R&copy-editing".
    return _REFERENCE.sub(lambda found: html.unescape(found.group()), text)


def _without_markup(text: str) -> str:
    if "<" not in text:
        return text
    for opening, closing in _DROPPED:
        text = _drop(text, opening, closing)
    return _TAG.sub("", _BLOCK.sub(" ", text))


def _drop(text: str, opening: str, closing: str) -> str:
    """Remove from each opening to its closing tag, or to the end."""
    lower = text.lower()
    if opening not in lower or len(lower) != len(text):
        return text
    kept: list[str] = []
    position = 0
    while (start := lower.find(opening, position)) >= 0:
        kept.append(text[position:start])
        end = lower.find(closing, start)
        if end < 0:
            return "".join(kept)
        position = end + len(closing)
        if not closing.endswith(">"):
            close = lower.find(">", position)
            position = len(text) if close < 0 else close + 1
    return "".join([*kept, text[position:]])
