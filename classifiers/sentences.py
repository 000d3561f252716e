"""Cut a text into sentences, keeping where each one stands.

Survives abbreviations ("U.S.", "Sen.", "Inc."), initials, decimals, quotations, and the full
stops of Chinese, Japanese and Korean. Linear in the length of the text.
"""

import re
from typing import NamedTuple

# Abbreviations that stand before a name, so a capital after them proves nothing.
_BEFORE_A_NAME = """
Mr Mrs Ms Dr Prof Sen Rep Gov Gen Col Lt Sgt Capt Cmdr Adm Maj Pres St Mt Messrs Hon Rev
Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Dept Univ vs approx
"""
# The same before a number: "No. 5", but "She said no."
_BEFORE_A_NUMBER = "no nos vol fig figs ch sec art pp"
# Abbreviations that often end a sentence: cut after them only before a word that opens one.
_MAY_END = "inc corp ltd co llc plc bros jr sr ph.d u.s u.k u.n e.u d.c a.m p.m i.e e.g etc cf"
_OPENERS = """
the a an it its in on at by but and he she they we this that these those there if when while as
for with however meanwhile after before since although despite some many most both his her their
our what who how why yet so or no not now then still also according last
"""
BEFORE_A_NAME = frozenset(_BEFORE_A_NAME.split())
BEFORE_A_NUMBER = frozenset(_BEFORE_A_NUMBER.split())
MAY_END = frozenset(_MAY_END.split())
OPENERS = frozenset(_OPENERS.split())
# One class first: `re` skips to its characters without trying the alternatives at every place.
TERMINATOR = re.compile(
    r"[.!?…。！？｡\n](?:(?<=[.!?…])[.!?…]*[\"'”’»)\]]*(?=\s|$)"
    r"|(?<=[。！？｡])[。！？｡]*[”’」』）】》\"']*|(?<=\n)\n*)"
)
ALWAYS_ENDS = frozenset("。！？｡\n")
CLOSING = frozenset("\"'”’»)]")
INITIALISM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
WORD_AFTER = re.compile(r"\s*[\"'“‘«(\[]*(\w+)")
LONGEST_WORD = 40


class Sentence(NamedTuple):
    """A sentence and its character span [start, end) in the text it was cut from."""

    start: int
    end: int
    text: str


def split(text: str) -> list[Sentence]:
    """Return the sentences of `text` in order; whitespace around each is left out."""
    found: list[Sentence] = []
    start = 0
    for mark in TERMINATOR.finditer(text):
        if mark[0][-1] in ALWAYS_ENDS or _ends_here(text, mark):
            end = mark.end()
            _append(found, text, start, end)
            start = end
    _append(found, text, start, len(text))
    return found


def _ends_here(text: str, mark: re.Match[str]) -> bool:
    stop = mark[0]
    after = WORD_AFTER.match(text, mark.end())
    goes_on = after is not None and after[1][0].islower()
    if stop[0] == "…" or stop.startswith("..") or stop[-1] in CLOSING:
        return not goes_on
    if stop[0] != "." or after is None:
        return True
    return not (goes_on or _abbreviated(_word_before(text, mark.start()), after[1]))


def _abbreviated(word: str, after: str) -> bool:
    """Whether a word's full stop, before another word, is that of an abbreviation."""
    if not word:
        return False
    if word in BEFORE_A_NAME:
        return True
    lower = word.lower()
    if lower in BEFORE_A_NUMBER:
        return after[0].isdigit()
    initial = len(word) == 1 and word.isupper()
    if initial or lower in MAY_END or INITIALISM.fullmatch(word):
        return after.lower() not in OPENERS
    return False


def _word_before(text: str, end: int) -> str:
    """Return the word that ends here, with inner points; of a longer one LONGEST_WORD letters."""
    word = text[text.rfind(" ", 0, end) + 1 : end]
    if word.isalnum() and len(word) <= LONGEST_WORD:
        return word
    least = max(0, end - LONGEST_WORD)
    start = end
    while start > least and (text[start - 1].isalnum() or text[start - 1] in "_.&"):
        start -= 1
    return text[start:end].lstrip(".")


def _append(found: list[Sentence], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        first = start + len(piece) - len(piece.lstrip())
        found.append(Sentence(first, first + len(inner), inner))
