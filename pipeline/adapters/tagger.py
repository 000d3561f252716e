"""The one door to `classifiers`: topics, the active model, and tags as the pipeline's values."""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError, ModelError
from pipeline.models.stories import BaselineLine
from pipeline.models.tags import Tag, Term, Topic
from pipeline.ports import TextBatch

if TYPE_CHECKING:
    from classifiers.glossary import TopicGlossary
    from classifiers.materials import Materials
    from classifiers.tagger import Scored, Tagger

SHORT = 12  # characters of a model's hash that name it


@dataclass(frozen=True, slots=True)
class Sources:
    """What a model is made of before anything was stored: folders and a file."""

    topics: Traversable
    vocabulary: Traversable
    seeds: Traversable


@dataclass(frozen=True, slots=True)
class ActiveModel:
    """The trained model that tags: the hash of what made it, and of the topics it knows."""

    made_of: str
    topics: str


class ArticleTagger:
    """Tags articles with the topics of a home; implements `pipeline.ports.Tagger`.

    Tags with the active model if its files are whole and its topics are still these; else
    with the cold start's: topics, seed and written examples, nothing else. Models are cached
    in `models`, one folder each; what does not fit is made again, never trusted.
    """

    def __init__(self, sources: Sources, *, models: Path, active: ActiveModel | None) -> None:
        self._sources = sources
        self._models = models
        self._active = active

    @cached_property
    def glossaries(self) -> "tuple[TopicGlossary, ...]":
        """The topics as their files state them. Raises ConfigError where one makes no sense."""
        from classifiers.errors import GlossaryError
        from classifiers.glossary import load_topics

        try:
            return load_topics([self._sources.topics], vocabulary=self._sources.vocabulary)
        except GlossaryError as error:
            raise ConfigError(
                "a topic makes no sense", why=error.reason, fix=error.fix or "mend it in topics/"
            ) from error

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics as a person reads them."""
        return tuple(
            Topic(topic.name, topic.title, topic.description, topic.tag_from)
            for topic in self.glossaries
        )

    @cached_property
    def topics_hash(self) -> str:
        """The hash of all topics as understood: a model fits only these."""
        return hashlib.sha256(repr(self.glossaries).encode()).hexdigest()

    @cached_property
    def materials(self) -> "Materials":
        """What the cold start's model is made of: topics, seed and written examples."""
        from classifiers.baseline import load_baseline
        from classifiers.materials import Materials, load_examples, names

        seeds = self._sources.seeds
        return Materials(
            self.glossaries,
            load_baseline(seeds),
            load_examples(seeds / "examples", topics=names(self.glossaries)),
        )

    @cached_property
    def why_not_active(self) -> str:
        """Why the active model does not tag although there is one, or ""."""
        return self._loaded[1]

    @property
    def model(self) -> "Tagger":
        """The model that tags."""
        return self._loaded[0]

    @property
    def model_id(self) -> str:
        """The short name of the model that tags."""
        return self.model.model_id[:SHORT]

    @property
    def used(self) -> ActiveModel:
        """The model that tags, found or made: other processes load it and need not ask again."""
        return ActiveModel(self.model.model_id, self.topics_hash)

    @cached_property
    def _loaded(self) -> "tuple[Tagger, str]":
        from classifiers.errors import ModelFileError
        from classifiers.tagger import identity, load, load_or_train

        reason = ""
        if self._active is not None:
            try:
                if self._active.topics != self.topics_hash:
                    raise ModelFileError("the topics have changed since it was trained")
                folder = self._models / self._active.made_of[:SHORT]
                return load(folder, self.glossaries, model_id=self._active.made_of), ""
            except ModelFileError as error:
                reason = error.reason
        made_of = identity(self.materials)
        folder = self._models / made_of[:SHORT]
        try:
            return load_or_train(folder, self.materials, made_of=made_of)[0], reason
        except OSError as error:
            raise ModelError(
                f"{self._models} cannot be written", why=str(error), fix="check its permissions"
            ) from error

    def tag(self, batch: TextBatch) -> list[Tag]:
        """Return a tag for every topic of every text, in order."""
        scored = self.model.tag([(title, text) for _, title, text in batch])
        return [
            to_tag(article_id, score, self.model_id)
            for (article_id, _, _), scores in zip(batch, scored, strict=True)
            for score in scores
        ]


def to_tag(article_id: int, score: "Scored", model_id: str) -> Tag:
    return Tag(
        article_id=article_id,
        topic=score.topic,
        probability=score.probability,
        tagged=score.tagged,
        outcome=score.outcome,
        evidence=score.evidence,
        terms=tuple(Term(term.name, term.weight, term.offset) for term in score.terms),
        model_id=model_id,
    )


def load_baseline(seeds: Traversable) -> Sequence[BaselineLine]:
    """Return the seed article's statements, line by line, each with the day it appeared, and
    with what it claims of how things stand."""
    from classifiers.baseline import load_baseline as load

    parts = tomllib.loads((seeds / "articles.toml").read_text(encoding="utf-8"))
    days = {name: part["published"] for name, part in parts.items()}
    table = tomllib.loads((seeds / "claims.toml").read_text(encoding="utf-8"))
    claims = {claim["line"]: claim for claim in table["claim"]}
    return [
        BaselineLine(
            passage.line, passage.article, passage.kind, tuple(passage.topics), passage.text,
            days.get(passage.article), claims.get(passage.line, {}).get("says", ""),
            tuple(map(frozenset, claims.get(passage.line, {}).get("about", ()))),
        )
        for passage in load(seeds)
    ]  # fmt: skip
