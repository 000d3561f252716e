"""What to review next: the shares, no article twice, the same choice each time."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.selection import Candidates, choose

TOPICS = ("common", "rare", "rarest")


def candidates(size: int = 400, seed: int = 0) -> Candidates:
    return Candidates(
        articles=[f"article {n}" for n in range(size)],
        topics=TOPICS,
        probabilities=np.random.default_rng(seed).beta(0.3, 3, (size, 3)),
        thresholds=(0.5, 0.4, 0.3),
        support=(900, 9, 2),
    )


def test_the_shares_of_a_batch() -> None:
    chosen = choose(candidates(), 100)
    assert Counter(choice.reason for choice in chosen) == {"doubtful": 60, "rare": 25, "random": 15}
    assert len({choice.article for choice in chosen}) == 100


def test_the_first_is_the_closest_to_a_threshold() -> None:
    pool = candidates(3)
    pool.probabilities[:] = [[0.01, 0.01, 0.01], [0.01, 0.41, 0.01], [0.9, 0.01, 0.01]]
    (choice,) = choose(pool, 1)
    assert (choice.article, choice.topic, choice.reason) == ("article 1", "rare", "doubtful")


def test_rare_topics_take_turns_at_their_best() -> None:
    pool = candidates()
    rare = [choice for choice in choose(pool, 40) if choice.reason == "rare"]
    assert len(rare) == 10
    # one that another part took already costs its topic a turn
    assert min(Counter(choice.topic for choice in rare).values()) >= 4
    assert {choice.topic for choice in rare} == {"rare", "rarest"}


def test_the_random_part_does_not_look_at_the_scores() -> None:
    first, second = (choose(candidates(seed=seed), 100, seed="week 1") for seed in (0, 1))
    drawn = [
        {choice.article for choice in choices if choice.reason == "random"}
        for choices in (first, second)
    ]
    assert drawn[0] == drawn[1]
    other = choose(candidates(), 100, seed="week 2")
    assert {c.article for c in other if c.reason == "random"} != drawn[0]


@given(st.permutations(range(30)), st.integers(0, 40))
def test_the_order_of_the_articles_does_not_matter(order: list[int], count: int) -> None:
    pool = candidates(30)
    shuffled = Candidates(
        [pool.articles[n] for n in order],
        pool.topics,
        pool.probabilities[order],
        pool.thresholds,
        pool.support,
    )
    chosen = choose(shuffled, count)
    assert chosen == choose(pool, count)
    assert len(chosen) == min(count, 30)


@pytest.mark.parametrize("count", [-1, 0])
def test_nothing_asked_nothing_chosen(count: int) -> None:
    assert choose(candidates(), count) == []


def test_no_articles_or_no_topics_are_no_error() -> None:
    assert choose(candidates(0), 5) == []
    assert choose(Candidates(["a"], (), np.zeros((1, 0)), (), ()), 5) == []
