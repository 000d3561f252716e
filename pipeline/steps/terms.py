"""Turns a text into weighted terms: words, names, numbers, and concepts that cross languages."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pipeline.steps.concepts import CJK, Concepts, find, stems

_RUN = re.compile(f"[{CJK}]+|[a-z0-9\u00df-\u024f]+(?:[.-][a-z0-9\u00df-\u024f]+)*")
_LATIN = re.compile(r"[a-z0-9\u00df-\u024f]+")
FIRST_CJK = 0x3040
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_CODE = re.compile(r"(?=.*[0-9])(?=.*[a-z])[a-z0-9]{2,12}\Z")

# 20,000 · 2万4000 · 2만 · 1.5 billion · 30 % · 7 nm · 2 GW
_NUMBER = re.compile(
    r"(?<![a-z0-9.,])(?P<figure>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r"(?:\s?(?P<scale>thousand|million|mn|billion|bn|trillion|tn|千|万|萬|만|億|亿|억|兆|조)"
    r"(?P<rest>[0-9]{1,4})?)?"
    r"(?:[\s-]?(?P<unit>%|percent|per cent|nm|nanomet|gb|tb|gw|gigawatt|mw|megawatt|纳米|奈米|나노"
    r"|ナノ|吉瓦|기가와트|ギガワット|기가|兆瓦|메가와트))?"
)
SCALES = {
    "thousand": 10**3, "千": 10**3, "万": 10**4, "萬": 10**4, "만": 10**4, "million": 10**6,
    "mn": 10**6, "億": 10**8, "亿": 10**8, "억": 10**8, "billion": 10**9, "bn": 10**9,
    "trillion": 10**12, "tn": 10**12, "兆": 10**12, "조": 10**12,
}  # fmt: skip
UNITS = {
    "%": "%", "percent": "%", "per cent": "%", "nm": "nm", "nanomet": "nm", "纳米": "nm",
    "奈米": "nm", "나노": "nm", "ナノ": "nm", "gb": "gb", "기가": "gb", "tb": "tb", "gw": "gw",
    "gigawatt": "gw", "吉瓦": "gw", "기가와트": "gw", "ギガワット": "gw", "mw": "mw", "兆瓦": "mw",
    "megawatt": "mw", "메가와트": "mw",
}  # fmt: skip
# "three to four years", "三到四年", "3~4년": how far behind, how long from now.
_COUNTS = {
    word: value
    for value, row in enumerate(("one 一", "two 二 两 兩", "three 三", "four 四", "five 五",
    "six 六", "seven 七", "eight 八", "nine 九", "ten 十"), start=1) for word in row.split()
}  # fmt: skip
_COUNT = rf"(?:[0-9]{{1,2}}|{'|'.join(_COUNTS)})"
_SPAN = re.compile(
    rf"(?<![a-z0-9.]){_COUNT}(?:\s?(?:to|or|-|~|至|到|から)\s?{_COUNT})?"
    r"(?:\s|-)?(?:years?\b|年(?![0-9代度])|년)"
)
_COUNT_AT = re.compile(_COUNT)
YEARS = range(1990, 2040)
# A bare number up to this is a count of anything.
SMALL = 12

# Words that news of any kind is made of.
STOP = frozenset(stems(_LATIN.findall("""
    a about after again against all also although am an and another any are as at be because been
    before being between both but by can could did do does doing down during each even few for from
    further had has have having he her here hers him his how i if in into is it its itself just know
    last like made make makes making many may me might more most much must my near need never new
    next no nor not now of off on once one only or other our out over own per put said same say says
    see several she should since so some still such take than that the their them then there these
    they thing this those though three through to too two under until up upon us use used using very
    was way we week were what when where which while who whom whose why will with within without
    would year years month months day days today yesterday monday tuesday wednesday thursday friday
    saturday sunday january february march april june july august september october november
    december according report reported reports people person source sources told asked
    minute read comment declined statement spokesman spokesperson spokeswoman first second time
    company companies percent million billion
