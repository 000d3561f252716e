"""Wishes nobody can meet are named, with what was probably meant."""

import pytest

from pipeline.models.policies import AlertPolicy, DigestPolicy
from pipeline.steps.digest.wishes import unknown


@pytest.mark.parametrize(
    ("reader", "fault"),
    [
        pytest.param(DigestPolicy(topics=("hbm", "foundry")), "", id="topics there are"),
        pytest.param(DigestPolicy(companies=("tsmc",)), "", id="a company in small letters"),
        pytest.param(
            DigestPolicy(topics=("foundy",)),
            "topics: no topic 'foundy'; did you mean 'foundry'?",
            id="a topic misspelt",
        ),
        pytest.param(
            AlertPolicy(name="fabs", companies=("TSMCC",)),
            "companies: no company 'TSMCC'; did you mean 'TSMC'?",
            id="a company misspelt",
        ),
        pytest.param(AlertPolicy(topics=("weather",)), "topics: no topic 'weather'", id="far off"),
    ],
)
def test_a_wish_in_vain_is_named(reader: DigestPolicy | AlertPolicy, fault: str) -> None:
    found = unknown([reader], topics=("hbm", "foundry"), companies=("TSMC", "SK Hynix"))
    assert [f"{vain.key}: {vain.said}" for vain in found] == ([fault] if fault else [])
    assert {vain.reader for vain in found} <= {reader}
