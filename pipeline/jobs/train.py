"""Retrain on what people said, let the gate decide, and tag the last month again."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.adapters.store import Store, models
from pipeline.adapters.store.models import StoredModel
from pipeline.adapters.store.review import training_labels
from pipeline.adapters.tagger import ArticleTagger
from pipeline.adapters.training import Judged, Trained, train
from pipeline.models.labels import LabelRule

logger = logging.getLogger(__name__)

UNLABELLED = 3000  # articles the glossary may label by itself: beyond, the student gains nothing
CUT = 1200  # characters: what the student reads of a text
RETAG = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What training brought: the model, whether it tags from now on, articles to tag again."""

    trained: Trained
    used: bool
    retag: int


@dataclass(frozen=True, slots=True)
class TrainPolicy:
    """Where models lie, which verdicts train where reviewers differ, how many make it due."""

    folder: Path
    labels: LabelRule = "newest"
    after_labels: int = 20


def is_due(store: Store, policy: TrainPolicy) -> bool:
    """Return whether enough labels came since the last training."""
    latest = max((model.created_at for model in models.listed(store)), default="")
    return models.labels_since(store, latest) >= policy.after_labels


def run(
    store: Store,
    tagger: ArticleTagger,
    policy: TrainPolicy,
    *,
    now: datetime,
    force: bool = False,
    dry_run: bool = False,
) -> TrainReport:
    """Train, judge, and unless `dry_run` store; a model the gate refuses is kept but not used.

    `force` uses it all the same. The files are on disk before the database names them.
    """
    trained = train(tagger, judged(store, policy.labels), unlabelled(store))
    used = trained.promoted or force
    logger.info("model_trained id=%s used=%s reason=%r", trained.id, used, trained.reason)
    if dry_run:
        return TrainReport(trained, False, 0)
    trained.save(policy.folder)
    with store.transaction():
        models.save(store, to_row(trained, tagger), now=now)
        if used:
            models.use(store, trained.id)
        retag = models.forget_tags(store, since=now - RETAG) if used else 0
    return TrainReport(trained, used, retag)


def judged(store: Store, rule: LabelRule) -> list[Judged]:
    found = []
    for article_id, topic, verdict in training_labels(store, rule):
        text = models.text_of(store, article_id)
        if text is not None:
            found.append(Judged(article_id, text[0], text[1][:CUT], topic, verdict))
    return found


def unlabelled(store: Store) -> Sequence[tuple[str, str]]:
    return [(title, text) for _, title, text in models.texts(store, limit=UNLABELLED, cut=CUT)]


def to_row(trained: Trained, tagger: ArticleTagger) -> StoredModel:
    return StoredModel(
        id=trained.id,
        made_of=trained.made_of,
        topics=tagger.topics_hash,
        trained_on={"labels": trained.reviews, "articles": trained.unlabelled},
        metrics={
            "held_out": trained.held_out,
            "before": dict(trained.before),
            "after": dict(trained.after),
            "promoted": trained.promoted,
            "reason": trained.reason,
        },
    )
