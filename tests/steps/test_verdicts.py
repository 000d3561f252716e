"""Which verdicts stand, which train, and how far reviewers agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.models.labels import Label, LabelRule
from pipeline.steps.verdicts import agreement, disputed, doubt, kappa, settle


def said(*words: str) -> list[Label]:
    """`ann yes` → a label by ann on article 1, hbm."""
    return [
        Label(1, "hbm", verdict, reviewer=who)  # type: ignore[arg-type] # a table of words
        for who, verdict in (word.split() for word in words)
    ]


@pytest.mark.parametrize(
    ("labels", "newest", "majority", "agreed"),
    [
        pytest.param(["ann yes"], True, True, True, id="one says yes"),
        pytest.param(["ann yes", "ann no"], False, False, False, id="a changed mind"),
        pytest.param(["ann yes", "ann undo"], None, None, None, id="undone"),
        pytest.param(["ann skip"], None, None, None, id="a skip trains nothing"),
        pytest.param(["ann yes", "bob no"], False, None, None, id="two differ"),
        pytest.param(["ann no", "bob yes", "cem yes"], True, True, None, id="two against one"),
        pytest.param(["bob no", "ann yes", "bob no"], False, None, None, id="said again, later"),
        pytest.param(["ann yes", "bob skip"], True, True, True, id="a skip disputes nothing"),
    ],
)
def test_each_rule_settles_a_cell(
    labels: list[str], newest: bool | None, majority: bool | None, agreed: bool | None
) -> None:
    rules: dict[LabelRule, bool | None] = {
        "newest": newest, "majority": majority, "agreed": agreed,
    }  # fmt: skip
    for rule, expected in rules.items():
        assert settle(said(*labels), rule).get((1, "hbm")) is expected, rule


def test_a_cell_is_disputed_while_standing_verdicts_differ() -> None:
    assert disputed(said("ann yes", "bob no")) == {(1, "hbm")}
    assert disputed(said("ann yes", "bob no", "bob undo")) == set()
    assert disputed(said("ann yes", "bob skip")) == set()


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        # 20 and 15 of 50 alike: the worked example of Cohen's kappa, 0.40
        ([(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15,
         0.4),
        ([(True, True), (False, False)], 1.0),
        ([(True, False), (False, True)], -1.0),
        ([(True, True)], None),
        ([], None),
    ],
)  # fmt: skip
def test_kappa_is_cohens(pairs: list[tuple[bool, bool]], expected: float | None) -> None:
    found = kappa(pairs)
    assert found == (None if expected is None else pytest.approx(expected))


@given(st.lists(st.tuples(st.booleans(), st.booleans())))
def test_kappa_lies_between_minus_one_and_one(pairs: list[tuple[bool, bool]]) -> None:
    found = kappa(pairs)
    assert found is None or -1.0000001 <= found <= 1.0000001


def test_agreement_counts_the_cells_both_judged() -> None:
    (pair,) = agreement(said("ann yes", "bob no"))
    assert (pair.first, pair.second, pair.cells, pair.agreed) == ("ann", "bob", 1, 0)


@pytest.mark.parametrize(
    ("probability", "threshold", "expected"),
    [(0.5, 0.5, 1), (1, 0.5, 0), (0, 0.5, 0), (0.7, 0.7, 1), (0, 0.7, 0), (0.35, 0.7, 0.5)],
)
def test_doubt_is_one_at_the_threshold(
    probability: float, threshold: float, expected: float
) -> None:
    assert doubt(probability, threshold) == pytest.approx(expected)
