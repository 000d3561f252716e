"""Average linkage: likeness on average joins, chains do not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.linkage import Pair, link, pairs_of

CASES: list[tuple[str, int, dict[Pair, float], list[list[int]]]] = [
    ("nothing", 0, {}, []),
    ("nobody alike", 3, {}, [[0], [1], [2]]),
    ("two alike", 3, {(0, 2): 1.0}, [[0, 2], [1]]),
    ("too little alike", 2, {(0, 1): 0.99}, [[0], [1]]),
    ("all alike", 3, {(0, 1): 1.0, (0, 2): 1.0, (1, 2): 1.0}, [[0, 1, 2]]),
    ("the best pair first", 3, {(0, 1): 1.1, (1, 2): 1.5}, [[0], [1, 2]]),
    ("one weak pair of three is carried", 3, {(0, 1): 1.8, (0, 2): 1.5, (1, 2): 0.6}, [[0, 1, 2]]),
]


@pytest.mark.parametrize(
    ("count", "scores", "groups"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_groups(count: int, scores: dict[Pair, float], groups: list[list[int]]) -> None:
    assert link(count, scores, threshold=1.0) == groups


def test_a_chain_of_a_hundred_does_not_become_one_group() -> None:
    chain = dict.fromkeys(pairwise(range(100)), 1.2)
    assert max(map(len, link(100, chain, threshold=1.0))) == 2


@given(st.integers(0, 12).flatmap(lambda count: st.tuples(
    st.just(count),
    st.dictionaries(st.sampled_from(pairs_of(range(count)) or [(0, 1)]), st.floats(0, 2))
    if count > 1 else st.just({}),
)))  # fmt: skip
def test_every_member_is_in_one_group_alike_on_average(case: tuple[int, dict[Pair, float]]) -> None:
    count, scores = case
    groups = link(count, scores, threshold=1.0)
    assert sorted(member for members in groups for member in members) == list(range(count))
    for members in groups:
        inner = [scores.get(pair, 0.0) for pair in pairs_of(members)]
        assert not inner or max(inner) >= 1.0
