"""Find glossary terms in texts by a dictionary of tokens, keeping offsets.

Latin terms match whole words, plural and possessive included; acronyms of up to three letters
and names of mixed case followed by "=" match in their own case, and an acronym of letters
matches its numbered family (HBM: HBM3E), while "N2" does not match "N20". Chinese, Japanese
and Korean terms match as substrings, whatever spaces stand between. Linear in the text.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate, chain, starmap
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from classifiers.folding import fold, lower

CJK = "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
CJK_CHAR = re.compile(f"[{CJK}]")
# with the signs for Kelvin and Angstrom, and a capital sharp s
_LATIN = "A-Za-z0-9\u00c0-\u024f\u1e9e\u212a\u212b"
# A word, a node ("3 nm", "3-nanometer"), a decimal with its unit, initials; with its 's, which
# a node has not. One class first, no flag for case and one group, for `split`: a quarter of the
# time of a match object for each word of an alternation that ignores case.
TOKEN = re.compile(
    rf"([{_LATIN}](?:(?<![0-9])[{_LATIN}]+(?:'[sS]\b)?"
    r"|(?<=[0-9])[0-9]*(?:\.[0-9]+)?[ \-\u2010\u2011]?(?i:nm|nanomet(?:er|re)s?)\b"
    r"|(?:(?<=[0-9])[0-9]*\.[0-9]+[A-Za-z]*|(?<=[A-Za-z])\.(?:[A-Za-z]\.)+"
    rf"|[{_LATIN}]*)(?:'[sS]\b)?))"
)
NODE = re.compile(r"([0-9.]+)[ \-\u2010\u2011]?n(?:m|anomet(?:er|re)s?)", re.IGNORECASE)
LATIN = re.compile(f"[{_LATIN}]")
SPACES = re.compile(r"[^\S\n]+")
SOLID = re.compile(r"(?:\S|\n)+")
ACRONYM = re.compile(r"[A-Z][A-Z&]*[A-Z]")
ACRONYMS = re.compile(r"[A-Z][A-Z0-9]+s")
FAMILY = re.compile(r"([A-Z]{2,})\d[0-9A-Za-z]*")
LONGEST_CASED = 3
SHORTEST_PREFIX = 3
# Words remembered between texts; a few languages' news have fewer that matter.
MOST_REMEMBERED = 100_000


class Match(NamedTuple):
    """A term (its number in the matcher) at characters [start, end) of the text."""

    term: int
    start: int
    end: int


# A match as it is passed on between inner loops: a NamedTuple takes four times as long to make.
Span = tuple[int, int, int]


class LatinTerm(NamedTuple):
    """A term as the stems of its words; `word` is set where its case counts."""

    number: int
    stems: tuple[str, ...]
    word: str
    open_ended: bool


class Word(NamedTuple):
    """What a matcher knows of a word as it stands in a text.

    `alone` are the numbers of the terms it is; `leads` holds the longer terms it begins by the
    stem of their second word, `leads_open` those of two words of which the second is open-ended.
    `tells` is False when there are none of either kind. `length` leaves out its possessive 's.
    """

    stem: str
    length: int
    tells: bool
    alone: tuple[int, ...]
    leads: Mapping[str, Sequence[LatinTerm]]
    leads_open: Sequence[LatinTerm]


NO_FOLLOWERS: Mapping[str, Sequence[LatinTerm]] = MappingProxyType({})
# After the last word; nothing begins or goes on with it.
NO_WORD = Word("", 0, False, (), NO_FOLLOWERS, ())


class CjkTerms(NamedTuple):
    """Terms without spaces that are as long as each other, by what they read.

    Their first two CJK characters stand `anchor` characters from the start. `bounded` ones
    begin or end with Latin: no part of a word or number is that term.
    """

    anchor: int
    length: int
    bounded: bool
    numbers: dict[str, list[int]]


def stem(word: str) -> str:
    """Return a lower-case word without the ending of a plural."""
    if len(word) < 4 or word[-1] != "s" or word[-2] in "sui":
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1]


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a folded text's words; "3-nanometer" and "3 nm" are one, "3nm"."""
    return tuple(_stem_of(_bare(token)) for token in TOKEN.split(text)[1::2])


def _bare(token: str) -> str:
    """Return a word without its possessive 's."""
    return token[:-2] if token.endswith(("'s", "'S")) else token


def _stem_of(word: str) -> str:
    # The patterns are asked only where they can match: nine words in ten are neither.
    if word[0] <= "9" and (node := NODE.fullmatch(word)):
        return f"{node[1]}nm"
    # "TPUs", "GPUs": the rule for words takes their "us" for no plural
    if word[-1] == "s" and ACRONYMS.fullmatch(word):
        return word[:-1].lower()
    return stem(word.lower())


