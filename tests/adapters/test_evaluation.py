"""Labelled texts for `evaluate`: what is read, what is refused with its line."""

import pytest

from pipeline.adapters.evaluation import Labelled, read_labelled
from pipeline.errors import ConfigError


def test_a_line_says_what_a_text_is_about() -> None:
    lines = [
        b'{"id": 1, "title": "T", "text": "x", "labels": ["hbm"], "optional": ["foundry"],'
        b' "lang": "zh", "hard_negative": true}\n',
        b"\n",
        b'{"text": null, "labels": []}\n',
    ]
    assert read_labelled(lines, name="f") == [
        Labelled("T", "x", ("hbm",), ("foundry",), "zh", True),
        Labelled("", "", ()),
    ]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        pytest.param([b'{"labels": []}\n', b"nonsense\n"], "line 2 is no JSON", id="no JSON"),
        pytest.param([b'{"text": "x"}\n'], "line 1 has no list of labels", id="no labels"),
        pytest.param([b'{"labels": "hbm"}\n'], "no list of labels", id="labels as text"),
        pytest.param([b"[1]\n"], "no list of labels", id="no object"),
        pytest.param([b"\n"], "holds no labelled text", id="an empty file"),
    ],
)
def test_nonsense_is_refused_with_its_line(lines: list[bytes], words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        read_labelled(lines, name="f")
    assert caught.value.fix
