"""Scores extraction on the sample newsroom, per template: python -m benchmarks.newsroom_extraction.

F1 over 4-gram shingles (words; characters where the text is Chinese, Korean or Japanese),
beside trafilatura's defaults without comments; then how many titles, days, times (within a
minute), authors and canonical addresses are right. What a page does not say is right when
empty; a page that shows only a day is right with that day.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import trafilatura

from pipeline.adapters.newsroom import load_archive
from pipeline.models.articles import Extracted, PageTask
from pipeline.steps.extraction import extract
from pipeline.steps.extraction.decoding import decode
from pipeline.steps.newsroom.site import render_site
from pipeline.steps.newsroom.values import Resource, Truth

ANCHOR = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
DAY = re.compile(r"2026\s?[-/.年년]|\d\.?,?\s(?:\w+\s)?2026")
CLOCK = re.compile(r"\d\d?[:時时]\s?\d\d")
CJK = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3]")
COLUMNS = "text", "bare", "title", "day", "time", "author", "canonical", "parts"


@dataclass(frozen=True, slots=True)
class Score:
    """One page: F1 of ours and of bare trafilatura, and what else was right."""

    text: float
    bare: float
    title: bool
    day: bool
    time: bool
    author: bool
    canonical: bool
    parts: bool


def shingles(text: str, *, characters: bool) -> Counter[tuple[str, ...]]:
    tokens = re.findall(r"\w" if characters else r"\w+", text)
    return Counter(tuple(tokens[start : start + 4]) for start in range(len(tokens) - 3))


def f1(expected: str, found: str) -> float:
    characters = len(CJK.findall(expected)) > len(expected) / 4
    left, right = (shingles(text, characters=characters) for text in (expected, found))
    return 2 * (left & right).total() / max(1, left.total() + right.total())


def score(truth: Truth, url: str, resource: Resource, *, bare: bool = True) -> Score:
    found: Extracted = extract(PageTask(1, url, resource.body, resource.content_type))
    theirs = trafilatura.extract(resource.body, include_comments=False) or "" if bare else ""
    when = found.published_at or datetime.min.replace(tzinfo=UTC)
    said = decode(resource.body, resource.content_type)
    return Score(
        text=f1(truth.text, found.text),
        bare=f1(truth.text, theirs),
        title=unicodedata.normalize("NFKC", found.title)
        == unicodedata.normalize("NFKC", truth.title),
        day=when.date() == truth.published_at.date()
        or not (found.published_at or DAY.search(said)),
        time=abs(when - truth.published_at) < timedelta(minutes=1) or not CLOCK.search(said),
        author=found.author == (truth.author if truth.author in said else ""),
        canonical=found.canonical_url == (truth.url if 'rel="canonical"' in said else ""),
        parts=len(found.parts) == len(truth.parts),
    )


def measure(*, bare: bool = True) -> dict[str, list[Score]]:
    """Return the scores of every page by outlet, mobile and AMP twins and glued pages apart."""
    site = render_site(load_archive(), anchor=ANCHOR, moment=ANCHOR)
    rows: dict[str, list[Score]] = defaultdict(list)
    for truth in site.truth:
        name = truth.id.split("/")[0] + (", glued" if truth.parts else "")
        rows[name].append(score(truth, truth.url, site.resources[truth.url], bare=bare))
        for twin in truth.twins:
            rows[f"{name}, twin"].append(score(truth, twin, site.resources[twin], bare=bare))
    return dict(rows)


def means(scores: list[Score]) -> dict[str, float]:
    return {name: sum(getattr(one, name) for one in scores) / len(scores) for name in COLUMNS}


def main() -> None:
    rows = measure()
    print(f"{'outlet':20} {'pages':>5} " + " ".join(f"{column:>9}" for column in COLUMNS))
    rows["all"] = [score for scores in rows.values() for score in scores]
    for name, scores in rows.items():
        figures = means(scores).values()
        print(f"{name:20} {len(scores):5} " + " ".join(f"{figure:9.3f}" for figure in figures))


if __name__ == "__main__":
    main()
