"""TopicClassifier with its defaults on Reuters-21578, or on a made-up collection of its shape.

    python -m benchmarks.reuters FOLDER     the folder with reut2-000.sgm … reut2-021.sgm
    python -m benchmarks.reuters            the made-up collection (no bar applies)

Bars on the real one (ModApte split, the 90 topics with a training and a test text): micro F1
≥ .890, macro F1 ≥ .61, training ≤ 15 s of CPU. The collection is free for research and is not
part of this repository.
"""

import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import numpy as np

from benchmarks.longtail import LongTail
from classifiers import TopicClassifier

BARS = {"micro F1": 0.890, "macro F1": 0.61}
TRAINING_SECONDS = 15.0

_STORY = re.compile(r"<REUTERS(?P<head>[^>]*)>(?P<story>.*?)</REUTERS>", re.DOTALL)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_TOPICS = re.compile(r"<TOPICS>(.*?)</TOPICS>", re.DOTALL)
_NAME = re.compile(r"<D>(.*?)</D>")
_TITLE = re.compile(r"<TITLE>(.*?)</TITLE>", re.DOTALL)
_BODY = re.compile(r"<BODY>(.*?)</BODY>", re.DOTALL)
_TEXT = re.compile(r"<TEXT[^>]*>(.*?)</TEXT>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Story:
    """One story of the collection: its part in the ModApte split, text and topics."""

    part: str
    text: str
    topics: frozenset[str]


def stories(sgm: str) -> Iterator[Story]:
    """Yield the stories of one file that the ModApte split uses (part "train" or "test")."""
    for match in _STORY.finditer(sgm):
        head = dict(_ATTRIBUTE.findall(match["head"]))
        part = {"TRAIN": "train", "TEST": "test"}.get(head.get("LEWISSPLIT", ""))
        if part is None or head.get("TOPICS") != "YES":
            continue
        topics = _TOPICS.search(match["story"])
        names = _NAME.findall(topics[1]) if topics else []
        yield Story(part, _text(match["story"]), frozenset(names))


def _text(story: str) -> str:
    """Return title, line break, body; all the text where a story has no marked body."""
    title, body = _TITLE.search(story), _BODY.search(story)
    if body is None:
        text = _TEXT.search(story)
        rest = _TITLE.sub("", text[1]) if text else ""
        body_text = _TAG.sub(" ", rest)
    else:
        body_text = body[1]
    lines = [unescape(title[1]).strip() if title else "", unescape(body_text).strip()]
    return "\n".join(line for line in lines if line)


def split(read: Iterable[Story]) -> tuple[list[Story], list[Story]]:
    """Return training and test stories with only the topics that both have, none without one."""
    every = list(read)
    named = {
        part: frozenset().union(*(story.topics for story in every if story.part == part))
        for part in ("train", "test")
    }
    shared = named["train"] & named["test"]
    kept = [Story(s.part, s.text, s.topics & shared) for s in every if s.topics & shared]
    return [s for s in kept if s.part == "train"], [s for s in kept if s.part == "test"]


def f1_scores(truth: list[frozenset[str]], told: list[frozenset[str]]) -> dict[str, float]:
    """Return micro and macro F1; a topic that is never told scores 0."""
    topics = sorted(frozenset().union(*truth))
    right = np.array(
        [sum(t in a and t in b for a, b in zip(truth, told, strict=True)) for t in topics]
    )
    named = np.array([sum(t in a for a in truth) + sum(t in b for b in told) for t in topics])
    return {
        "micro F1": float(2 * right.sum() / named.sum()),
        "macro F1": float((2 * right / named).mean()),
    }


def main(arguments: list[str]) -> int:
    """Print the figures; 1 when a bar is missed, 0 otherwise and when the files are not there."""
    if arguments:
        files = sorted(Path(arguments[0]).glob("*.sgm"))
        if not files:
            print(f"skipped: no .sgm files in {arguments[0]}")
            return 0
        train, test = split(s for file in files for s in stories(file.read_text("latin-1")))
    else:
        made_up = LongTail(0)
        drawn, unseen = made_up.draw(7770), made_up.draw(3019)
        train = [Story("train", *pair) for pair in zip(drawn.texts, drawn.labels, strict=True)]
        test = [Story("test", *pair) for pair in zip(unseen.texts, unseen.labels, strict=True)]
    return report(train, test, barred=bool(arguments))


def report(train: list[Story], test: list[Story], *, barred: bool) -> int:
    """Train, predict and print; return 1 when a bar that applies is missed."""
    started = time.process_time()
    model = TopicClassifier().fit([s.text for s in train], [s.topics for s in train])
    fitted = time.process_time()
    told = model.predict([s.text for s in test])
    predicted = time.process_time()
    scores = f1_scores([s.topics for s in test], told)
    seconds = fitted - started
    print(f"{len(train)} training and {len(test)} test texts, {len(model.classes_)} topics")
    for name, score in scores.items():
        print(f"{name}  {score:.4f}" + (f"  (bar {BARS[name]})" if barred else ""))
    print(f"training  {seconds:.1f} s of CPU  (bar {TRAINING_SECONDS})")
    print(f"predicting  {len(test) / (predicted - fitted):,.0f} texts a CPU second")
    missed = [name for name, bar in BARS.items() if barred and scores[name] < bar]
    return int(bool(missed) or seconds > TRAINING_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
