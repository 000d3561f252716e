"""What `classify` is given as JSON lines is read, or refused with its line."""

import pytest

from pipeline.cli.classify import parse_line
from pipeline.errors import ConfigError


@pytest.mark.parametrize(
    "line",
    [b"[]", b"5", b"null", b'{"text": ' + b"[" * 100_000],
    ids=lambda line: line[:12].decode(),
)
def test_a_line_that_is_no_object_is_refused_with_its_number(line: bytes) -> None:
    with pytest.raises(ConfigError, match="f: line 7 is no JSON"):
        parse_line(line, 7, "f")
