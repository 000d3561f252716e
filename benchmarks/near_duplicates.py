"""How well sketches find edited copies, and how often they see one where there is none.

    python benchmarks/near_duplicates.py [ARTICLES.jsonl] [--seed N]

Without a file over the newsroom. Each line holds `text` and, where known, `story`: articles of
one story may resemble each other and are not counted as false hits. Every article is edited in
each of the ways below; a hit is a relation other than "none" to the article it was made from.
"""

import argparse
import json
import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.adapters.newsroom import load_archive
from pipeline.steps import sketch

SENTENCE = re.compile(r"[^。！？.!?\n]+[。！？.!?\n]*\s*")
WORD = re.compile(r"\s+|[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+")
BANNER = "Sign up for our morning newsletter. Accept cookies to go on reading this site. "
FOOT = " This copy was supplied by a partner agency and has not been edited. All rights reserved."

Edit = Callable[[str, random.Random, Sequence[str]], str]


@dataclass(frozen=True)
class Text:
    text: str
    story: str


def syndicated(text: str, _chance: random.Random, _others: Sequence[str]) -> str:
    return BANNER + text + FOOT


def words_replaced(share: float) -> Edit:
    def edit(text: str, chance: random.Random, others: Sequence[str]) -> str:
        foreign = [word for word in WORD.findall(chance.choice(others)) if word.strip()]
        return "".join(
            chance.choice(foreign) if word.strip() and chance.random() < share else word
            for word in WORD.findall(text)
        )

    return edit


def cut(share: float) -> Edit:
    def edit(text: str, _chance: random.Random, _others: Sequence[str]) -> str:
        return text[: round(len(text) * share)]

    return edit


def shuffled(text: str, chance: random.Random, _others: Sequence[str]) -> str:
    sentences = SENTENCE.findall(text)
    chance.shuffle(sentences)
    return " ".join(sentences)


def lead_rewritten(text: str, chance: random.Random, others: Sequence[str]) -> str:
    lead = SENTENCE.findall(chance.choice(others))[:2]
    return " ".join([*lead, *SENTENCE.findall(text)[2:]])


def glued(text: str, chance: random.Random, others: Sequence[str]) -> str:
    foreign = [chance.choice(others) for _ in range(3)]
    return "\n".join([foreign[0], text, *foreign[1:]])


EDITS: dict[str, Edit] = {
    "syndicated": syndicated,
    "cut to 60 %": cut(0.6),
    "first 30 %": cut(0.3),
    "shuffled": shuffled,
    "lead rewritten": lead_rewritten,
    "three glued on": glued,
    "5 % edit": words_replaced(0.05),
    "15 % edit": words_replaced(0.15),
}


def load(path: Path) -> list[Text]:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    texts = [Text(row["text"], str(row.get("story") or at)) for at, row in enumerate(rows)]
    return [text for text in texts if sketch.sketch(text.text)]


def newsroom() -> list[Text]:
    """Return the newsroom's articles, each with the story it tells."""
    drafts = load_archive().drafts
    texts = ("\n".join(block.text for block in draft.versions[0].blocks) for draft in drafts)
    stories = (draft.story or draft.id for draft in drafts)
    return [Text(text, story) for text, story in zip(texts, stories, strict=True)]


def recall(texts: Sequence[Text], edit: Edit, *, seed: int) -> float:
    """Return the share of edited articles whose original was recognised."""
    chance = random.Random(seed)
    found = 0
    for text in texts:
        others = [other.text for other in texts if other.story != text.story]
        edited = sketch.sketch(edit(text.text, chance, others))
        found += sketch.relation(edited, sketch.sketch(text.text)) != "none"
    return found / len(texts)


def false_hits(texts: Sequence[Text]) -> float:
    """Return the share of untouched articles that match one of another story."""
    sketches = [sketch.sketch(text.text) for text in texts]
    hit = sum(
        any(
            other.story != text.story and sketch.relation(own, theirs) != "none"
            for other, theirs in zip(texts, sketches, strict=True)
        )
        for text, own in zip(texts, sketches, strict=True)
    )
    return hit / len(texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=Path, nargs="?")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    texts = load(options.articles) if options.articles else newsroom()
    sketch.sketch(texts[0].text)  # loads numpy
    start = time.process_time()
    for text in texts:
        sketch.sketch(text.text)
    spent = (time.process_time() - start) * 1000 / len(texts)
    print(f"{len(texts)} articles, {spent:.2f} ms CPU a sketch")
    for name, edit in EDITS.items():
        print(f"{name:<16} recall {recall(texts, edit, seed=options.seed):.3f}")
    print(f"{'untouched':<16} false hits {false_hits(texts):.4f}")


if __name__ == "__main__":
    main()
