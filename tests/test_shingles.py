"""The metric of the extraction benchmark, on cases small enough to count by hand."""

import pytest

from benchmarks.shingles import score


@pytest.mark.parametrize(
    ("truth", "found", "precision", "recall"),
    [
        pytest.param("a b c d e", "a b c d e", 1.0, 1.0, id="the same"),
        pytest.param("a b c d e", "a b c d", 1.0, 0.5, id="a word short"),
        pytest.param("a b c d", "a b c d e", 0.5, 1.0, id="a word long"),
        pytest.param("a b c d", "", 0.0, 0.0, id="nothing found"),
        pytest.param("", "", 1.0, 1.0, id="nothing to find"),
        pytest.param("a, b. c! d", "A b c d", 0.0, 0.0, id="case counts, punctuation does not"),
    ],
)
def test_a_score_counts_shingles(truth: str, found: str, precision: float, recall: float) -> None:
    got = score([(truth, found)])
    assert (got.precision, got.recall) == (precision, recall)


def test_long_pages_weigh_no_more_than_short_ones() -> None:
    long = " ".join(map(str, range(1000)))
    assert score([(long, long), ("a b c d", "x y z w")]).precision == 0.5
