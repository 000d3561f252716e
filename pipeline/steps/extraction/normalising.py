"""Text as it is stored: one paragraph a line, one form for each character."""

import re
import unicodedata

# Not the ideographic space (U+3000), which is punctuation in Chinese and Japanese.
_BLANKS = re.compile(r"[ \t-\r\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]+")
# Control characters (a parser turns `&#27;` into what a terminal obeys), zero-width ones, soft
# hyphen, bidi controls, byte order mark: invisible, and they break searching. Zero-width
# joiner and non-joiner stay: Indic scripts and Persian need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c"
    "\u200b\u200e\u200f\u00ad\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)


def normalise_line(text: str) -> str:
    """Return one line in NFC with single spaces; never NFKC, which makes `10²` `102`."""
    if "\u3000" not in text:
        line = " ".join(text.split())
        if line.isprintable():  # nothing invisible: so are nearly all of 700 lines a page
            return unicodedata.normalize("NFC", line)
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _BLANKS.sub(" ", text).strip()


def normalise_text(text: str) -> str:
    """Return the text with one paragraph a line and no empty lines. Idempotent."""
    lines = (normalise_line(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
