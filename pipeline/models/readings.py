"""Readings: what a worker finds in a page or a text, in plain values that travel."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.models.articles import Extracted
from pipeline.models.tags import Tag


@dataclass(frozen=True, slots=True)
class TextTask:
    """A stored text to read again: after another model, or where no page came."""

    article_id: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says: its topics, the companies it names, the sketch copies meet by.

    `tags` hold every topic of the model `model_id`, also where the answer is no.
    `content_hash` tells the text that was read.
    """

    model_id: str
    content_hash: str = ""
    tags: tuple[Tag, ...] = ()
    mentions: Mapping[str, int] = field(default_factory=dict)
    sketch: frozenset[int] = frozenset()

    @property
    def on_topic(self) -> bool:
        """Whether any topic is tagged."""
        return any(tag.tagged for tag in self.tags)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page's article, and what it and each of its parts say, in that order.

    A page that holds no article has no readings. The article keeps the lines that its site
    repeats, to learn them by; read it was without those known when the page came.
    """

    article: Extracted
    readings: tuple[Reading, ...] = ()
