"""Which sentence of an article tells its news on its own."""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.steps.concepts import stems
from pipeline.steps.digest.harmless import cut, one_line
from pipeline.steps.terms import STOP as EMPTY

# A full stop after these ends no sentence. News usage; single capitals ("U.S.", "J. Smith")
# are covered by a rule of their own.
ABBREVIATIONS = re.compile(
    r"(?:adm|al|approx|assoc|ave|bros|capt|cf|co|col|corp|dept|dr|e\.g|est|etc|gen"
    r"|gov|hon|i\.e|inc|jr|lt|ltd|maj|mr|mrs|ms|mt|op|p\.m|a\.m"
    r"|ph\.d|pres|prof|pt|rep|repr|rev|sen|sens|reps|sgt|sr|st|vs|v|vol)\.$",
    re.IGNORECASE,
)
# These end a sentence unless a number follows: "No. 2", "Nov. 5".
BEFORE_NUMBER = re.compile(
    r"(?:nos?|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|pp?|fig)\.$", re.IGNORECASE
)
# Latin stops need a blank after them; full-width ones do not.
STOP = re.compile(r"""[.!?…]+["'”’»)\]]*(?=\s|$)|[。！？]+["'”’」』）]*""")
INITIALS = re.compile(r"(?:^|[\s(\"'“‘])(?:[A-Za-z]\.)*[A-Za-z]\.$")
# A sentence that opens with one of these leans on the one before it.
LEANING = re.compile(
    r"^(?:i|we|our|you|he|she|it|its|they|their|his|her|this|that|these|those|but|and|so|however|meanwhile|also"
    r"|still|yet|then|instead|moreover|furthermore|such|earlier|separately|other|another"
    r"|the (?:strongest|second|latter|former|other|reasons?|answer|same|result"
    r"|company|firm|chipmaker|group|move|deal|plan|agreement|announcement)"
    r"|there is a moment|imagine|picture|remember|consider|count|take|meet|if you"
    r"|first comes|for (?:years|decades|months)|every (?:\w+ )?(?:years?|months?)|not so long ago"
    r"|once upon a time|now|together|file)\b"
    r"|^(?:但|而|不过|然而|此外|同时|他|她|它|这|其中|그러나|하지만|이는|그는|회사(?: 측)?[은는]"
    r"|이 회사|しかし|また|これ|同社は|同省は)",
    re.IGNORECASE,
)
# The writer speaks of herself, or to her reader: "Three days ago we wrote …" is no news, nor is
# "flat enough that you can see the substation".
FIRST_PERSON = re.compile(r"\b(?:[Ww]e|I|me|us|[Yy]ou|[Yy]our)\b")
# "ASUS is also excited to …" has something before it.
ALSO = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|could) also\b")
# "Jensen Huang speaks in Taipei, Tuesday, Dec. 6, 2022.": agencies date the pictures in full.
CAPTION = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, [A-Z][a-z]+\.? \d{1,2}, \d{4}\b"
)
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
THEM = re.compile(r"\bthem\b")
WITHOUT_NAME = 120  # in a shorter sentence "them" has its name in the one before
# "SHANGHAI, Nov 21 (Reuters) - ", "TAIPEI, June 13, 2025 /PRNewswire/ -- ", "(Bloomberg) -- ":
# "TOKYO - ": a place in capitals with a country, a date, an agency or a spaced hyphen behind
# it, or the agency alone. A name before a dash ("SMIC — the foundry — said") is none.
DATELINE = re.compile(
    r"^(?:[A-Z][A-Z.'’ ]{2,30}(?:(?:, [A-Z][a-z]+\.?(?: \d{1,2})?(?:, \d{4})?)+|(?= [(/]| -{1,2} ))"
    r"(?: ?[(/][A-Za-z .]{2,20}[)/])?|\([A-Z][A-Za-z .]{1,20}\))\s*[-–—]+\s*"
)
SHORT, LONG = 35, 320  # characters; a CJK character counts double
OPENING = 8  # sentences in which an article says why it was written
TELLING = 60  # a shorter sentence is often a flourish: "AMD has been selling by the board."


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, in order; never cut inside "U.S." or "Sen. Kaine"."""
    found: list[str] = []
    for paragraph in text.splitlines():
        start = 0
        for stop in STOP.finditer(paragraph):
            if ends(paragraph[start : stop.end()], paragraph[stop.end() :]):
                found.append(paragraph[start : stop.end()].strip())
                start = stop.end()
        found.append(paragraph[start:].strip())
    return [sentence for sentence in found if sentence]


def ends(sentence: str, rest: str) -> bool:
    """Say whether a sentence really ends here; unsure means no: two sentences are better than
    half of one."""
    following = rest.lstrip()
    if sentence.endswith("."):
        word = sentence.rsplit(None, 1)[-1].lstrip("(\"'“‘")
        if ABBREVIATIONS.fullmatch(word) or INITIALS.search(sentence):
            return False
        if BEFORE_NUMBER.fullmatch(word) and following[:1].isdecimal():
            return False
    if following[:1].islower():  # "Yahoo! said", "what now? asked"
        return False
    return sentence.count("“") <= sentence.count("”") or "”" not in rest


def lead(text: str, title: str, *, limit: int = LONG) -> str:
    """Return the sentence that stands alone best among the first, or "" if there is none."""
    fresh = [s for s in candidates(text) if not says_the_same(s, title)]
    alone = [s for s in fresh if stands_alone(s)] or fresh
    choice = next((s for s in alone if weight(s) >= TELLING), alone[0] if alone else "")
    return cut(choice, limit)


def candidates(text: str) -> list[str]:
    lines = [DATELINE.sub("", one_line(s, 1_000)) for s in sentences(text[:6_000])]
    return [line for line in lines if weight(line) >= SHORT][:6]


def stands_alone(sentence: str) -> bool:
    return (
        weight(sentence) <= LONG
        and not LEANING.match(sentence)
        and sentence[:1] not in "\"'“‘「『"
        and sentence.rstrip("\"'”’»)]」』）")[-1:] in ".!。！"  # a question tells nothing
        and not FIRST_PERSON.search(QUOTED.sub("", sentence))
        and not ALSO.search(sentence)
        and not CAPTION.search(sentence)
        and not (weight(sentence) < WITHOUT_NAME and THEM.search(sentence))
    )


def weight(text: str) -> int:
    return len(text) + sum(character >= "\u2e80" for character in text)


def news(text: str, title: str, told: Sequence[str]) -> str:
    """Return the first sentence that says what none of the told texts said, or "".

    Half of its pairs of words (of characters in CJK) must be new, which no copy has. Only the
    beginning is read: what an article says further down is not why it was written. One that
    begins with what was told in other words is another account of it; that has news only
    where it gives a figure nobody gave.
    """
    known = frozenset[str]().union(*(grams(one) for one in told))
    spoken = frozenset[str]().union(*(content_words(one) for one in told))
    opening = candidates_of_all(text)[:OPENING]
    fresh = [s for s in opening if novelty(s, known) >= 0.5]
    fresh = [s for s in fresh if not says_the_same(s, title)] or fresh
    fresh = [s for s in fresh if stands_alone(s)] or fresh
    if fresh and retells(fresh[0], spoken):
        fresh = [s for s in fresh if new_figures(s, spoken) and not retells(s, spoken)]
    return cut(fresh[0], LONG) if fresh else ""


def candidates_of_all(text: str) -> list[str]:
    lines = [DATELINE.sub("", one_line(s, 1_000)) for s in sentences(text[:12_000])]
    return [line for line in lines if weight(line) >= SHORT]


def retells(sentence: str, spoken: frozenset[str]) -> bool:
    """Say whether a sentence puts what was told into other words.

    Of the newsroom's sentences that open further accounts of a told event, .20 to .37 of the
    words are new; of those that tell what happened next, .41 to .69.
    """
    own = content_words(sentence)
    share = len(own - spoken) / len(own) if own else 1.0  # no Latin words: pairs decide
    return share < (0.3 if new_figures(sentence, spoken) else 0.4)


def new_figures(sentence: str, spoken: frozenset[str]) -> bool:
    return any(word[0].isdigit() for word in content_words(sentence) - spoken)


def content_words(text: str) -> frozenset[str]:
    words = stems(
        re.findall(r"[a-z\u00df-\u024f][a-z\d\u00df-\u024f]*|\d+(?:[.,]\d+)*", text.lower())
    )
    return frozenset(word for word in words if word not in EMPTY and len(word) > 1)


def novelty(sentence: str, known: frozenset[str]) -> float:
    own = grams(sentence)
    return len(own - known) / len(own) if own else 0.0


def says_the_same(sentence: str, title: str) -> bool:
    """Say whether nearly every word of the sentence already stands in the headline."""
    return novelty(sentence, grams(title)) < 0.25


def grams(text: str) -> frozenset[str]:
    """Return pairs of neighbouring words, or of characters where there are no blanks."""
    words = re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+", text.lower())
    return frozenset(f"{one} {two}" for one, two in pairwise(words))
