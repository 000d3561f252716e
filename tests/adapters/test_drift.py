"""Drift: silent with few articles, told when a topic's scores moved."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.adapters import drift
from pipeline.adapters.store import Store
from pipeline.adapters.store.times import to_text

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def fill(store: Store, count: int, *, days_ago: int, probability: float, first: int) -> None:
    moment = to_text(NOW - timedelta(days=days_ago))
    with store.transaction():
        for number in range(first, first + count):
            store.execute(
                "INSERT INTO articles (id, url, title, first_seen_at, status, tagged_by)"
                " VALUES (?,?,?,?,'ok','m')",
                (number, f"https://a.test/{number}", "t", moment),
            )
            spread = probability + (number % 7) * 0.01
            store.execute(
                "INSERT INTO tags (article_id, topic, probability, tagged, model_id, tagged_at)"
                " VALUES (?,'hbm',?,?,'m',?)",
                (number, spread, int(spread >= 0.5), moment),
            )


def test_few_articles_say_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "chipwire.db") as store:
        assert drift.weekly(store, NOW) is None
        fill(store, 50, days_ago=20, probability=0.1, first=1)
        fill(store, 50, days_ago=1, probability=0.9, first=51)
        assert drift.weekly(store, NOW) is None


def test_a_topic_whose_scores_moved_is_told_and_a_steady_one_is_not(tmp_path: Path) -> None:
    with Store(tmp_path / "chipwire.db") as store:
        fill(store, 250, days_ago=20, probability=0.1, first=1)
        fill(store, 250, days_ago=1, probability=0.1, first=300)
        found = drift.weekly(store, NOW)
        assert found is not None
        assert not found["topics"][0]["shifted"]
        fill(store, 250, days_ago=2, probability=0.8, first=600)
        found = drift.weekly(store, NOW)
        assert found is not None
        assert found["topics"][0]["shifted"]
        assert found["topics"][0]["tag_rate"] > found["topics"][0]["tag_rate_before"]
