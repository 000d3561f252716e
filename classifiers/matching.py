"""Find glossary terms in texts by a dictionary of tokens, keeping offsets.

Latin terms match whole words, plural and possessive included; acronyms of up to three letters
and names of mixed case followed by "=" match in their own case, and an acronym of letters
matches its numbered family (HBM: HBM3E), while "N2" does not match "N20". Chinese, Japanese
and Korean terms match as substrings, whatever spaces stand between. Linear in the text.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from classifiers.folding import fold, lower

CJK = "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
CJK_RUN = re.compile(f"[{CJK}]+")
CJK_CHAR = re.compile(f"[{CJK}]")
# A decimal with its unit, an abbreviation with points, a word; a possessive 's is swallowed.
TOKEN = re.compile(r"(\d+\.\d+[A-Za-z]*|(?:[A-Za-z]\.){2,}|[A-Za-z0-9\u00c0-\u024f]+)(?:'[sS]\b)?")
LATIN = re.compile(r"[A-Za-z0-9\u00c0-\u024f]")
SPACES = re.compile(r"[^\S\n]+")
NANOMETRES = frozenset(("nm", "nanometer", "nanometre"))
NUMBER = re.compile(r"\d+(?:\.\d+)?")
NODE = re.compile(r"(\d+(?:\.\d+)?)(?:nanomet(?:er|re)s?)")
ACRONYM = re.compile(r"[A-Z][A-Z&]*[A-Z]")
FAMILY = re.compile(r"([A-Z]{2,})\d[0-9A-Za-z]*")
LONGEST_CASED = 3
SHORTEST_PREFIX = 3


class Match(NamedTuple):
    """A term (its number in the matcher) at characters [start, end) of the text."""

    term: int
    start: int
    end: int


class Token(NamedTuple):
    """A word of a text: its stem, as it stands there, and its span."""

    stem: str
    word: str
    start: int
    end: int


class LatinTerm(NamedTuple):
    """A term as the stems of its words; `word` is set where its case counts."""

    number: int
    stems: tuple[str, ...]
    word: str
    open_ended: bool


class CjkTerm(NamedTuple):
    """A term without spaces, and how many Latin characters stand before its anchor."""

    number: int
    text: str
    anchor: int


def stem(word: str) -> str:
    """Return a lower-case word without the ending of a plural."""
    if len(word) < 4 or word[-1] != "s" or word[-2] in "sui":
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1]


def tokens(text: str) -> list[Token]:
    """Return the Latin words of a folded text; "3-nanometer" and "3 nm" are one word, "3nm"."""
    found: list[Token] = []
    for place in TOKEN.finditer(text):
        word = place.group(1)
        root = stem(word.lower())
        start = place.start()
        if root in NANOMETRES and found and start - found[-1].end <= 1:
            before = found[-1]
            if NUMBER.fullmatch(before.stem):
                found[-1] = Token(f"{before.stem}nm", word, before.start, place.end(1))
                continue
        joined = NODE.fullmatch(root)
        found.append(Token(f"{joined[1]}nm" if joined else root, word, start, place.end(1)))
    return found


def key(term: str) -> str:
    """Return what two spellings of a term that match the same have in common."""
    plain = fold(term)
    if CJK_CHAR.search(plain):
        return lower(SPACES.sub("", plain))
    case = "=" if term.startswith("=") or _cased(plain) else ""
    ending = "*" if term.endswith("*") else ""
    return case + " ".join(token.stem for token in tokens(plain)) + ending


def _cased(term: str) -> bool:
    """Whether a term of one word is too short an acronym to match in lower case."""
    return term.isupper() and sum(map(str.isalpha, term)) <= LONGEST_CASED


class Matcher:
    """Finds a fixed list of terms; the terms are numbered in the order given."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._latin: dict[str, list[LatinTerm]] = {}
        self._prefixes: dict[str, list[LatinTerm]] = {}
        self._families: dict[str, list[LatinTerm]] = {}
        self._cjk: dict[str, list[CjkTerm]] = {}
        for number, term in enumerate(terms):
            plain = fold(term.lstrip("="))
            if CJK_CHAR.search(plain):
                self._add_cjk(number, plain)
            else:
                self._add_latin(number, plain, cased=term.startswith("="))
        self._prefix_lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._starts: dict[str, tuple[LatinTerm, ...]] = {}

    def _add_cjk(self, number: int, term: str) -> None:
        text = lower(SPACES.sub("", term))
        anchor = next(place for place, char in enumerate(text) if CJK_CHAR.match(char))
        head = text[anchor : anchor + 2]
        key = head if CJK_RUN.fullmatch(head) and len(head) == 2 else head[0]
        self._cjk.setdefault(key, []).append(CjkTerm(number, text, anchor))

    def _add_latin(self, number: int, term: str, *, cased: bool) -> None:
        words = [token.word for token in tokens(term)]
        stems = tuple(token.stem for token in tokens(term))
        if not stems:
            return
        acronym = len(stems) == 1 and ACRONYM.fullmatch(term) is not None
        short = len(stems) == 1 and _cased(term)
        word = words[0] if cased or short else ""
        entry = LatinTerm(number, stems, word, term.endswith("*"))
        if entry.open_ended and len(stems) == 1 and len(stems[0]) >= SHORTEST_PREFIX:
            self._prefixes.setdefault(term.rstrip("*").lower(), []).append(entry)
        else:
            self._latin.setdefault(stems[0], []).append(entry)
        if acronym:
            self._families.setdefault(term, []).append(entry)

    def find(self, text: str) -> list[Match]:
        """Return every place of every term in a text, by start; matches may overlap."""
        folded = fold(text)
        found = list(self._find_latin(tokens(folded)))
        if self._cjk and not folded.isascii():
            found.extend(self._find_cjk(folded))
        found.sort(key=lambda match: (match.start, -match.end))
        return found

    def _find_latin(self, words: list[Token]) -> Iterator[Match]:
        for place, token in enumerate(words):
            for term in self._beginning(token):
                length = len(term.stems)
                if length == 1:
                    yield Match(term.number, token.start, token.end)
                elif _continues(term, words, place):
                    yield Match(term.number, token.start, words[place + length - 1].end)

    def _beginning(self, token: Token) -> list[LatinTerm]:
        """Return the terms whose first word this is."""
        terms = [
            term
            for term in self._latin.get(token.stem, ())
            if not term.word or token.word in (term.word, term.word + "s")
        ]
        for length in self._prefix_lengths:
            if length > len(token.stem):
                break
            terms += self._prefixes.get(token.stem[:length], ())
        family = FAMILY.fullmatch(token.word)
        if family:
            terms += self._families.get(family.group(1), ())
        return terms

    def _find_cjk(self, text: str) -> Iterator[Match]:
        compact, places = _without_spaces(lower(text))
        heads = self._cjk
        for run in CJK_RUN.finditer(compact):
            for at in range(run.start(), run.end()):
                for term in heads.get(compact[at], ()):
                    yield from _verified(term, compact, places, at)
                if at + 1 < run.end():
                    for term in heads.get(compact[at : at + 2], ()):
                        yield from _verified(term, compact, places, at)


