"""Rendering templates: packaged ones or the user's, sandboxed, escaped, strict.

A template sees a view (`pipeline.steps.digest.view`) and nothing else: the sandbox keeps it
from Python's attributes, and it has no loader that could read a file.
"""

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.errors import ConfigError
from pipeline.steps.digest.harmless import link

NAMES = ("digest.html", "mail.html", "page.html", "issue.html", "digest.md")
# CommonMark's escapable characters that begin markup inside a line, and those of an HTML tag
MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")


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
        raise broken(name, str(error)) from error


def broken(name: str, why: str) -> ConfigError:
    return ConfigError(
        f"the template {name} cannot be used",
        why=why,
        fix=f"mend templates/{name} in the home, or delete it to use the packaged one",
    )


def environment(templates: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
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