def key(term: str) -> str:
    """Return what two spellings of a term that match the same have in common."""
    plain = fold(term)
    if CJK_CHAR.search(plain):
        return lower(SPACES.sub("", plain))
    case = f"={plain.strip('=')}" if term.startswith("=") or _cased(plain) else ""
    return f"{case} {' '.join(stems(plain))}{'*' if term.endswith('*') else ''}"


def _cased(term: str) -> bool:
    """Whether a term of one word is too short an acronym to match in lower case."""
    return term.isupper() and sum(map(str.isalpha, term)) <= LONGEST_CASED


class Matcher:
    """Finds a fixed list of terms; the terms are numbered in the order given."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._single: dict[str, list[LatinTerm]] = {}
        self._prefixes: dict[str, list[LatinTerm]] = {}
        self._families: dict[str, list[LatinTerm]] = {}
        self._longer: dict[str, dict[str, list[LatinTerm]]] = {}
        self._longer_open: dict[str, list[LatinTerm]] = {}
        self._cjk: dict[str, list[CjkTerms]] = {}
        self._cjk_single: dict[str, list[CjkTerms]] = {}
        for number, term in enumerate(terms):
            plain = fold(term.lstrip("="))
            if CJK_CHAR.search(plain):
                self._add_cjk(number, plain)
            else:
                self._add_latin(number, plain, cased=term.startswith("="))
        self._prefix_lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._prefix_heads = frozenset(prefix[:SHORTEST_PREFIX] for prefix in self._prefixes)
        self._cjk_alone = _any_of(self._cjk_single)
        self._cjk_heads = re.compile(
            f"{_any_of(map(itemgetter(0), self._cjk)).pattern}"
            f"(?=({_any_of(map(itemgetter(1), self._cjk)).pattern}))"
        )
        self._words = _Words(self._look_up)

    def _add_cjk(self, number: int, term: str) -> None:
        text = lower(SPACES.sub("", term))
        anchor = next(place for place, char in enumerate(text) if CJK_CHAR.match(char))
        head = text[anchor : anchor + 2]
        alone = len(head) == 1 or not CJK_CHAR.match(head[1])
        listed = self._cjk_single if alone else self._cjk
        shapes = listed.setdefault(head[0] if alone else head, [])
        bounded = bool(LATIN.match(text) or LATIN.match(text[-1]))
        for shape in shapes:
            if shape[:3] == (anchor, len(text), bounded):
                shape.numbers.setdefault(text, []).append(number)
                return
        shapes.append(CjkTerms(anchor, len(text), bounded, {text: [number]}))

    def _add_latin(self, number: int, term: str, *, cased: bool) -> None:
        parts = stems(term)
        if not parts:
            return
        open_ended = term.endswith("*")
        if len(parts) > 1:
            entry = LatinTerm(number, parts, "", open_ended)
            if open_ended and len(parts) == 2:
                self._longer_open.setdefault(parts[0], []).append(entry)
            else:
                followers = self._longer.setdefault(parts[0], {})
                followers.setdefault(parts[1], []).append(entry)
            return
        entry = LatinTerm(number, parts, term if cased or _cased(term) else "", open_ended)
        if open_ended and len(parts[0]) >= SHORTEST_PREFIX:
            self._prefixes.setdefault(term.rstrip("*").lower(), []).append(entry)
        else:
            self._single.setdefault(parts[0], []).append(entry)
        if ACRONYM.fullmatch(term):
            self._families.setdefault(term, []).append(entry)

    def find(self, text: str) -> list[Match]:
        """Return every place of every term in a text, by start; matches may overlap."""
        return [Match(*span) for span in self.spans(text)]

    def spans(self, text: str) -> list[Span]:
        """Return what `find` does as plain tuples of term, start and end."""
        folded = fold(text)
        found = self._find_latin(folded)
        if not folded.isascii() and CJK_CHAR.search(folded):
            found += self._find_cjk(folded)
        found.sort(key=_by_start)
        return found

    def _find_latin(self, text: str) -> list[Span]:
        # gap, word, gap, word, … gap: a word starts where the lengths before it add up to
        pieces = TOKEN.split(text)
        if len(self._words) > MOST_REMEMBERED:
            self._words.clear()
        words = [*map(self._words.__getitem__, pieces[1::2]), NO_WORD]
        telling = [place for place, word in enumerate(words) if word.tells]
        if not telling:
            return []
        starts = list(accumulate(map(len, pieces)))[::2]
        found: list[Span] = []
        for place in telling:
            _, length, _, alone, leads, leads_open = words[place]
            start = starts[place]
            if alone:
                end = start + length
                found += [(number, start, end) for number in alone]
            if words[place + 1].stem in leads or leads_open:
                for term in _led_by(words, place):
                    last = place + len(term.stems) - 1
                    found.append((term.number, start, starts[last] + words[last].length))
        return found

    def _look_up(self, token: str) -> Word:
        text = _bare(token)
        root = _stem_of(text)
        terms = [
            term
            for term in self._single.get(root, ())
            if not term.word or text in (term.word, term.word + "s")
        ]
        if root[:SHORTEST_PREFIX] in self._prefix_heads:
            for length in self._prefix_lengths:
                terms += self._prefixes.get(root[:length], ()) if length <= len(root) else ()
        if not text.isalpha() and (family := FAMILY.fullmatch(text)):
            terms += self._families.get(family.group(1), ())
        alone = tuple(dict.fromkeys([term.number for term in terms])) if terms else ()
        leads = self._longer.get(root, NO_FOLLOWERS)
        leads_open = self._longer_open.get(root, ())
        tells = bool(alone or leads or leads_open)
        return Word(root, len(text), tells, alone, leads, leads_open)

    def _find_cjk(self, text: str) -> list[Span]:
        compact, places = _without_spaces(lower(text))
        heads = [
            (mark.start(), self._cjk.get(mark[0] + mark[1], ()))
            for mark in self._cjk_heads.finditer(compact)
        ]
        if self._cjk_single:
            alone = self._cjk_alone.finditer(compact)
            heads += [(mark.start(), self._cjk_single[mark[0]]) for mark in alone]
        found: list[Span] = []
        for at, shapes in heads:
            for anchor, length, bounded, terms in shapes:
                # before the text's beginning a slice is shorter than any of the terms
                start, end = at - anchor, at - anchor + length
                numbers = terms.get(compact[start:end])
                if numbers is None or (
                    bounded and not _stands_alone(compact, places, start=start, end=end)
                ):
                    continue
                first, last = places[start], places[end - 1] + 1
                found += [(number, first, last) for number in numbers]
        return found


class _Words(dict[str, Word]):
    """Words by how they stand in a text, each looked up once."""

    def __init__(self, look_up: Callable[[str], Word]) -> None:
        self._look_up = look_up

    def __missing__(self, token: str) -> Word:
        self[token] = word = self._look_up(token)
        return word


def _any_of(characters: Iterable[str]) -> re.Pattern[str]:
    """Return what matches one of the characters; nothing where there are none."""
    listed = "".join(sorted(set(characters)))
    return re.compile(f"[{re.escape(listed)}]" if listed else "(?!)")


def _by_start(span: Span) -> tuple[int, int]:
    return span[1], -span[2]


def _led_by(words: list[Word], place: int) -> list[LatinTerm]:
    """Return the terms of several words that begin at this word, which is not the last."""
    word, second = words[place], words[place + 1].stem
    found = [
        term
        for term in word.leads.get(second, ())
        if len(term.stems) == 2 or _goes_on(term, words, place)
    ]
    if word.leads_open:
        found += [term for term in word.leads_open if second.startswith(term.stems[1])]
    return found


def _goes_on(term: LatinTerm, words: list[Word], place: int) -> bool:
    """Whether the words after the second are the term's, too."""
    last = len(term.stems) - 1
    if place + last >= len(words):
        return False
    for distance in range(2, last + 1):
        found, wanted = words[place + distance].stem, term.stems[distance]
        open_ended = term.open_ended and distance == last
        if found != wanted and not (open_ended and found.startswith(wanted)):
            return False
    return True


def _without_spaces(text: str) -> tuple[str, Sequence[int]]:
    """Return the text without blanks, and where each of its characters stood."""
    if not SPACES.search(text):
        return text, range(len(text))
    spans = [piece.span() for piece in SOLID.finditer(text)]
    places = list(chain.from_iterable(starmap(range, spans)))
    return "".join([text[start:end] for start, end in spans]), places


def _stands_alone(compact: str, places: Sequence[int], *, start: int, end: int) -> bool:
    """Whether the term found here is no part of a Latin word or number."""
    if LATIN.match(compact, start) and _joined(compact, places, start):
        return False
    return (
        end == len(compact)
        or not LATIN.match(compact, end - 1)
        or not _touches(compact, places, end)
    )


def _joined(compact: str, places: Sequence[int], start: int) -> bool:
    """Whether the Latin beginning of a mixed term is the middle of a word or number."""
    if start == 0 or places[start] - places[start - 1] > 1:
        return False
    return compact[start - 1] == "." or LATIN.match(compact[start - 1]) is not None


def _touches(compact: str, places: Sequence[int], end: int) -> bool:
    """Whether the Latin end of a mixed term runs on."""
    return places[end] - places[end - 1] == 1 and LATIN.match(compact[end]) is not None
