"""Rendering templates: packaged ones or the user's, sandboxed, escaped, strict.

A template sees a view (`pipeline.steps.digest.view`) and nothing else: the sandbox keeps it
from Python's attributes, and it has no loader that could read a file.
"""

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.errors import ConfigError
from pipeline.steps.digest.harmless import link

NAMES = ("digest.html", "mail.html", "page.html", "issue.html", "digest.md")
# CommonMark's escapable characters that begin markup inside a line, and those of an HTML tag
MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")


LONGEST = 1_000_000  # characters or elements that one multiplication may make
WIDEST = 10_000  # bits of a number; {{ 9 ** 9 ** 9 }} would count for years


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which reads no insides of Python, and which multiplies with measure.

    What is left of wild programs (endless loops, words doubled again and again) is for a
    worker process to end: `pipeline.app.delivery` renders a user's templates in one.
    """

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        check_size(operator, left, right)
        return super().call_binop(context, operator, left, right)


def check_size(operator: str, left: Any, right: Any) -> None:
    """Raise SecurityError where a product would be larger than any page."""
    for one, times in ((left, right), (right, left)):
        if isinstance(times, int) and hasattr(one, "__len__") and len(one) * times > LONGEST:
            raise SecurityError(f"it repeats something {times} times: too long for a page")
    if isinstance(left, int) and isinstance(right, int):
        bits = left.bit_length() * right if operator == "**" else left.bit_length()
        if bits + right.bit_length() > WIDEST:
            raise SecurityError("it makes a number too large for a page")


def render(name: str, templates: Mapping[str, str], view: Mapping[str, Any]) -> str:
    """Return the template of this name filled with a view.

    Raises:
        ConfigError: the template is broken; names it, its line, and what is wrong.
    """
    try:
        return environment(templates).get_template(name).render(digest=view)
    except TemplateSyntaxError as error:
        raise broken(error.name or name, f"line {error.lineno}: {error.message}") from error
    # a template can do anything a small program can: divide by zero, call itself
    except (
        TemplateError,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        RecursionError,
        MemoryError,
    ) as error:
        raise broken(name, str(error) or "it needs more memory than it may have") from error


def broken(name: str, why: str) -> ConfigError:
    return ConfigError(
        f"the template {name} cannot be used",
        why=why,
        fix=f"mend templates/{name} in the home, or delete it to use the packaged one",
    )


def environment(templates: Mapping[str, str]) -> Sandbox:
    made = Sandbox(
        loader=DictLoader(dict(templates)),
        autoescape=lambda name: name is None or not name.endswith(".md"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["md"] = markdown
    made.filters["md_link"] = markdown_link
    return made


def markdown(text: str) -> str:
    """Return the text so that Markdown shows it as it is."""
    escaped = MARKUP.sub(r"\\\1", text)
    # at the start of a line these would open a list, a heading or a quotation
    return re.sub(r"^(\d+)([.)])|^([-=])", escape_start, escaped)


def escape_start(match: "re.Match[str]") -> str:
    return f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}"


def markdown_link(text: str, url: str) -> str:
    """Return a Markdown link, or the text alone where the address is none."""
    safe = link(url).replace("(", "%28").replace(")", "%29")
    return f"[{markdown(text)}]({safe})" if safe else markdown(text)
