"""Counts the companies, agencies and products an article names, by the alias file.

Latin names match whole words as written or in capitals; Chinese, Japanese and Korean names
match anywhere, the longest first. A name that is also something else counts only near a word
that settles it, or where the article names the company for certain.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from typing import cast

from pipeline.steps import alias_file
from pipeline.steps.concepts import longest_first

# What an unsure name is judged by: words within this distance, either side, in characters.
# A sentence of news has 120 to 200 characters in Latin script; CJK says as much in a third.
NEAR_LATIN = 90
NEAR_CJK = 30

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff々"
_WORD = re.compile(r"[A-Za-z0-9\u00c0-\u024f]+")
_WORDS = re.compile(f"({_WORD.pattern})")
_HAS_CJK = re.compile(f"[{_CJK}]")
# NASDAQ: NVDA · (NYSE:TSM) · $NVDA · NVDA.O · 2330.TW · 688981.SH
_TICKER = re.compile(
    r"\b(?:NASDAQ|Nasdaq|NYSE|AMEX|OTC|TYO|TSE|TWSE|TPE|HKEX|HKG|SEHK|KRX|KOSPI|KOSDAQ|SSE|SZSE"
    r"|SHA|SHE|XETRA|AMS|EPA|LON)(?: American)?\s?[::]\s?"
    r"(?P<listed>[A-Z0-9]{1,6}(?:\.[A-Z]{1,3})?)\b"
    r"|\$(?P<cash>[A-Z]{1,5})\b"
    r"|\b(?P<reuters>[A-Z]{1,5})\.(?:O|OQ|N|US)\b"
    r"|\b(?P<local>[0-9]{3,6}[A-Z]?\.(?:TWO?|T|KS|KQ|HK|SH|SS|SZ))\b"
)
# No ticker without one of these: 20 of 504 articles have one, and a search takes a twentieth.
_HINT = re.compile(r"[::]\s?[A-Z0-9]{1,6}\b|\$[A-Z]|\.(?:OQ?|N|US|TWO?|T|KS|KQ|HK|SH|SS|SZ)\b")


@dataclass(frozen=True, slots=True)
class _Name:
    """One spelling: its words as written, whose it is ("" = nobody's), and what settles it."""

    words: tuple[str, ...]
    company: str
    near: str = ""  # the company whose words settle it; "" for a sure name


@dataclass(frozen=True)
class Companies:
    """The alias file, made ready for `mentions`; patterns are compiled by the first text.

    Every command reads the file to say what in it makes no sense; few of them read texts.
    """

    kinds: Mapping[str, str]
    latin: Mapping[str, tuple[_Name, ...]]  # first word, small letters → longest first
    cjk: Mapping[str, _Name]
    tickers: Mapping[str, str]
    near: Mapping[str, tuple[str, ...]]  # the words that settle a company's unsure names

    @cached_property
    def cjk_pattern(self) -> re.Pattern[str]:
        """The longest of the CJK names at each place."""
        return longest_first(self.cjk)

    @property
    def names(self) -> tuple[str, ...]:
        """Every company as listings show it, in the order of the file."""
        return tuple(self.kinds)


def load(data: bytes, name: str) -> Companies:
    """Return the companies of an alias file; `name` stands for it in errors.

    Raises:
        ConfigError: names file, line and key of the first thing that makes no sense.
    """
    rows = alias_file.read(data, name)
    names = {
        spelling: _Name(_words(spelling), whose.company, whose.company if whose.unsure else "")
        for spelling, whose in alias_file.spellings(rows).items()
    }
    cjk = {spelling: found for spelling, found in names.items() if _HAS_CJK.search(spelling)}
    return Companies(
        kinds={row.name: row.kind for row in rows},
        latin=_by_first_word(found for text, found in names.items() if text not in cjk),
        cjk=cjk,
        tickers={ticker: row.name for row in rows for ticker in row.tickers},
        near={row.name: row.near for row in rows},
    )


def _words(spelling: str) -> tuple[str, ...]:
    # A name with a CJK character is searched as it stands.
    return (spelling,) if _HAS_CJK.search(spelling) else tuple(_WORD.findall(spelling))


def _by_first_word(names: Iterator[_Name]) -> dict[str, tuple[_Name, ...]]:
    grouped: dict[str, list[_Name]] = {}
    for found in names:
        grouped.setdefault(found.words[0].lower(), []).append(found)
    return {
        first: tuple(sorted(found, key=lambda one: (-len(one.words), one.words)))
        for first, found in grouped.items()
    }


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = [
        re.escape(word) if _HAS_CJK.search(word) else rf"\b{re.escape(word)}\b" for word in words
    ]
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)


