"""docs/configuration.md: every key, from the schema and the comments of the packaged file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.settings import Settings
from pipeline.settings.origin import to_toml

PACKAGED = Path(__file__).resolve().parents[2] / "config" / "chipwire.toml"


def written() -> str:
    """Return what the page holds below its introduction."""
    said = meanings(PACKAGED.read_text(encoding="utf-8"))
    schema = Settings.model_json_schema()
    sections = (section(name, field, schema, said) for name, field in schema["properties"].items())
    return "\n".join([*sections])


def section(name: str, field: dict[str, Any], schema: dict[str, Any], said: dict[str, str]) -> str:
    many = field.get("type") == "array"
    model = schema["$defs"][(field["items"] if many else field)["$ref"].rpartition("/")[2]]
    rows = [
        f"| `{key}` | {kind(one)} | {shown(one)} | {said.get(f'{name}.{key}', '')} |"
        for key, one in model["properties"].items()
    ]
    heading = f"[[{name}]]" if many else f"[{name}]"
    return "\n".join(
        [f"## `{heading}`\n", "| key | kind | default | means |", "|---|---|---|---|", *rows, ""]
    )


def shown(field: dict[str, Any]) -> str:
    return f"`{to_toml(field['default'])}`" if "default" in field else ""


def kind(field: dict[str, Any]) -> str:
    """Return what a value may be, in words."""
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    names = {
        "string": "text", "number": "number", "integer": "whole number", "boolean": "true or false",
        "object": "table",
    }  # fmt: skip
    if field.get("type") == "array":
        return f"list of {kind(field['items'])}" if "items" in field else "list"
    return names.get(field.get("type", ""), "value") + limits(field)


def limits(field: dict[str, Any]) -> str:
    words = {
        "minimum": "from {}", "exclusiveMinimum": "above {}", "maximum": "to {}",
        "exclusiveMaximum": "below {}",
    }  # fmt: skip
    said = [word.format(f"{field[key]:g}") for key, word in words.items() if key in field]
    return f" {' '.join(said)}" if said else ""


def meanings(text: str) -> dict[str, str]:
    """Return the comment of every key of a chipwire.toml by section.key, shown or commented out."""
    return {f"{section}.{key}": comment.strip() for section, key, comment in keys(text)}


def keys(text: str) -> Iterator[tuple[str, str, str]]:
    section = ""
    for line in text.splitlines():
        bare = line.removeprefix("# ")
        if found := re.match(r"\[+(\w+)\]+", bare):
            section = found[1]
        elif found := re.match(r"(\w+) = ([^#]|\"[^\"]*\")*(?:#(.*))?$", bare):
            yield section, found[1], found[3] or ""
