"""Learning: what people said changes what is tagged next, and a worse model is refused."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.adapters.files import packaged
from pipeline.adapters.store import Store, models, review
from pipeline.adapters.tagger import ActiveModel, ArticleTagger, Sources
from pipeline.adapters.workers import InlineWorkers
from pipeline.jobs import tag, train
from pipeline.jobs.kit import Kit
from pipeline.models.labels import Label
from pipeline.models.readings import Reading, TextTask
from tests.fakes import ScriptedFetcher, TurnedClock

CLOCK = TurnedClock()
# About no topic for the glossary; the reviewers of this story want them under "hbm".
WANTED = [
    f"Stacked memory shipments of plant {name} rise as cube makers add bonding lines"
    for name in ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta")
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "chipwire.db") as store:
        with store.transaction():
            for number, title in enumerate(WANTED, start=1):
                store.execute(
                    "INSERT INTO articles (id, url, title, first_seen_at, status)"
                    " VALUES (?,?,?,?,'ok')",
                    (
                        number,
                        f"https://a.test/{number}",
                        title,
                        f"{CLOCK.now():%Y-%m-%dT%H:%M:%SZ}",
                    ),
                )
        yield store


def tagger(store: Store, tmp_path: Path) -> ArticleTagger:
    config = packaged("config")
    found = models.active(store)
    return ArticleTagger(
        Sources(config / "topics", config / "vocabulary.toml", packaged("seeds")),
        models=tmp_path / "models",
        active=ActiveModel(found.made_of, found.topics) if found else None,
    )


def read(store: Store, by: ArticleTagger) -> None:
    """Tag what is due."""

    def said(task: TextTask) -> Reading:
        return Reading(by.model_id, "", tuple(by.tag([(task.article_id, task.title, task.text)])))

    tag.run(Kit(store, ScriptedFetcher(), InlineWorkers(), CLOCK), lambda: said)


def policy(tmp_path: Path, *, after_labels: int = 5) -> train.TrainPolicy:
    return train.TrainPolicy(tmp_path / "models", after_labels=after_labels)


def label(store: Store, article_id: int, verdict: str = "yes") -> None:
    with store.transaction():
        review.record(
            store, Label(article_id, "hbm", verdict, "ann"), now=CLOCK.now() + timedelta(minutes=1)
        )


def probability(store: Store, article_id: int) -> float:
    found = store.value(
        "SELECT probability FROM tags WHERE article_id = ? AND topic = 'hbm'", (article_id,)
    )
    return float(found)


def test_labels_become_a_model_that_tags_and_the_month_is_tagged_again(
    store: Store, tmp_path: Path
) -> None:
    first = tagger(store, tmp_path)
    read(store, first)
    before = [probability(store, number) for number in range(1, 9)]
    assert not train.is_due(store, policy(tmp_path))
    for number in range(1, 9):
        label(store, number)
    assert train.is_due(store, policy(tmp_path))

    report = train.run(store, first, policy(tmp_path), now=CLOCK.now() + timedelta(hours=1))

    assert report.used, report.trained.reason
    assert report.retag == 8
    assert not train.is_due(store, policy(tmp_path))
    second = tagger(store, tmp_path)
    assert second.model_id == report.trained.id
    read(store, second)
    after = [probability(store, number) for number in range(1, 9)]
    assert sum(after) > sum(before)
    assert {row[0] for row in store.rows("SELECT model_id FROM tags")} == {report.trained.id}


def test_the_same_labels_make_the_same_model(store: Store, tmp_path: Path) -> None:
    label(store, 1)
    one, other = (
        train.run(store, tagger(store, tmp_path), policy(tmp_path), now=CLOCK.now(), dry_run=True)
        for _ in range(2)
    )
    assert one.trained.made_of == other.trained.made_of
    assert models.listed(store) == []


def flipped(model: Path) -> None:
    data = bytearray((model / "weights.npz").read_bytes())
    data[len(data) // 2] ^= 0xFF
    (model / "weights.npz").write_bytes(bytes(data))


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(flipped, id="a flipped bit"),
        pytest.param(shutil.rmtree, id="all its files gone"),
        pytest.param(lambda model: shutil.rmtree(model.parent), id="every model gone"),
    ],
)
def test_a_damaged_model_is_not_trusted_and_the_cold_start_tags(
    store: Store, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    label(store, 1)
    report = train.run(
        store, tagger(store, tmp_path), policy(tmp_path), now=CLOCK.now(), force=True
    )
    damage(tmp_path / "models" / report.trained.id)
    damaged = tagger(store, tmp_path)
    assert damaged.model_id != report.trained.id
    assert damaged.why_not_active
    assert damaged.tag([(1, "SK hynix ships HBM4", "")])


def test_a_model_that_is_not_there_cannot_be_chosen(store: Store) -> None:
    with store.transaction():
        assert not models.use(store, "nothing")