"""))) | {"s", "t", "re", "u", "mr", "ms", "dr"}  # fmt: skip


# Words that any news of the trade is made of: rare among a few articles, telling nothing.
TRADE = frozenset(
    stems(
        _LATIN.findall("""
    ai analyst announce boost build business chief chip chipmaker deal demand drop executive fall
    gain global growth high industry investor jump launch lead low major market maker new plan
    production push quarter reach rise rival semiconductor share slump stock surge target tech
    technology trade unveil world
""")
    )
)


@dataclass(frozen=True, slots=True)
class Terms:
    """A text's terms with their counts, each kind apart.

    `words` are stems of Latin words and pairs of ideographs: they only meet in one language.
    `marks` cross languages: "@Nvidia" a company, "#20000" a number, "#3-4y" years, "~hbm4" the
    name of a part or node, "=yield" a concept.
    """

    words: Mapping[str, float]
    marks: Mapping[str, float]


def terms(text: str, companies: Collection[str], concepts: Concepts) -> Terms:
    """Return the terms of a text, given the companies it names. Raises nothing."""
    small = unicodedata.normalize("NFKC", text).casefold()
    found = find(small, stems(_LATIN.findall(small)), concepts)
    marks: Counter[str] = Counter(f"@{company}" for company in companies)
    marks.update(_numbers(small))
    marks.update(_spans(small))
    marks.update({f"={concept}": count for concept, count in found.counts.items()})
    # What a concept or a company is called is not counted once more as a word.
    named = {word for company in companies for word in stems(_LATIN.findall(company.casefold()))}
    words = Counter(
        word
        for word in found.words
        if len(word) > 1 and not word.isdigit() and word not in STOP and word not in named
    )
    for run in _RUN.findall(found.rest):
        if ord(run[0]) >= FIRST_CJK:
            words.update(_pairs(run))
        elif not run.isalpha():
            marks.update(_codes(run))
    return Terms(dict(words), dict(marks))


def _codes(run: str) -> list[str]:
    """Return the names of parts and nodes in a word: "hbm4", "910c", "m15x", "18a"."""
    whole = run.replace("-", "").replace(".", "")
    return [f"~{part}" for part in sorted({whole, *_LATIN.findall(run)}) if _CODE.match(part)]


def _pairs(run: str) -> list[str]:
    # A Korean word carries its particle at the end; its first two syllables are what it means.
    if _HANGUL.match(run):
        return [run[:2]] if len(run) > 1 else []
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _numbers(text: str) -> list[str]:
    numbers = []
    for match in _NUMBER.finditer(text):
        value = float(match["figure"].replace(",", "")) * SCALES.get(match["scale"] or "", 1)
        value += float(match["rest"] or 0)
        unit = UNITS.get(match["unit"] or "", "")
        if unit or (value > SMALL and value not in YEARS):
            numbers.append(f"{'~' if unit == 'nm' else '#'}{value:g}{unit}")
    return numbers


def _spans(text: str) -> list[str]:
    """Return the spans of years named: "#3-4y"."""
    found = (_COUNT_AT.findall(match[0]) for match in _SPAN.finditer(text))
    return [
        "#" + "-".join(str(_COUNTS.get(one) or int(one)) for one in span) + "y" for span in found
    ]


@dataclass(frozen=True, slots=True)
class Rarity:
    """How telling a term is: the rarer among the articles at hand, the more."""

    documents: int
    frequencies: Mapping[str, int]

    def of(self, term: str) -> float:
        """Return the term's weight, between 0 and about 6."""
        # As if BACKGROUND further articles of the field had been read, in which companies,
        # parts and concepts are named and any other term is not: two articles alone must not
        # look alike only because everything in them is equally rare.
        share = TRADE_SHARE if term in TRADE else BACKGROUND_SHARE.get(term[0], 0.0)
        seen = self.frequencies.get(term, 0) + share * BACKGROUND
        return math.log((self.documents + BACKGROUND) / (seen + 0.5))


BACKGROUND = 400
TRADE_SHARE = 0.1
BACKGROUND_SHARE = {"@": 0.05, "=": 0.08, "~": 0.02}


def rarity(texts: Iterable[Terms]) -> Rarity:
    """Return how rare each term is among the texts."""
    frequencies: Counter[str] = Counter()
    documents = 0
    for one in texts:
        documents += 1
        frequencies.update(one.words.keys())
        frequencies.update(one.marks.keys())
    return Rarity(documents, frequencies)
