"""A template that runs wild is refused in words, so that the packaged one can stand in."""

import pytest

from pipeline.errors import ConfigError
from pipeline.steps.digest import templates

NAME = "mail.html"


@pytest.mark.parametrize(
    "text",
    [
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% include 'mail.html' %}",
        "{% for i in range(99999999) %}x{% endfor %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ 1 / 0 }}",
    ],
)
def test_a_template_that_runs_wild_is_refused_in_words(text: str) -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        templates.render(NAME, {NAME: text}, {})
