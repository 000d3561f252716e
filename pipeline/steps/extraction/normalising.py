"""Text as it is stored: one paragraph a line, one form for each character."""

import re
import unicodedata

# Not the ideographic space (U+3000), which is punctuation in Chinese and Japanese.
_BLANKS = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f]+")
# Zero-width characters, soft hyphen, bidi controls, byte order mark: invisible, and they
# break searching. Zero-width joiner and non-joiner stay: Indic scripts and Persian need them.
_INVISIBLE = re.compile(
    "[\u200b\u200e\u200f\u00ad\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)


def normalise_line(text: str) -> str:
    """Return one line in NFC with single spaces; never NFKC, which makes `10²` `102`."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _BLANKS.sub(" ", text.replace("\n", " ")).strip()


def normalise_text(text: str) -> str:
    """Return the text with one paragraph a line and no empty lines. Idempotent."""
    lines = (normalise_line(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
