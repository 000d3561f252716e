"""Cut a text into sentences, keeping where each one stands.

Survives abbreviations ("U.S.", "Sen.", "Inc."), initials, decimals, quotations, and the full
stops of Chinese, Japanese and Korean. Linear in the length of the text.
"""

import re
from dataclasses import dataclass

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
TERMINATOR = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？｡]+[”’」』）】》\"']*|\n+")
CLOSING = frozenset("\"'”’»)]")
INITIALISM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
WORD_BEFORE = re.compile(r"[\w.&]*$")
WORD_AFTER = re.compile(r"\s*[\"'“‘«(\[]*(\w+)")
LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its character span [start, end) in the text it was cut from."""

    start: int
    end: int
    text: str


def split(text: str) -> list[Sentence]:
    """Return the sentences of `text` in order; whitespace around each is left out."""
    found: list[Sentence] = []
    start = 0
    for mark in TERMINATOR.finditer(text):
        if _ends_here(text, mark):
            _append(found, text, start, mark.end())
            start = mark.end()
    _append(found, text, start, len(text))
    return found


def _ends_here(text: str, mark: re.Match[str]) -> bool:
    stop = mark.group()
    goes_on = _starts_lower(text, mark.end())
    if stop[0] == "…" or stop.startswith("..") or stop[-1] in CLOSING:
        return not goes_on
    return stop[0] != "." or not (goes_on or _abbreviated(text, mark))


def _abbreviated(text: str, mark: re.Match[str]) -> bool:
    before = WORD_BEFORE.search(text, max(0, mark.start() - LONGEST_WORD), mark.start())
    word = before.group().lstrip(".") if before else ""
    after = WORD_AFTER.match(text, mark.end())
    if not word or after is None:
        return False
    if word in BEFORE_A_NAME:
        return True
    if word.lower() in BEFORE_A_NUMBER:
        return after.group(1)[0].isdigit()
    initial = len(word) == 1 and word.isupper()
    if initial or word.lower() in MAY_END or INITIALISM.fullmatch(word):
        return after.group(1).lower() not in OPENERS
    return False


def _starts_lower(text: str, at: int) -> bool:
    after = WORD_AFTER.match(text, at)
    return after is not None and after.group(1)[0].islower()


def _append(found: list[Sentence], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        first = start + len(piece) - len(piece.lstrip())
        found.append(Sentence(first, first + len(inner), inner))