def mentions(title: str, text: str, companies: Companies) -> dict[str, int]:
    """Return how often an article names each company, itself or by a product.

    Most named first, then by name. Works on plain text; raises nothing.
    """
    counts: Counter[str] = Counter()
    unsure: list[tuple[str, bool]] = []
    for passage in (title, text):
        rest = _count_tickers(passage, companies, counts)
        for found, start, end in _found(rest, companies):
            if not found.near:
                counts[found.company] += 1
            elif found.company:
                unsure.append(
                    (found.company, _is_settled(rest, start, end, companies.near[found.near]))
                )
    counts.pop("", None)
    # Once settled, or named for certain anywhere, every unsure mention counts.
    certain = counts.keys() | {company for company, settled in unsure if settled}
    counts.update(company for company, _ in unsure if company in certain)
    return dict(sorted(counts.items(), key=lambda row: (-row[1], row[0])))


def _count_tickers(passage: str, companies: Companies, counts: Counter[str]) -> str:
    """Count the tickers of a passage and return it without those that were counted."""
    if not companies.tickers or not _HINT.search(passage):
        return passage

    def count(found: re.Match[str]) -> str:
        symbol = cast("str", found[cast("str", found.lastgroup)])
        company = companies.tickers.get(symbol, "")
        if not company:
            return found[0]
        counts[company] += 1
        return " " * len(found[0])

    return _TICKER.sub(count, passage)


def _found(passage: str, companies: Companies) -> Iterator[tuple[_Name, int, int]]:
    if _HAS_CJK.search(passage):
        places: list[re.Match[str]] = []

        def blank(found: re.Match[str]) -> str:
            places.append(found)
            return "、" * len(found[0])

        # Blanked: "SCREENホールディングス" must not count once more for its Latin half.
        passage = companies.cjk_pattern.sub(blank, passage)
        yield from ((companies.cjk[found[0]], found.start(), found.end()) for found in places)
    yield from _latin(passage, companies.latin)


def _latin(
    passage: str, latin: Mapping[str, tuple[_Name, ...]]
) -> Iterator[tuple[_Name, int, int]]:
    pieces = _WORDS.split(passage)  # gap, word, gap, word, … gap
    words = pieces[1::2]
    known = [place for place, word in enumerate(words) if word.lower() in latin]
    ends = list(accumulate(map(len, pieces))) if known else []
    after = 0
    for place in known:
        name = _name_at(words, ends, place, latin) if place >= after else None
        if name is not None:
            after = place + len(name.words)
            yield name, ends[2 * place], ends[2 * after - 1]


def _name_at(
    words: Sequence[str], ends: Sequence[int], place: int, latin: Mapping[str, tuple[_Name, ...]]
) -> _Name | None:
    for name in latin[words[place].lower()]:
        after = place + len(name.words)
        if after <= len(words) and _reads(words[place:after], name.words):
            # "It went Super. Later, Micro …": words of one name stand close, "AT & T" the furthest.
            gaps = range(2 * place + 1, 2 * after - 1, 2)
            if all(ends[gap + 1] - ends[gap] <= 3 for gap in gaps):
                return name
    return None


def _reads(surfaces: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether the text reads as the name: as written, in capitals, or capitalised."""
    for surface, word in zip(surfaces, words, strict=True):
        allowed = (word, word.upper(), word[:1].upper() + word[1:])
        if surface not in allowed and not (len(words) > 1 and surface == word.capitalize()):
            return False
    return True


def _is_settled(passage: str, start: int, end: int, near: tuple[str, ...]) -> bool:
    reach = NEAR_CJK if _HAS_CJK.search(passage, max(0, start - 40), end + 40) else NEAR_LATIN
    around = passage[max(0, start - reach) : start] + " " + passage[end : end + reach]
    return _any_of(near).search(around) is not None
