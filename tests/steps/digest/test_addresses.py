"""One mail address or a reason in words, the same on every Python."""

import pytest

from pipeline.errors import ConfigError
from pipeline.steps.digest.addresses import FORM, address


@pytest.mark.parametrize(
    ("text", "name", "spec"),
    [
        ("ann@reader.example", "", "ann@reader.example"),
        ("Ann <ann@reader.example>", "Ann", "ann@reader.example"),
        ('"Smith, Ann" <ann@reader.example>', "Smith, Ann", "ann@reader.example"),
    ],
)
def test_an_address_is_read_with_its_name(text: str, name: str, spec: str) -> None:
    found = address(text)
    assert (found.display_name, found.addr_spec) == (name, spec)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", FORM),
        ("a@", FORM),
        ("ann@reader.example, bob@reader.example", FORM),
        ("ann@reader.example; bob@reader.example", FORM),
        ("ann@reader.example\nBcc: eve@reader.example", FORM),
        ("ann", "domain"),
        ("a b@c", ""),
        ("@c", ""),
    ],
)
def test_what_is_no_address_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(ConfigError) as caught:
        address(text)
    assert why in caught.value.why
    assert "index" not in caught.value.why
