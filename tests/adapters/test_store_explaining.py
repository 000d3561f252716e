"""An article is found by whatever a person calls it, or is not there."""

from pathlib import Path

import pytest

from pipeline.adapters.store import Store, explaining


@pytest.mark.parametrize(
    "wanted", ["1", "9" * 24, "9" * 5000, "http://[", "\0"], ids=lambda w: w[:9]
)
def test_what_no_article_is_called_finds_none(tmp_path: Path, wanted: str) -> None:
    with Store(tmp_path / "chipwire.db") as store:
        assert explaining.find(store, wanted) is None
