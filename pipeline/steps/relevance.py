"""Which of the articles a search found come first: by their titles, then by their texts."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

READ = 200  # articles whose texts are read to rank them; the rest keep their place after these
TITLE = 5  # a word in the title counts as so many in the text
# A word said ten times is not ten times as much about it, and long texts say more words: the
# usual constants of BM25. Not its weight by rarity: all words of a query stand in every article.
SATURATION, LENGTH = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Found:
    """An article that holds all words, by its id and title."""

    article_id: int
    title: str


def phrases(query: str) -> tuple[str, ...]:
    """Return what a query looks for: words, and what stands in quotation marks as one."""
    parts: list[str] = []
    for quoted, loose in re.findall(r'"([^"]*)"|([^"]+)', query):
        parts += [quoted] if quoted else loose.split()
    return tuple(filter(None, (folded(part).strip() for part in parts)))


def by_title(found: Sequence[Found], wanted: Sequence[str]) -> list[int]:
    """Return the articles' ids: those with more of the words in the title first, else as given."""
    said = {one.article_id: in_title(one.title, wanted) for one in found}
    return sorted(said, key=lambda article_id: -said[article_id])


def in_title(title: str, wanted: Sequence[str]) -> int:
    plain = folded(title)
    return sum(phrase in plain for phrase in wanted)


def by_text(
    ids: Sequence[int], texts: Mapping[int, tuple[str, str]], wanted: Sequence[str]
) -> list[int]:
    """Return ids, the best first; of equals the order given stays. `texts` are (title, text)."""
    if not texts:
        return list(ids)
    usual = sum(len(text) for _, text in texts.values()) / len(texts) or 1.0
    scores = {
        article_id: score(title, text, wanted, usual) for article_id, (title, text) in texts.items()
    }
    return sorted(ids, key=lambda article_id: -scores.get(article_id, 0.0))


def score(title: str, text: str, wanted: Sequence[str], usual: float) -> float:
    """Return how much an article is about the words; `usual` is the length texts have."""
    head, body = folded(title), folded(text)
    slack = SATURATION * (1 - LENGTH + LENGTH * len(body) / usual)
    found = 0.0
    for phrase in wanted:
        times = TITLE * head.count(phrase) + body.count(phrase)
        found += times / (times + slack)
    return round(found, 6)


def folded(text: str) -> str:
    """Return a text without case and accents, as the index has it."""
    lower = text.casefold()
    return lower if lower.isascii() else ACCENTS.sub("", unicodedata.normalize("NFKD", lower))


ACCENTS = re.compile("[\u0300-\u036f]")
