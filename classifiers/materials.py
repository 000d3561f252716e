"""What a tagger is made of: topics, the seed, written examples, stored articles, reviews."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from importlib.resources.abc import Traversable
from typing import Any

from classifiers.baseline import Passage
from classifiers.errors import ExamplesError
from classifiers.glossary import TopicGlossary

EXAMPLE_KEYS = frozenset(("title", "text", "labels"))


@dataclass(frozen=True, slots=True)
class Example:
    """A short text and all the topics it is about, written by us to train on."""

    title: str
    text: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A person's verdict on one topic of one article."""

    title: str
    text: str
    topic: str
    verdict: bool


@dataclass(frozen=True, slots=True)
class Materials:
    """All that a tagger is trained from; only `topics` is indispensable.

    `unlabelled` holds (title, text) of stored articles: the glossary labels the clear ones.
    """

    topics: tuple[TopicGlossary, ...]
    baseline: tuple[Passage, ...] = ()
    examples: tuple[Example, ...] = ()
    unlabelled: tuple[tuple[str, str], ...] = ()
    reviews: tuple[Review, ...] = ()

    def fingerprint(self) -> str:
        """Return a hash of everything in here: equal materials, equal hash, on any machine."""
        content = json.dumps(asdict(self), ensure_ascii=True, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def load_examples(folder: Traversable, *, topics: Collection[str]) -> tuple[Example, ...]:
    """Return the examples of `*.jsonl` in `folder`, file by file in order of name.

    Each line is an object with `title`, `labels` and perhaps `text`. A label that is none of
    `topics` is left out: someone may watch fewer topics. Raises ExamplesError.
    """
    found: list[Example] = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else ():
        if file.name.endswith(".jsonl"):
            lines = file.read_text(encoding="utf-8").splitlines()
            found += [
                _example(line, f"{file.name}: line {number}", topics)
                for number, line in enumerate(lines, start=1)
                if line.strip()
            ]
    return tuple(found)


def _example(line: str, where: str, topics: Collection[str]) -> Example:
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise ExamplesError(f"{where}: not JSON: {error}") from error
    if not isinstance(row, dict) or not isinstance(row.get("title"), str) or not row["title"]:
        raise ExamplesError(f"{where}: no title")
    unknown = row.keys() - EXAMPLE_KEYS
    if unknown:
        raise ExamplesError(f"{where}: unknown key {min(unknown)!r}")
    labels, text = row.get("labels"), row.get("text", "")
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ExamplesError(f"{where}: labels must be a list of topics")
    if not isinstance(text, str):
        raise ExamplesError(f"{where}: text must be text")
    return Example(row["title"], text, tuple(label for label in labels if label in topics))


def joined(title: str, text: str) -> str:
    """Return title and text as the student reads them: the title is the first line."""
    return f"{title}\n{text}" if text else title


def names(topics: Sequence[TopicGlossary]) -> tuple[str, ...]:
    """Return the topics' names in order."""
    return tuple(topic.name for topic in topics)
