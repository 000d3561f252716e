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
        '{{ "x" * 10**9 }}',
        "{{ 10**9 * 'x' }}",
        "{{ [1, 2] * 500001 }}",
        "{% set long = 'x' * 1000 %}{{ long * 1001 }}",
        "{{ 9 ** (9 ** 9) }}",
        "{{ (10 ** 1500) * (10 ** 1800) }}",
    ],
)
def test_a_template_that_runs_wild_is_refused_in_words(text: str) -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        templates.render(NAME, {NAME: text}, {})


@pytest.mark.parametrize(
    ("text", "shown"),
    [("{{ '─' * 40 }}", "─" * 40), ("{{ 6 * 7 }}", "42"), ("{{ 2 ** 10 }}", "1024")],
)
def test_a_template_may_multiply_with_measure(text: str, shown: str) -> None:
    assert templates.render(NAME, {NAME: text}, {}) == shown
