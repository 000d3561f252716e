"""Finds words of the field that name one thing in several languages, by a table of spellings."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.errors import ConfigError

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_HAS_CJK = re.compile(f"[{CJK}]")
_WORD = re.compile(r"[a-z0-9\u00df-\u024f]+")


@dataclass(frozen=True)
class Concepts:
    """The table of spellings, made ready: Latin ones by their stems, the others as a pattern."""

    latin: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]  # by first stem, longest first
    cjk: Mapping[str, str]

    @cached_property
    def cjk_pattern(self) -> re.Pattern[str]:
        """The longest of the CJK spellings at each place; compiled by the first text."""
        return longest_first(self.cjk)


def load(data: bytes, name: str) -> Concepts:
    """Return the concepts of a table; `name` stands for it in errors.

    Raises:
        ConfigError: the table is no TOML, or an entry is no list of texts.
    """
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{name} is not valid TOML", why=str(error)) from error
    latin: dict[tuple[str, ...], str] = {}
    cjk: dict[str, str] = {}
    for concept, spellings in table.items():
        if not isinstance(spellings, list) or not all(isinstance(one, str) for one in spellings):
            raise ConfigError(f"{name}: `{concept}`", why="must be a list of texts")
        for spelling in filter(str.strip, spellings):
            if _HAS_CJK.search(spelling):
                cjk.setdefault(spelling, concept)
            else:
                latin.setdefault(tuple(stems(_WORD.findall(spelling.lower()))), concept)
    return Concepts(_by_first(latin), cjk)


def _by_first(
    spellings: Mapping[tuple[str, ...], str],
) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    grouped: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words in sorted(spellings, key=lambda words: (-len(words), words)):
        grouped.setdefault(words[0], []).append((words, spellings[words]))
    return {first: tuple(rows) for first, rows in grouped.items()}


def longest_first(spellings: Mapping[str, object]) -> re.Pattern[str]:
    """Return a pattern that finds the longest of the spellings at each place; never of none."""
    tails: dict[str, list[str]] = {}
    for text in sorted(spellings, key=lambda text: (-len(text), text)):
        tails.setdefault(text[0], []).append(re.escape(text[1:]))
    # Branches by first character: 6,230 short articles a second against 3,470 with one flat
    # alternation of 835 names (2 shared cores).
    branches = (f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in tails.items())
    starts = "".join(re.escape(first) for first in tails)
    return re.compile(f"(?=[{starts}])(?:{'|'.join(branches)})" if tails else r"(?!)")


@dataclass(frozen=True, slots=True)
class Found:
    """The concepts a text names with their counts, and what is left of it without them."""

    counts: Counter[str]
    rest: str
    words: tuple[str, ...]


def find(text: str, words: Sequence[str], concepts: Concepts) -> Found:
    """Find the concepts in a text of small letters, `words` being the stems of its Latin words.

    What is left has "、" for each ideograph that was part of a concept.
    """
    counts: Counter[str] = Counter()
    if _HAS_CJK.search(text):
        counts.update(concepts.cjk[one] for one in concepts.cjk_pattern.findall(text))
        text = concepts.cjk_pattern.sub(lambda match: "、" * len(match[0]), text)
    left: list[str] = []
    after = 0  # a word that is part of a longer name is not counted by itself
    for place, word in enumerate(words):
        if place < after:
            continue
        for spelling, concept in concepts.latin.get(word, ()):
            if tuple(words[place : place + len(spelling)]) == spelling:
                counts[concept] += 1
                after = place + len(spelling)
                break
        else:
            left.append(word)
    return Found(counts, text, tuple(left))


def stems(words: Sequence[str]) -> list[str]:
    """Return English words without their commonest endings; the same stem, not a word."""
    return [stem(word) for word in words]


def stem(word: str) -> str:
    """Return a word without -s, -ed, -ing and the like: enough to meet its other forms."""
    if len(word) < 4 or not word.isalpha():
        return word
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: len(word) - len(ending)] + instead
            if ending.endswith(("ed", "ing", "ings")) and word[-1] == word[-2] not in "lsz":
                word = word[:-1]
            break
    return word.removesuffix("e")


ENDINGS = (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("us", "us"), ("ings", ""), ("ing", ""),
           ("ed", ""), ("s", ""))  # fmt: skip
