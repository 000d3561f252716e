"""Training a model on what people said, and judging it against the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.adapters.tagger import SHORT, ArticleTagger

if TYPE_CHECKING:
    from classifiers.gate import Figures
    from classifiers.tagger import Tagger


@dataclass(frozen=True, slots=True)
class Judged:
    """A person's verdict on one topic of one stored article."""

    article_id: int
    title: str
    text: str
    topic: str
    verdict: bool


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model and the judgement on it; `before` and `after` are the gate's figures."""

    made_of: str
    reviews: int
    held_out: int
    unlabelled: int
    promoted: bool
    reason: str
    before: Mapping[str, float | int | None]
    after: Mapping[str, float | int | None]
    model: "Tagger"

    @property
    def id(self) -> str:
        return self.made_of[:SHORT]

    def save(self, models: Path) -> None:
        """Write the model's files. Raises OSError."""
        self.model.save(models / self.id)


def train(
    tagger: ArticleTagger, judged: Sequence[Judged], unlabelled: Sequence[tuple[str, str]]
) -> Trained:
    """Train on topics, seed, examples, stored articles and verdicts; judge on the held-out fifth.

    Deterministic: the same database makes the same model. An article keeps its side of the
    split for ever, so no model is trained on what judges it.
    """
    from classifiers import gate
    from classifiers.materials import Review
    from classifiers.tagger import train as learn

    sides = gate.held_out([verdict.article_id for verdict in judged])
    held = [verdict for verdict, kept in zip(judged, sides, strict=True) if kept]
    reviews = tuple(
        Review(verdict.title, verdict.text, verdict.topic, verdict.verdict)
        for verdict, kept in zip(judged, sides, strict=True)
        if not kept
    )
    materials = replace(tagger.materials, unlabelled=tuple(unlabelled), reviews=reviews)
    model = learn(materials)
    before, after = figures(tagger.model, held), figures(model, held)
    verdict = gate.judge(before, after)
    return Trained(
        made_of=model.model_id,
        reviews=len(reviews),
        held_out=len(held),
        unlabelled=len(unlabelled),
        promoted=verdict.promoted,
        reason=verdict.reason,
        before=as_values(before),
        after=as_values(after),
        model=model,
    )


def as_values(found: "Figures") -> dict[str, float | int | None]:
    return {"articles": found.texts, "micro_f1": found.micro_f1, "off_topic": found.off_topic}


def figures(model: "Tagger", held: Sequence[Judged]) -> "Figures":
    """Return a model's figures on verdicts it has not seen; only judged cells count.

    An article is off-topic when every verdict on it is "no".
    """
    from classifiers.gate import Figures

    articles = {verdict.article_id: (verdict.title, verdict.text) for verdict in held}
    scored = model.tag(list(articles.values()))
    told = {
        article_id: {score.topic for score in scores if score.tagged}
        for article_id, scores in zip(articles, scored, strict=True)
    }
    hits = sum(v.verdict and v.topic in told[v.article_id] for v in held)
    tagged = sum(v.topic in told[v.article_id] for v in held)
    named = sum(v.verdict for v in held)
    on_topic = {verdict.article_id for verdict in held if verdict.verdict}
    off_topic = [article_id for article_id in articles if article_id not in on_topic]
    wrong = sum(bool(told[article_id]) for article_id in off_topic)
    return Figures(
        texts=len(articles),
        micro_f1=2 * hits / (tagged + named) if tagged + named else 1.0,
        off_topic=wrong / len(off_topic) if off_topic else None,
    )