def _continues(term: LatinTerm, words: list[Token], place: int) -> bool:
    rest = term.stems[1:]
    if place + len(rest) >= len(words):
        return False
    for distance, wanted in enumerate(rest, start=1):
        token = words[place + distance]
        if token.stem != wanted:
            last = distance == len(rest)
            return last and term.open_ended and token.stem.startswith(wanted)
    return True


def _without_spaces(text: str) -> tuple[str, list[int]]:
    """Return the text without blanks, and where each of its characters stood."""
    if not SPACES.search(text):
        return text, list(range(len(text)))
    places = [at for at, char in enumerate(text) if char == "\n" or not char.isspace()]
    return "".join([text[at] for at in places]), places


def _verified(term: CjkTerm, compact: str, places: list[int], at: int) -> Iterator[Match]:
    start, end = at - term.anchor, at - term.anchor + len(term.text)
    if start < 0 or not compact.startswith(term.text, start):
        return
    if LATIN.match(term.text[0]) and _joined(compact, places, start):
        return
    if end < len(compact) and LATIN.match(term.text[-1]) and _touches(compact, places, end):
        return
    yield Match(term.number, places[start], places[end - 1] + 1)


def _joined(compact: str, places: list[int], start: int) -> bool:
    """Whether the Latin beginning of a mixed term is the middle of a word or number."""
    if start == 0 or places[start] - places[start - 1] > 1:
        return False
    return compact[start - 1] == "." or LATIN.match(compact[start - 1]) is not None


def _touches(compact: str, places: list[int], end: int) -> bool:
    """Whether the Latin end of a mixed term runs on."""
    return places[end] - places[end - 1] == 1 and LATIN.match(compact[end]) is not None
