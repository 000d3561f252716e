"""The one door to `classifiers`: topics, the active model, and tags as the pipeline's values."""

from collections.abc import Sequence
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError
from pipeline.models.stories import BaselineLine
from pipeline.models.tags import Tag, Term, Topic
from pipeline.ports import TextBatch

if TYPE_CHECKING:
    from classifiers.glossary import TopicGlossary
    from classifiers.materials import Materials
    from classifiers.tagger import Scored, Tagger


class ArticleTagger:
    """Tags articles with the topics of a home; implements `pipeline.ports.Tagger`."""

    def __init__(self, *, topics: Traversable, vocabulary: Traversable, seeds: Traversable) -> None:
        self._topics = topics
        self._vocabulary = vocabulary
        self._seeds = seeds

    @cached_property
    def glossaries(self) -> "tuple[TopicGlossary, ...]":
        """The topics as their files state them. Raises ConfigError where one makes no sense."""
        from classifiers.errors import GlossaryError
        from classifiers.glossary import load_topics

        try:
            return load_topics([self._topics], vocabulary=self._vocabulary)
        except GlossaryError as error:
            raise ConfigError("a topic makes no sense", why=error.reason, fix=error.fix) from error

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics as a person reads them."""
        return tuple(Topic(topic.name, topic.title, topic.description) for topic in self.glossaries)

    @cached_property
    def materials(self) -> "Materials":
        """What the model is made of: topics, seed and written examples."""
        from classifiers.baseline import load_baseline
        from classifiers.materials import Materials, load_examples, names

        return Materials(
            self.glossaries,
            load_baseline(self._seeds),
            load_examples(self._seeds / "examples", topics=names(self.glossaries)),
        )

    @cached_property
    def model(self) -> "Tagger":
        """The active model."""
        from classifiers.tagger import train

        return train(self.materials)

    @cached_property
    def model_id(self) -> str:
        """The hash of all that made the model: its materials, the code and its libraries."""
        from classifiers.tagger import identity

        return identity(self.materials)[:12]

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
    """Return the seed article's statements, line by line."""
    from classifiers.baseline import load_baseline as load

    return [
        BaselineLine(
            passage.line, passage.article, passage.kind, tuple(passage.topics), passage.text
        )
        for passage in load(seeds)
    ]
